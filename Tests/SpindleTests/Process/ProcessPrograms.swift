internal import Foundation
internal import Glibc
internal import Spindle
internal import SpindleMemory
internal import Synchronization

/// A worker process that does what its first payload word says.
enum Errand: ProcessMain {
    static func main(_ start: ProcessStart) -> Never {
        let words = String(decoding: start.payload, as: UTF8.self).split(separator: " ").map(String.init)
        let argument = words.count > 1 ? words[1] : ""
        switch words.first {
        case "echo":
            while let packet = start.control.receive() { start.control.send(packet) }
            exit(0)
        case "exit": exit(Int32(argument) ?? 0)
        case "leave":
            // With a packet unread, by which the system says that the connection was reset.
            var look = pollfd(fd: start.control.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&look, 1, -1)
            for number in 0..<(UInt8(argument) ?? 0) { start.control.send([number]) }
            _exit(0)
        case "trap": fatalError("a fatal error of \(argument)")
        case "abort": abort()
        case "overflow": exit(Int32(truncatingIfNeeded: deeper(1)))
        case "wait": waitForEver(start)
        case "spin": while true { sched_yield() }
        case "begin":
            start.control.tellBegun()
            while let packet = start.control.receive() { start.control.send(packet) }
            exit(0)
        case "contend":
            // Ends one that hangs.
            alarm(20)
            exit(Contended.isValueFoundByBoth ? 0 : 1)
        case "print":
            put(1, "first\nsecond\n" + String(repeating: "x", count: 30) + "\nlast")
            put(2, (1...40).map { "line \($0)" }.joined(separator: "\n"))
            exit(0)
        case "flood":
            start.control.send([1])
            while true { put(2, String(repeating: "flood ", count: 1000)) }
        case "read":
            var byte: UInt8 = 0
            exit(read(0, &byte, 1) == 0 ? 0 : 1)
        case "environment":
            start.control.send(Array(text(getenv(argument)).utf8))
            exit(0)
        case "directory":
            start.control.send(Array(text(getcwd(nil, 0)).utf8))
            exit(0)
        case "descriptors":
            for descriptor in start.descriptors {
                var bytes = [UInt8](repeating: 0, count: 64)
                let count = read(descriptor, &bytes, bytes.count)
                start.control.send(Array(bytes.prefix(count)))
            }
            exit(0)
        default: runLimit(words, start)
        }
    }

    private static func runLimit(_ words: [String], _ start: ProcessStart) -> Never {
        let argument = words.count > 1 ? words[1] : ""
        switch words.first {
        case "open":
            var opened = 0
            while open("/dev/null", O_RDONLY) >= 0 { opened += 1 }
            start.control.send([UInt8(opened)])
            exit(0)
        case "allocate":
            // Touched page by page, so that it counts.
            while true {
                guard let block = malloc(1 << 20) else { exit(12) }
                memset(block, 1, 1 << 20)
            }
        case "write":
            let descriptor = open(argument, O_WRONLY | O_CREAT, 0o600)
            guard descriptor >= 0 else { exit(errno) }
            let block = [UInt8](repeating: 1, count: 4096)
            for _ in 0..<100 where write(descriptor, block, block.count) < 0 { exit(errno) }
            exit(0)
        case "fork":
            exit(posixSpawn("/bin/true") < 0 ? 11 : 0)
        case "socket": exit(socket(Int32(argument) ?? 0, Int32(SOCK_STREAM.rawValue), 0) < 0 ? errno : 0)
        case "figures":
            let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let processors = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }?.split(separator: "\t")
                .last
            let figures = ["\(getpriority(Int32(PRIO_PROCESS.rawValue), 0))", processors ?? "", "\(getuid())", "\(getgid())"]
            start.control.send(Array(figures.joined(separator: " ").utf8))
            exit(0)
        case "family":
            start.control.send(
                Array("\(posixSpawn("/bin/sleep", "1000")) \(posixSpawn("/usr/bin/setsid", "/bin/sleep", "1000"))".utf8))
            waitForEver(start)
        case "task":
            let control = start.control
            Task {
                async let one = Int(argument) ?? 0
                await Task.yield()
                control.send([UInt8(await one)])
                exit(0)
            }
            waitForEver(start)
        default: exit(64)
        }
    }

    private static func waitForEver(_ start: ProcessStart) -> Never {
        while true { pause() }
    }

    @inline(never)
    private static func deeper(_ depth: Int) -> Int { depth == .max ? 0 : deeper(depth + 1) &+ depth }

    private static func put(_ descriptor: Int32, _ text: String) {
        var text = text
        text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "none" }
}

/// A value that two threads want at the same time, for the first time.
private enum Contended {
    private static let isBeingMade = Atomic(false)
    private static let isFound = Atomic(false)

    private static let value: Int = {
        isBeingMade.store(true, ordering: .releasing)
        // For as long as another thread needs to get to where it waits for this; nobody tells when it is there.
        let deadline = AskTime.now + 50_000_000
        while AskTime.now < deadline { sched_yield() }
        return 7
    }()

    static var isValueFoundByBoth: Bool {
        let failed = DetachedThread.start(stackSize: 0) {
            while !isBeingMade.load(ordering: .acquiring) { sched_yield() }
            isFound.store(value == 7, ordering: .releasing)
        }
        guard failed == nil, value == 7 else { return false }
        while !isFound.load(ordering: .acquiring) { sched_yield() }
        return true
    }
}

/// Starts a program and leaves it to itself; its process id, or -1.
func posixSpawn(_ path: String, _ arguments: String...) -> Int32 {
    var pid: Int32 = -1
    let all = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in all { free(pointer) } }
    return posix_spawn(&pid, path, nil, nil, all, environ) == 0 ? pid : -1
}

/// What a worker process sent, to wait for.
final class Packets: Sendable {
    let stream: AsyncStream<[UInt8]>
    private let continuation: AsyncStream<[UInt8]>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(of: [UInt8].self) }

    var handler: @Sendable ([UInt8]) -> Void { { [continuation] in _ = continuation.yield($0) } }

    func next() async -> [UInt8]? {
        for await packet in stream { return packet }
        return nil
    }

    func nextText() async -> String { String(decoding: await next() ?? [], as: UTF8.self) }
}

extension WorkerProcess {
    static func errand(
        _ words: String, _ configuration: ProcessConfiguration = ProcessConfiguration(standardError: .discard),
        descriptors: [Int32] = [], startTimeout: Duration? = nil, packets: Packets? = nil
    ) async throws -> WorkerProcess {
        let handler: @Sendable ([UInt8]) -> Void = if let packets { packets.handler } else { { _ in } }
        return try await launch(
            configuration, main: Errand.self, payload: Array(words.utf8), descriptors: descriptors,
            startTimeout: startTimeout, onControl: handler)
    }

    /// How an errand ends that is told nothing more.
    static func end(
        of words: String, _ configuration: ProcessConfiguration = ProcessConfiguration(standardError: .discard)
    ) async throws -> ProcessEnd {
        try await errand(words, configuration).end.value()
    }
}
