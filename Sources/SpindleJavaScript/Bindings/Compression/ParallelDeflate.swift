internal import CZlib
internal import Spindle
internal import SpindleMemory

/// A deflate stream whose blocks are compressed beside each other, on several processors.
///
/// Each block is a raw stream of its own that knows the 32 KiB before it and ends on a whole byte, so that their bytes follow one
/// another as one stream; the checksums of header formats are put together from the blocks'. A little larger than what zlib makes
/// in one go, and as valid.
final class ParallelDeflate: CompressionStream {
    enum Format { case zlib, gzip, raw }

    private let format: Format
    private var level: Int32
    private var strategy = Z_DEFAULT_STRATEGY
    private let limit: Int
    private var gathered: [UInt8] = []
    /// The last bytes of the block before.
    private var dictionary: [UInt8] = []
    private var jobs: [Job] = []
    /// Bytes that wait for room.
    private var ready: [UInt8] = []
    private var taken = 0
    private var checksum: UInt
    private var count = 0
    private var isBegun = false
    private var isEnding = false

    static let blockSize = 128 << 10
    private static let windowSize = 32 << 10
    private static let crew = BlockingPool(limit: availableProcessorCount())

    init(format: Format, level: Int32) {
        self.format = format
        self.level = level
        limit = availableProcessorCount() + 1
        checksum = format == .zlib ? adler32(0, nil, 0) : 0
    }

    func write(flush: Int32, input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CompressionOutcome {
        if !isBegun { begin() }
        var used = 0
        var written = deliver(into: output, at: 0)
        while used < input.count, taken == ready.count {
            let piece = min(Self.blockSize - gathered.count, input.count - used)
            gathered += input[used..<(used + piece)]
            used += piece
            if gathered.count == Self.blockSize { submit(isLast: false) }
            collect(downTo: limit - 1)
            written = deliver(into: output, at: written)
        }
        if used == input.count, flush != Z_NO_FLUSH, taken == ready.count, !isEnding {
            if flush == Z_FINISH {
                isEnding = true
                submit(isLast: true)
            } else if !gathered.isEmpty {
                submit(isLast: false)
            }
        }
        while flush != Z_NO_FLUSH, used == input.count, taken == ready.count, !jobs.isEmpty {
            collect(downTo: jobs.count - 1)
            if isEnding, jobs.isEmpty { end() }
            written = deliver(into: output, at: written)
        }
        let isDone = isEnding && jobs.isEmpty && taken == ready.count
        return CompressionOutcome(
            status: isDone ? Z_STREAM_END : Z_OK, unusedInput: input.count - used, unusedOutput: output.count - written)
    }

    func reset() -> Bool {
        collect(downTo: 0)
        gathered = []
        dictionary = []
        ready = []
        taken = 0
        checksum = format == .zlib ? adler32(0, nil, 0) : 0
        count = 0
        isBegun = false
        isEnding = false
        return true
    }

    /// What has been gathered is compressed as before.
    func setParameters(level: Int32, strategy: Int32) -> Int32 {
        if !gathered.isEmpty { submit(isLast: false) }
        self.level = level
        self.strategy = strategy
        return Z_OK
    }

    // MARK: Blocks

    private func submit(isLast: Bool) {
        let job = Job(gathered, after: dictionary, level: level, strategy: strategy, isLast: isLast, usesAdler: format == .zlib)
        jobs.append(job)
        dictionary = Array((dictionary + gathered).suffix(Self.windowSize))
        gathered = []
        gathered.reserveCapacity(Self.blockSize)
        Self.crew.run { job.run() }
    }

    /// Waits for the oldest until no more than `rest` are under way.
    private func collect(downTo rest: Int) {
        while jobs.count > rest {
            let result = jobs.removeFirst().result()
            if taken == ready.count {
                ready = result.bytes
                taken = 0
            } else {
                ready += result.bytes
            }
            count += result.inputCount
            checksum =
                format == .zlib
                ? adler32_combine(checksum, result.checksum, result.inputCount)
                : crc32_combine(checksum, result.checksum, result.inputCount)
        }
    }

    private func deliver(into output: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        let piece = min(ready.count - taken, output.count - start)
        guard piece > 0 else { return start }
        ready.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(rebasing: output[start..<(start + piece)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<(taken + piece)]))
        }
        taken += piece
        return start + piece
    }

    // MARK: Header and trailer (RFC 1950, RFC 1952)

    private func begin() {
        isBegun = true
        switch format {
        case .raw: break
        case .zlib: ready += [0x78, levelMark]
        case .gzip: ready += [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, level == 9 ? 2 : level == 1 ? 4 : 0, 3]
        }
    }

    /// What the header says of the level.
    private var levelMark: UInt8 {
        switch level {
        case 0, 1: 0x01
        case 2...5: 0x5E
        case 7...: 0xDA
        default: 0x9C
        }
    }

    private func end() {
        switch format {
        case .raw: break
        case .zlib: withUnsafeBytes(of: UInt32(truncatingIfNeeded: checksum).bigEndian) { ready += $0 }
        case .gzip:
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: checksum).littleEndian) { ready += $0 }
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: count).littleEndian) { ready += $0 }
        }
    }
}

/// One block, which another thread compresses.
private final class Job: Sendable {
    struct Result: Sendable {
        var bytes: [UInt8]
        var inputCount: Int
        var checksum: UInt
    }

    private let input: [UInt8]
    private let dictionary: [UInt8]
    private let level: Int32
    private let strategy: Int32
    private let isLast: Bool
    private let usesAdler: Bool
    private let outcome = Lock<Result?>(nil)
    private let isDone = FutexWord()

    init(_ input: [UInt8], after dictionary: [UInt8], level: Int32, strategy: Int32, isLast: Bool, usesAdler: Bool) {
        self.input = input
        self.dictionary = dictionary
        self.level = level
        self.strategy = strategy
        self.isLast = isLast
        self.usesAdler = usesAdler
    }

    func run() {
        let result = compress()
        outcome.withLock { $0 = result }
        isDone.store(1)
        isDone.wake(1)
    }

    func result() -> Result {
        while isDone.load() == 0 { isDone.wait(while: 0, timeout: -1) }
        return outcome.withLock { $0 } ?? Result(bytes: [], inputCount: 0, checksum: 0)
    }

    private func compress() -> Result {
        let count = UInt32(input.count)
        let sum = usesAdler ? adler32(adler32(0, nil, 0), input, count) : crc32(0, input, count)
        // zlib keeps its address.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        czlib_deflate_init(stream, level, -15, 8, strategy)
        defer {
            deflateEnd(stream)
            stream.deallocate()
        }
        if !dictionary.isEmpty { deflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) }
        // The bound is of a whole stream; a flush adds an empty block.
        let room = Int(deflateBound(stream, UInt(count))) + 16
        let bytes = input.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = count
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(room)
                deflate(stream, isLast ? Z_FINISH : Z_SYNC_FLUSH)
                filled = room - Int(stream.pointee.avail_out)
            }
        }
        return Result(bytes: bytes, inputCount: input.count, checksum: sum)
    }
}
