internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// Everything a parked child needs to become a worker, as it stands in the launch file.
///
/// Both sides are the same executable, so the form has no version. Only the owner
/// writes it; the child still checks every length, for a clear end over a wild one.
struct LaunchRecord {
    var program: String
    var configuration: ProcessConfiguration
    var payload: [UInt8]

    /// A memory file with the record.
    func write() throws(WorkerStartError) -> Int32 {
        let bytes = encoded()
        let descriptor = spindle_memfd_create_sealed("spindle-launch", UInt64(bytes.count))
        guard descriptor >= 0 else { throw .unavailable("memory file", errno: -descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + written, bytes.count - written, written) }
            guard count > 0 else {
                let error = errno
                close(descriptor)
                throw .unavailable("memory", errno: error)
            }
            written += count
        }
        return descriptor
    }

    static func read(_ descriptor: Int32) -> LaunchRecord? {
        let length = lseek(descriptor, 0, SEEK_END)
        guard length > 0 else { return nil }
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while done < length, case let got = pread(descriptor, buffer.baseAddress! + done, length - done, done), got > 0 {
                done += got
            }
            count = done
        }
        return done == length ? LaunchRecord(bytes) : nil
    }
}

extension LaunchRecord {
    func encoded() -> [UInt8] {
        var writer = FieldWriter(reserving: payload.count + 512)
        writer.append(program)
        writer.append(configuration.name)
        switch configuration.environment {
        case .inherit: writer.append(0)
        case .merging(let changes):
            writer.append(1)
            writer.append(UInt64(changes.count))
            for (name, value) in changes {
                writer.append(name)
                writer.append(value)
            }
        case .replacing(let all):
            writer.append(2)
            writer.append(UInt64(all.count))
            for (name, value) in all {
                writer.append(name)
                writer.append(value)
            }
        }
        writer.append(configuration.workingDirectory)
        writer.append(optional: configuration.user.map(UInt64.init))
        writer.append(optional: configuration.group.map(UInt64.init))
        let limits = configuration.limits
        for limit in [limits.addressSpace, limits.cpuSeconds, limits.openFiles, limits.processes, limits.fileSize] {
            writer.append(optional: limit)
        }
        writer.append(optional: limits.nice.map { UInt64(bitPattern: Int64($0)) })
        writer.append(optional: limits.cpuAffinity.map { UInt64($0.count) })
        for processor in limits.cpuAffinity ?? [] { writer.append(UInt64(processor)) }
        let hardening = configuration.hardening
        for flag in [limits.coreFiles, hardening.noNewPrivileges, hardening.noNetwork] { writer.append(flag ? 1 : 0) }
        writer.append(optional: hardening.writablePaths.map { UInt64($0.count) })
        for path in hardening.writablePaths ?? [] { writer.append(path) }
        writer.append(payload)
        return writer.bytes
    }

    init?(_ bytes: [UInt8]) {
        var reader = FieldReader(bytes)
        do throws(FieldReader.Short) {
            program = try reader.string()
            configuration = ProcessConfiguration(name: try reader.optionalString())
            switch try reader.number() {
            case 0: configuration.environment = .inherit
            case 1:
                var changes: [String: String?] = [:]
                for _ in 0..<(try reader.number()) {
                    let name = try reader.string()
                    changes.updateValue(try reader.optionalString(), forKey: name)
                }
                configuration.environment = .merging(changes)
            default:
                var all: [String: String] = [:]
                for _ in 0..<(try reader.number()) {
                    let name = try reader.string()
                    all[name] = try reader.string()
                }
                configuration.environment = .replacing(all)
            }
            configuration.workingDirectory = try reader.optionalString()
            configuration.user = try reader.optional().map { UInt32(truncatingIfNeeded: $0) }
            configuration.group = try reader.optional().map { UInt32(truncatingIfNeeded: $0) }
            configuration.limits.addressSpace = try reader.optional()
            configuration.limits.cpuSeconds = try reader.optional()
            configuration.limits.openFiles = try reader.optional()
            configuration.limits.processes = try reader.optional()
            configuration.limits.fileSize = try reader.optional()
            configuration.limits.nice = try reader.optional().map { Int(truncatingIfNeeded: Int64(bitPattern: $0)) }
            if let count = try reader.optional() {
                var processors: [Int] = []
                for _ in 0..<count { processors.append(Int(truncatingIfNeeded: try reader.number())) }
                configuration.limits.cpuAffinity = processors
            }
            configuration.limits.coreFiles = try reader.number() != 0
            configuration.hardening.noNewPrivileges = try reader.number() != 0
            configuration.hardening.noNetwork = try reader.number() != 0
            if let count = try reader.optional() {
                var paths: [String] = []
                for _ in 0..<count { paths.append(try reader.string()) }
                configuration.hardening.writablePaths = paths
            }
            payload = try reader.bytes()
        } catch {
            return nil
        }
    }
}

/// Fields one after the other: a number as 8 bytes, bytes with their count before them, an optional with a flag.
private struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func append(_ number: UInt64) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
    mutating func append(_ field: [UInt8]) {
        append(UInt64(field.count))
        bytes.append(contentsOf: field)
    }
    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
    mutating func append(_ text: String?) {
        append(text == nil ? 0 : 1)
        if let text { append(text) }
    }
    mutating func append(optional number: UInt64?) {
        append(number == nil ? 0 : 1)
        if let number { append(number) }
    }
}

private struct FieldReader {
    struct Short: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func number() throws(Short) -> UInt64 {
        guard rest.count >= 8 else { throw Short() }
        defer { rest = rest.dropFirst(8) }
        return rest.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }
    mutating func bytes() throws(Short) -> [UInt8] {
        let count = try number()
        guard count <= rest.count else { throw Short() }
        defer { rest = rest.dropFirst(Int(count)) }
        return Array(rest.prefix(Int(count)))
    }
    mutating func string() throws(Short) -> String { String(decoding: try bytes(), as: UTF8.self) }
    mutating func optionalString() throws(Short) -> String? { try number() == 0 ? nil : try string() }
    mutating func optional() throws(Short) -> UInt64? { try number() == 0 ? nil : try number() }
}
