internal import CryptoExtras
internal import Foundation
internal import Glibc

/// `binding('crypto')`: digests, codes, ciphers, keys out of passwords, and randomness.
///
/// Input in pieces lies in `scratch`, the first `count` bytes of it; what is needed whole, in memory from `memory(count)`, which
/// calls name by its id and count. Results are fresh ArrayBuffers.
func makeCryptoBinding(_ guest: Guest) -> GuestValue {
    let memories = Memories()
    let engine = guest.engine
    let scratch = HostMemory(count: 64 << 10)
    /// The bytes of a memory, named by the arguments at `index`.
    func bytes(_ call: HostCall, _ index: Int) throws -> [UInt8] {
        guard let memory = memories[call.int(index)] else {
            throw HostError("ERR_INTERNAL_ASSERTION", "There is no memory \(call.int(index)).")
        }
        return Array(memory.bytes.prefix(call.int(index + 1)))
    }
    let binding = engine.object(of: [
        "memory": { call in memories.lend(call) },
        "release": { call in
            memories.remove(call.int(0))
            return nil
        },
        // (name, key's id and count, or undefined) → a function, or undefined if there is no such digest:
        // f(count) takes more input, f(-1) gives the value so far, f(-2) another function in the same state
        "digest": { call in
            guard let algorithm = DigestAlgorithm(named: try call.string(0)) else { return nil }
            if call.engine.isUndefined(call[1]) { return digestFunction(algorithm.makeDigest(), scratch, call.engine) }
            return digestFunction(try bytes(call, 1).withUnsafeBytes { algorithm.makeMAC(key: $0) }, scratch, call.engine)
        },
        // (mode, bits of the key, whether it encrypts, count of the key and count of the vector, both in scratch)
        // → a function, or 'key' or 'vector', which is of no use
        "cipher": { call in
            guard let mode = BlockCipher.Mode(rawValue: try call.string(0)) else { return nil }
            let key = Array(scratch.bytes.prefix(call.int(3)))
            let vector = Array(scratch.bytes.dropFirst(call.int(3)).prefix(call.int(4)))
            do {
                let cipher = try BlockCipher(
                    mode: mode, keyBits: call.int(1), key: key, vector: vector, isEncrypting: call.bool(2))
                return cipherFunction(cipher, scratch, call.engine)
            } catch {
                return call.engine.value(String(describing: error))
            }
        },
    ])
    engine.setProperty("scratch", of: binding, to: engine.arrayBuffer(scratch, count: scratch.bytes.count))
    engine.setProperty("digests", of: binding, to: engine.array(DigestAlgorithm.allCases.map(\.rawValue)))
    for (name, prepare) in keyCalls {
        engine.setProperty(
            name, of: binding,
            to: engine.function(name) { call in
                let derive = try prepare(KeyArguments(call: call, first: 0, bytes: bytes))
                return derive().map { result in result.withUnsafeBytes { call.engine.arrayBuffer(copying: $0) } }
            })
        let later = name + "Later"
        engine.setProperty(
            later, of: binding,
            to: engine.function(later) { [unowned guest] call in
                let derive = try prepare(KeyArguments(call: call, first: 1, bytes: bytes))
                guest.performLater(then: call[0]) {
                    let result = derive()
                    return { engine in result?.withUnsafeBytes { engine.arrayBuffer(copying: $0) } ?? engine.undefined }
                }
                return nil
            })
    }
    return binding
}

// MARK: Digests and ciphers

private final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

private func digestFunction(_ digest: any RunningDigest, _ scratch: HostMemory, _ engine: Engine) -> GuestValue {
    let state = Box(digest)
    return engine.function("digest") { call in
        switch call.int(0) {
        case -1: return state.value.value().withUnsafeBytes { call.engine.arrayBuffer(copying: $0) }
        case -2: return digestFunction(state.value, scratch, call.engine)
        case let count:
            state.value.update(UnsafeRawBufferPointer(rebasing: scratch.bytes.prefix(count)))
            return nil
        }
    }
}

/// A function of what is to be done and `count` of the bytes in scratch: 0 takes input, 1 ends, 2 adds associated data,
/// 3 gives the tag, 4 sets the tag that is to come, 5 sets whether there is padding. What fails is told as a string.
private func cipherFunction(_ cipher: BlockCipher, _ scratch: HostMemory, _ engine: Engine) -> GuestValue {
    let state = Box(cipher)
    return engine.function("cipher") { call in
        let given = Array(scratch.bytes.prefix(max(0, call.int(1))))
        func buffer(_ bytes: [UInt8]) -> GuestValue { bytes.withUnsafeBytes { call.engine.arrayBuffer(copying: $0) } }
        do {
            switch call.int(0) {
            case 0: return buffer(try state.value.update(given))
            case 1: return buffer(try state.value.finish())
            case 2: state.value.associatedData += given
            case 3: return buffer(state.value.tag)
            case 4: state.value.expectedTag = given
            default: state.value.isPadding = call.bool(1)
            }
            return nil
        } catch {
            return call.engine.value(String(describing: error))
        }
    }
}

// MARK: Keys and randomness

/// The arguments of a call, from `first` on. A memory takes two: its id and count.
private struct KeyArguments {
    let call: HostCall
    let first: Int
    let bytes: (HostCall, Int) throws -> [UInt8]

    func int(_ index: Int) -> Int { call.int(first + index) }
    func digest(_ index: Int) throws -> DigestAlgorithm? { DigestAlgorithm(named: try call.string(first + index)) }
    func memory(_ index: Int) throws -> [UInt8] { try bytes(call, first + index) }
}

private typealias KeyCall = @Sendable (KeyArguments) throws -> @Sendable () -> [UInt8]?

private let keyCalls: KeyValuePairs<String, KeyCall> = [
    // (digest, material, salt, info, count)
    "hkdf": { a in
        let (digest, material, salt, info, count) = (
            try a.digest(0), try a.memory(1), try a.memory(3), try a.memory(5), a.int(7)
        )
        return { digest?.hkdf(material, salt: salt, info: info, count: count) }
    },
    // (digest, password, salt, rounds, count)
    "pbkdf2": { a in
        let (digest, password, salt, rounds, count) = (
            try a.digest(0), try a.memory(1), try a.memory(3), a.int(5), a.int(6)
        )
        return { digest?.pbkdf2(password, salt: salt, rounds: rounds, count: count) }
    },
    // (count)
    "random": { a in
        let count = a.int(0)
        return { randomBytes(count) }
    },
    // (password, salt, cost, block size, parallelism, most memory, count)
    "scrypt": { a in
        let (password, salt) = (try a.memory(0), try a.memory(2))
        let (cost, blockSize, parallelism, memory, count) = (a.int(4), a.int(5), a.int(6), a.int(7), a.int(8))
        return {
            let key = try? KDF.Scrypt.deriveKey(
                from: password, salt: salt, outputByteCount: count, rounds: cost, blockSize: blockSize,
                parallelism: parallelism, maxMemory: memory)
            return key?.withUnsafeBytes { Array($0) }
        }
    },
]

/// The system's.
private func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        if let start = buffer.baseAddress { arc4random_buf(start, count) }
        filled = count
    }
}
