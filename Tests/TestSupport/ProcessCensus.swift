internal import Glibc

/// Counts what this process holds, from `/proc/self` (proc(5)).
///
/// Other tests run at the same time, so count by name: give threads and shared
/// buffers names that only one test uses.
package enum ProcessCensus {
    /// Whether these tests were built with ThreadSanitizer or AddressSanitizer.
    package static let isSanitized = ["__tsan_init", "__asan_init"].contains { (name: String) in dlsym(nil, name) != nil }

    /// The ids of the threads whose name starts with `prefix` (the system keeps 15 bytes of a name).
    package static func threads(named prefix: String) -> [Int32] {
        entries(of: "/proc/self/task").compactMap(Int32.init).filter { threadName($0).hasPrefix(prefix) }
    }

    package static func threadName(_ id: Int32) -> String {
        contents(of: "/proc/self/task/\(id)/comm").split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The nice value of a thread: the 19th field of its `stat`, counted behind the name.
    package static func nice(ofThread id: Int32) -> Int? {
        let fields = contents(of: "/proc/self/task/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 16 ? Int(fields[16]) : nil
    }

    /// The parent of a process: the fourth field of its `stat`.
    package static func parent(of process: Int32) -> Int32? {
        let fields = contents(of: "/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 ? Int32(fields[1]) : nil
    }

    /// The processes whose parent is `process`.
    package static func children(of process: Int32) -> [Int32] {
        entries(of: "/proc").compactMap(Int32.init).filter { parent(of: $0) == process }
    }

    /// Descriptors of the anonymous memory file `name`.
    package static func descriptors(ofMemoryFile name: String) -> [Int32] {
        entries(of: "/proc/self/fd").compactMap(Int32.init).filter {
            link("/proc/self/fd/\($0)").hasPrefix("/memfd:\(name) ")
        }
    }

    /// Mappings of the anonymous memory file `name`.
    package static func mappings(ofMemoryFile name: String) -> Int {
        contents(of: "/proc/self/maps").split(separator: "\n").count { $0.contains("/memfd:\(name) ") }
    }

    /// How many threads of all programs run or want to at this moment: the fourth field of /proc/loadavg.
    package static var runningThreadsOfSystem: Int {
        let fields = contents(of: "/proc/loadavg").split(separator: " ")
        return fields.count > 3 ? fields[3].split(separator: "/").first.flatMap { Int($0) } ?? .max : .max
    }

    package static var descriptorCount: Int { entries(of: "/proc/self/fd").count }
    package static var mappingCount: Int { contents(of: "/proc/self/maps").split(separator: "\n").count }

    /// Gives way until no thread of that name is left; false when some still are after `limit`.
    package static func noThreads(named prefix: String, after limit: Duration = .seconds(20)) async -> Bool {
        await comesTrue(within: limit) { threads(named: prefix).isEmpty }
    }

    /// Gives way until a count of the whole process is below `limit`; false when it still is not after 60 seconds.
    package static func falls(below limit: Int, _ count: () -> Int) async -> Bool {
        await comesTrue(within: .seconds(60)) { count() < limit }
    }

    /// The one thing here that is looked at again and again: the system tells nobody
    /// of the end of a detached thread, or of a process that is not one's child.
    private static func comesTrue(within limit: Duration, _ condition: () -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            guard ContinuousClock.now < deadline else { return false }
            sched_yield()
            await Task.yield()
        }
        return true
    }

    // MARK: Whoever they belong to

    /// The processes that were started with this variable and its value in their environment, or forked from one that was.
    package static func processes(withVariable name: String, _ value: String) -> [Int32] {
        entries(of: "/proc").compactMap(Int32.init).filter { id in
            contents(of: "/proc/\(id)/environ").split(separator: "\0").contains { $0 == "\(name)=\(value)" }
        }
    }

    /// Gives way until there is no such process; false when there still is one after 20 seconds.
    package static func noProcesses(withVariable name: String, _ value: String) async -> Bool {
        await comesTrue(within: .seconds(20)) { processes(withVariable: name, value).isEmpty }
    }

    // MARK: Descendants

    /// How many processes that descend from this one have a thread whose name starts with `prefix`.
    package static func descendants(withThreadsNamed prefix: String) -> Int {
        descendants().count { id in
            entries(of: "/proc/\(id)/task").contains { contents(of: "/proc/\(id)/task/\($0)/comm").hasPrefix(prefix) }
        }
    }

    /// Gives way until there is no such descendant; false when there still is one after 20 seconds.
    package static func noDescendants(withThreadsNamed prefix: String) async -> Bool {
        await comesTrue(within: .seconds(20)) { descendants(withThreadsNamed: prefix) == 0 }
    }

    private static func descendants() -> [Int32] {
        let pairs = entries(of: "/proc").compactMap(Int32.init).compactMap { id in parent(of: id).map { ($0, id) } }
        let children = Dictionary(grouping: pairs, by: \.0).mapValues { $0.map(\.1) }
        var all = children[getpid(), default: []]
        var next = 0
        while next < all.count {
            all += children[all[next], default: []]
            next += 1
        }
        return all
    }

    // MARK: Files of /proc

    private static func entries(of directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func contents(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &chunk, chunk.count), count > 0 { all += chunk[..<count] }
        return String(decoding: all, as: UTF8.self)
    }

    private static func link(_ path: String) -> String {
        var target = [UInt8](repeating: 0, count: 512)
        let length = target.withUnsafeMutableBytes { readlink(path, $0.bindMemory(to: CChar.self).baseAddress!, $0.count) }
        return String(decoding: target.prefix(max(0, length)), as: UTF8.self)
    }
}
