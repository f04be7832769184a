internal import CZlib

/// A stream of zlib's: deflate, gzip and raw.
final class ZlibStream: CompressionStream {
    enum Kind: Int {
        case deflate = 1
        case inflate, gzip, gunzip, deflateRaw, inflateRaw, unzip

        /// Of what compresses.
        var format: ParallelDeflate.Format? {
            switch self {
            case .deflate: .zlib
            case .gzip: .gzip
            case .deflateRaw: .raw
            default: nil
            }
        }
    }

    private let kind: Kind
    private let dictionary: [UInt8]
    private var isGzip: Bool
    /// zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isDecompressing: Bool { kind == .inflate || kind == .gunzip || kind == .inflateRaw || kind == .unzip }

    /// Nil where zlib refuses the settings.
    init?(kind: Kind, level: Int32, windowBits: Int32, memoryLevel: Int32, strategy: Int32, dictionary: [UInt8]) {
        self.kind = kind
        self.dictionary = dictionary
        isGzip = kind == .gunzip
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status =
            switch kind {
            case .deflate: czlib_deflate_init(stream, level, windowBits, memoryLevel, strategy)
            case .gzip: czlib_deflate_init(stream, level, windowBits + 16, memoryLevel, strategy)
            case .deflateRaw: czlib_deflate_init(stream, level, -windowBits, memoryLevel, strategy)
            case .inflate: czlib_inflate_init(stream, windowBits)
            case .gunzip: czlib_inflate_init(stream, windowBits + 16)
            case .inflateRaw: czlib_inflate_init(stream, -windowBits)
            // It looks itself which of the two formats comes.
            case .unzip: czlib_inflate_init(stream, windowBits + 32)
            }
        guard status == Z_OK, applyDictionary() else {
            end()
            return nil
        }
    }

    deinit { end() }

    private func end() {
        _ = isDecompressing ? inflateEnd(stream) : deflateEnd(stream)
        stream.deallocate()
    }

    /// What a raw stream or a compressor wants to know from the start.
    private func applyDictionary() -> Bool {
        guard !dictionary.isEmpty else { return true }
        switch kind {
        case .deflate, .deflateRaw: return deflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK
        case .inflateRaw: return inflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK
        default: return true
        }
    }

    func write(flush: Int32, input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CompressionOutcome {
        stream.pointee.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        if kind == .unzip, stream.pointee.total_in == 0, let first = input.first { isGzip = first == 0x1F }
        var status = isDecompressing ? decompress(flush) : deflate(stream, flush)
        // Members of a gzip file follow each other; zeros after the last are padding.
        while isGzip, status == Z_STREAM_END, stream.pointee.avail_in > 0, stream.pointee.next_in.pointee != 0 {
            inflateReset(stream)
            status = decompress(flush)
        }
        return outcome(status, flush)
    }

    private func decompress(_ flush: Int32) -> Int32 {
        let status = inflate(stream, flush)
        guard status == Z_NEED_DICT, !dictionary.isEmpty else { return status }
        guard inflateSetDictionary(stream, dictionary, UInt32(dictionary.count)) == Z_OK else { return Z_NEED_DICT }
        return inflate(stream, flush)
    }

    private func outcome(_ status: Int32, _ flush: Int32) -> CompressionOutcome {
        var result = CompressionOutcome(
            status: status, unusedInput: Int(stream.pointee.avail_in), unusedOutput: Int(stream.pointee.avail_out))
        switch status {
        case Z_OK, Z_STREAM_END: break
        case Z_BUF_ERROR where stream.pointee.avail_out == 0 || flush != Z_FINISH: result.status = Z_OK
        case Z_BUF_ERROR: result.message = "unexpected end of file"
        case Z_NEED_DICT: result.message = dictionary.isEmpty ? "Missing dictionary" : "Bad dictionary"
        default: result.message = stream.pointee.msg.map { String(cString: $0) } ?? "Zlib error"
        }
        return result
    }

    func reset() -> Bool { (isDecompressing ? inflateReset(stream) : deflateReset(stream)) == Z_OK && applyDictionary() }

    func setParameters(level: Int32, strategy: Int32) -> Int32 {
        // What was given before is written under the old ones first; its caller has flushed.
        isDecompressing ? Z_OK : deflateParams(stream, level, strategy)
    }
}
