internal import CSpindle
internal import Glibc
internal import Logging
internal import Spindle
internal import TestSupport

/// What a program can do to its owner that has found the descriptors its process talks by.
enum Hostility: String, Codable, CaseIterable, Sendable {
    /// Random bytes all over the rings, positions included.
    case scribble
    /// Frames of random kinds, lengths and contents at the right place.
    case randomFrames
    /// Frames that claim to come with descriptors, which do not come, or others do.
    case falseAttachments
    /// Positions that take back or claim too much.
    case wrongPositions
    /// Random packets on both sockets.
    case randomPackets
    /// Packets of no length, and too long ones.
    case oddPackets
    /// Packets with more descriptors than anybody asked for.
    case unexpectedDescriptors
    /// Closes everything, by which it lets go of its link.
    case silence

    /// Does it until the process is killed.
    func act(seed: UInt64) -> Never {
        var random = SeededRandom(seed: seed)
        let way = StolenWay()
        while true {
            switch self {
            case .scribble: way.scribble(&random)
            case .randomFrames: way.putFrame(attachments: 0, &random)
            case .falseAttachments:
                if random.chance(50) { way.sendDescriptors(1 + random.below(3)) }
                way.putFrame(attachments: 1 + random.below(250), &random)
            case .wrongPositions: way.movePositions(&random)
            case .randomPackets: way.sendPacket(random.below(2000), &random)
            case .oddPackets: way.sendPacket(random.chance(50) ? 0 : 61 << 10, &random)
            case .unexpectedDescriptors:
                way.sendDescriptors(1 + random.below(200))
                way.sendPacket(random.below(100), &random)
            case .silence: for descriptor: Int32 in 3..<64 { close(descriptor) }
            }
            sched_yield()
        }
    }

    /// The ways that show on the rings or the control socket, and for which the owner ends the process.
    static let noticed = allCases.filter { ![.oddPackets, .unexpectedDescriptors].contains($0) }
}

/// A worker process's descriptors, as somebody finds them who was not given them. Layout as in `RingMemory`.
struct StolenWay {
    private let rings: UnsafeMutableRawPointer?
    private let length: Int
    private let sockets: [Int32]

    init() {
        sockets = (3..<64).filter { descriptor in
            var type: Int32 = 0
            var size = socklen_t(4)
            return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET.rawValue
        }
        guard let file = ProcessCensus.descriptors(ofMemoryFile: "spindle-link").first else {
            (rings, length) = (nil, 0)
            return
        }
        length = Int(lseek(file, 0, SEEK_END))
        rings = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    }

    private func word(_ offset: Int) -> UnsafeMutablePointer<UInt32>? {
        (rings.map { $0 + offset })?.assumingMemoryBound(to: UInt32.self)
    }

    /// Everybody who waits for something looks.
    private func wakeAll() {
        for offset in [128, 192, 384, 448] {
            guard let word = word(offset) else { continue }
            word.pointee = 0
            _ = spindle_futex_wake_shared(word, .max)
        }
    }

    func scribble(_ random: inout SeededRandom) {
        guard let rings else { return }
        for _ in 0..<16 {
            let range = random.chance(50) ? 512 : length / 8
            rings.storeBytes(of: random.next(), toByteOffset: random.below(range) * 8 % length, as: UInt64.self)
        }
        wakeAll()
    }

    /// Behind what this process wrote itself, which writes nothing meanwhile.
    func putFrame(attachments: Int, _ random: inout SeededRandom) {
        guard let rings, let tail = word(256), let head = word(320) else { return }
        let capacity = (length - 4096) / 2
        let bytes = random.chance(20) ? Int(random.next() >> 33) : random.below(200)
        let units = random.chance(90) ? 1 + (bytes + 7) / 8 : 1 + random.below(100)
        guard Int(tail.pointee &- head.pointee) + min(units, 200) < capacity / 8 else { return wakeAll() }
        var place = Int(tail.pointee)
        func put(_ unit: UInt64) {
            rings.storeBytes(of: unit, toByteOffset: 4096 + capacity + place * 8 % capacity, as: UInt64.self)
            place += 1
        }
        let kind = UInt64(random.chance(80) ? 1 + random.below(2) : random.below(256))
        put(UInt64(UInt32(truncatingIfNeeded: bytes)) | kind << 32 | UInt64(attachments) << 40)
        for _ in 0..<min(units, 200) - 1 { put(random.chance(50) ? UInt64(random.below(8)) : random.next()) }
        tail.pointee = tail.pointee &+ UInt32(min(units, 200))
        wakeAll()
    }

    func movePositions(_ random: inout SeededRandom) {
        for offset in [64, 256] where random.chance(50) {
            guard let word = word(offset) else { continue }
            word.pointee = random.chance(50) ? word.pointee &- 1 : UInt32(truncatingIfNeeded: random.next())
        }
        wakeAll()
    }

    func sendPacket(_ length: Int, _ random: inout SeededRandom) {
        var bytes = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        // So that it gets as far as the decoder.
        if random.chance(80), length > 0 { bytes[0] = 0 }
        if random.chance(50), length > 1 { bytes[1] = UInt8(random.below(8)) }
        for socket in sockets { _ = spindle_packet_send(socket, bytes, length, nil, 0, nil, 0, false) }
    }

    func sendDescriptors(_ count: Int) {
        let descriptors = [Int32](repeating: STDERR_FILENO, count: count)
        for socket in sockets { _ = spindle_packet_send(socket, "\0x", 2, nil, 0, descriptors, count, false) }
    }
}

struct Attack: Codable, Sendable {
    let way: Hostility
    let seed: UInt64
}

/// Answers one message, and attacks its owner then.
enum HostileWorker: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = String
    typealias WorkerData = Attack

    static func run(_ parent: WorkerScope<HostileWorker>) async throws {
        var messages = parent.messages.makeAsyncIterator()
        _ = try await messages.next()
        try await parent.send("ready")
        parent.workerData.way.act(seed: parent.workerData.seed)
    }
}

enum HostileTask: WorkerTask {
    static func run(_ attack: Attack, _ context: TaskContext<Int>) async throws -> String {
        attack.way.act(seed: attack.seed)
    }
}

/// Floods its owner with log records and with lines of standard error, for ever.
enum Flood: WorkerTask {
    static func run(_ gate: PipeGate, _ context: TaskContext<Int>) async throws -> Int {
        let logger = Logger(label: "flood")
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000) + [10]
        gate.arrive()
        while true {
            for number in 0..<100 {
                logger.error("flood \(number)")
                context.report(number)
            }
            write(STDERR_FILENO, line, line.count)
        }
    }
}
