internal import Glibc

/// A stream of Brotli's, where the system has its libraries: they are opened when the first stream is.
final class BrotliStream: CompressionStream {
    private let state: OpaquePointer
    private let isDecoding: Bool
    private let parameters: [(key: Int32, value: UInt32)]

    /// Nil without the library, or where it refuses a parameter.
    init?(isDecoding: Bool, parameters: [(key: Int32, value: UInt32)]) {
        guard let state = Self.makeState(isDecoding, parameters) else { return nil }
        self.state = state
        self.isDecoding = isDecoding
        self.parameters = parameters
    }

    deinit { isDecoding ? Decoder.shared?.destroy(state) : Encoder.shared?.destroy(state) }

    static var isAvailable: Bool { Encoder.shared != nil && Decoder.shared != nil }

    private static func makeState(_ isDecoding: Bool, _ parameters: [(key: Int32, value: UInt32)]) -> OpaquePointer? {
        if isDecoding {
            guard let library = Decoder.shared, let state = library.create(nil, nil, nil) else { return nil }
            for (key, value) in parameters where library.setParameter(state, key, value) == 0 {
                library.destroy(state)
                return nil
            }
            return state
        }
        guard let library = Encoder.shared, let state = library.create(nil, nil, nil) else { return nil }
        for (key, value) in parameters where library.setParameter(state, key, value) == 0 {
            library.destroy(state)
            return nil
        }
        return state
    }

    func write(flush: Int32, input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CompressionOutcome {
        var availableIn = input.count
        var nextIn = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var availableOut = output.count
        var nextOut = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var status: Int32 = 0
        var message: String?
        if isDecoding {
            guard let library = Decoder.shared else { return missing(input, output) }
            // 0 is an error, 1 done, 2 wants input, 3 wants room.
            switch library.decompress(state, &availableIn, &nextIn, &availableOut, &nextOut, nil) {
            case 0:
                status = -3
                message = "Decompression failed"
            case 1: status = 1
            case 2 where flush == Self.finish:
                status = -5
                message = "unexpected end of file"
            default: break
            }
        } else {
            guard let library = Encoder.shared else { return missing(input, output) }
            if library.compress(state, flush, &availableIn, &nextIn, &availableOut, &nextOut, nil) == 0 {
                status = -2
                message = "Compression failed"
            } else if flush == Self.finish, availableIn == 0, library.isFinished(state) != 0 {
                status = 1
            }
        }
        return CompressionOutcome(status: status, unusedInput: availableIn, unusedOutput: availableOut, message: message)
    }

    private static let finish: Int32 = 2

    private func missing(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> CompressionOutcome {
        CompressionOutcome(
            status: -2, unusedInput: input.count, unusedOutput: output.count, message: "Brotli is not installed on this system")
    }

    func reset() -> Bool { false }
    func setParameters(level: Int32, strategy: Int32) -> Int32 { 0 }
}

// MARK: The libraries (brotli/encode.h, brotli/decode.h)

private typealias Create = @convention(c) (UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> OpaquePointer?
private typealias SetParameter = @convention(c) (OpaquePointer, Int32, UInt32) -> Int32
private typealias Destroy = @convention(c) (OpaquePointer) -> Void
private typealias Bytes = UnsafeMutablePointer<UnsafePointer<UInt8>?>
private typealias Room = UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
private typealias Count = UnsafeMutablePointer<Int>

/// A function of a library, as the type that its caller knows it to have.
private func function<Type>(_ name: String, of library: UnsafeMutableRawPointer, as type: Type.Type) -> Type? {
    dlsym(library, name).map { unsafeBitCast($0, to: type) }
}

private struct Encoder: Sendable {
    let create: Create
    let setParameter: SetParameter
    let compress: @convention(c) (OpaquePointer, Int32, Count, Bytes, Count, Room, Count?) -> Int32
    let isFinished: @convention(c) (OpaquePointer) -> Int32
    let destroy: Destroy

    static let shared = Encoder()

    private init?() {
        guard let library = dlopen("libbrotlienc.so.1", RTLD_NOW | RTLD_LOCAL),
            let create = function("BrotliEncoderCreateInstance", of: library, as: Create.self),
            let setParameter = function("BrotliEncoderSetParameter", of: library, as: SetParameter.self),
            let compress = function(
                "BrotliEncoderCompressStream", of: library,
                as: (@convention(c) (OpaquePointer, Int32, Count, Bytes, Count, Room, Count?) -> Int32).self),
            let isFinished = function(
                "BrotliEncoderIsFinished", of: library, as: (@convention(c) (OpaquePointer) -> Int32).self),
            let destroy = function("BrotliEncoderDestroyInstance", of: library, as: Destroy.self)
        else { return nil }
        self.create = create
        self.setParameter = setParameter
        self.compress = compress
        self.isFinished = isFinished
        self.destroy = destroy
    }
}

private struct Decoder: Sendable {
    let create: Create
    let setParameter: SetParameter
    let decompress: @convention(c) (OpaquePointer, Count, Bytes, Count, Room, Count?) -> Int32
    let destroy: Destroy

    static let shared = Decoder()

    private init?() {
        guard let library = dlopen("libbrotlidec.so.1", RTLD_NOW | RTLD_LOCAL),
            let create = function("BrotliDecoderCreateInstance", of: library, as: Create.self),
            let setParameter = function("BrotliDecoderSetParameter", of: library, as: SetParameter.self),
            let decompress = function(
                "BrotliDecoderDecompressStream", of: library,
                as: (@convention(c) (OpaquePointer, Count, Bytes, Count, Room, Count?) -> Int32).self),
            let destroy = function("BrotliDecoderDestroyInstance", of: library, as: Destroy.self)
        else { return nil }
        self.create = create
        self.setParameter = setParameter
        self.decompress = decompress
        self.destroy = destroy
    }
}
