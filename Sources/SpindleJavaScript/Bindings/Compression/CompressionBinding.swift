internal import CZlib

/// `binding('zlib')`: streams that are compressed or decompressed.
///
/// Input and output lie in memory from `memory(count)`, named by its id. A stream is an object of functions.
func makeCompressionBinding(_ guest: Guest) -> GuestValue {
    let memories = Memories()
    let engine = guest.engine
    func memory(_ call: HostCall, _ index: Int) throws -> HostMemory {
        guard let memory = memories[call.int(index)] else {
            throw HostError("ERR_INTERNAL_ASSERTION", "There is no memory \(call.int(index)).")
        }
        return memory
    }
    /// What a write is to do, by the arguments from `first` on: (flush, input's id, offset and count, output's id, offset, count).
    func work(_ call: HostCall, _ first: Int, _ stream: RunningStream) throws -> @Sendable () -> CompressionOutcome {
        let flush = Int32(truncatingIfNeeded: call.int(first))
        let (input, output) = (try memory(call, first + 1), try memory(call, first + 4))
        let (from, count, to, room) = (call.int(first + 2), call.int(first + 3), call.int(first + 5), call.int(first + 6))
        guard from >= 0, count >= 0, from + count <= input.bytes.count, to >= 0, room >= 0, to + room <= output.bytes.count else {
            throw HostError("ERR_OUT_OF_RANGE", "The bytes lie outside of their memory.")
        }
        return {
            stream.write(
                flush: flush, input: UnsafeRawBufferPointer(rebasing: input.bytes[from..<(from + count)]),
                output: UnsafeMutableRawBufferPointer(rebasing: output.bytes[to..<(to + room)]))
        }
    }
    func object(_ stream: any CompressionStream, _ engine: Engine) -> GuestValue {
        let stream = RunningStream(stream)
        return engine.object(of: [
            // → [status, bytes of input left, bytes of output left, message of a failure]
            "write": { call in try work(call, 0, stream)().value(in: call.engine) },
            // The same, and `done(outcome)` from the loop.
            "writeLater": { [unowned guest] call in
                let perform = try work(call, 1, stream)
                guest.performLater(then: call[0]) {
                    let outcome = perform()
                    return { outcome.value(in: $0) }
                }
                return nil
            },
            "reset": { call in call.engine.value(stream.stream.reset()) },
            // (level, strategy)
            "setParameters": { call in
                call.engine.value(
                    Int(
                        stream.stream.setParameters(
                            level: Int32(truncatingIfNeeded: call.int(0)), strategy: Int32(truncatingIfNeeded: call.int(1)))))
            },
        ])
    }
    return engine.object(of: [
        "memory": { call in memories.lend(call) },
        "release": { call in
            memories.remove(call.int(0))
            return nil
        },
        // (kind, level, bits of the window, level of memory, strategy, dictionary's id and count, or undefined, whether several
        // processors may share the work, where all but the level is zlib's default) → a stream, or undefined where zlib refuses
        "open": { call in
            guard let kind = ZlibStream.Kind(rawValue: call.int(0)) else { return nil }
            let dictionary =
                call.engine.isUndefined(call[5]) ? [] : Array(try memory(call, 5).bytes.prefix(call.int(6)))
            func number(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: call.int(index)) }
            if call.bool(7), let format = kind.format {
                return object(ParallelDeflate(format: format, level: number(1)), call.engine)
            }
            let stream = ZlibStream(
                kind: kind, level: number(1), windowBits: number(2), memoryLevel: number(3), strategy: number(4),
                dictionary: dictionary)
            return stream.map { object($0, call.engine) }
        },
        // (whether it decodes, keys and values of parameters in turn) → a stream, or undefined where the library refuses
        "openBrotli": { call in
            let numbers = call.engine.elements(of: call[1]).map { call.engine.int($0) }
            let parameters = stride(from: 0, to: numbers.count - 1, by: 2).map {
                (key: Int32(truncatingIfNeeded: numbers[$0]), value: UInt32(truncatingIfNeeded: numbers[$0 + 1]))
            }
            return BrotliStream(isDecoding: call.bool(0), parameters: parameters).map { object($0, call.engine) }
        },
        "hasBrotli": { call in call.engine.value(BrotliStream.isAvailable) },
        // (memory's id, count, value so far)
        "crc32": { call in
            let bytes = try memory(call, 0).bytes
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return call.engine.value(
                Int(crc32_z(UInt(truncatingIfNeeded: call.int(2)), start, max(0, min(call.int(1), bytes.count)))))
        },
    ])
}

/// Safe to send: its scripts wait for the end of a write before they begin another.
private final class RunningStream: @unchecked Sendable {
    let stream: any CompressionStream
    init(_ stream: any CompressionStream) { self.stream = stream }

    func write(flush: Int32, input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CompressionOutcome {
        stream.write(flush: flush, input: input, output: output)
    }
}

extension CompressionOutcome {
    fileprivate func value(in engine: Engine) -> GuestValue {
        var values = [engine.value(Int(status)), engine.value(unusedInput), engine.value(unusedOutput)]
        if let message { values.append(engine.value(message)) }
        return engine.array(values)
    }
}
