internal import Crypto
internal import CryptoExtras
internal import Foundation

/// AES in the modes that guests can name, taking its input in pieces.
///
/// swift-crypto encrypts whole messages. CBC and CTR are chained from piece to piece here; GCM is CTR, whose tag is made at
/// the end from the plaintext, which is kept until then.
struct BlockCipher {
    enum Mode: String, Sendable { case cbc, ctr, gcm }

    enum Failure: Error { case key, vector, unauthenticated, wrongLength, badPadding }

    let mode: Mode
    let isEncrypting: Bool
    var isPadding = true
    var associatedData: [UInt8] = []
    /// Of GCM: what it is to be when decrypting.
    var expectedTag: [UInt8]?
    private(set) var tag: [UInt8] = []

    private let key: SymmetricKey
    private let vector: [UInt8]
    /// CBC: the block before the next one; CTR: the counter of the next block.
    private var chain: [UInt8]
    /// CBC: input that fills no block yet, or may be the last one; CTR: what is left of the block that is being used.
    private var rest: [UInt8] = []
    /// Of GCM, for the tag.
    private var plaintext: [UInt8] = []

    static let blockSize = 16

    init(mode: Mode, keyBits: Int, key: [UInt8], vector: [UInt8], isEncrypting: Bool) throws(Failure) {
        guard key.count * 8 == keyBits else { throw .key }
        guard mode == .gcm ? vector.count == 12 : vector.count == Self.blockSize else { throw .vector }
        self.mode = mode
        self.isEncrypting = isEncrypting
        self.key = SymmetricKey(data: key)
        self.vector = vector
        // The first counter of GCM goes to the tag.
        chain = mode == .gcm ? vector + [0, 0, 0, 2] : vector
    }

    mutating func update(_ input: [UInt8]) throws -> [UInt8] {
        switch mode {
        case .cbc: return try chained(input)
        case .ctr: return try counted(input)
        case .gcm:
            let output = try counted(input)
            plaintext += isEncrypting ? input : output
            return output
        }
    }

    mutating func finish() throws -> [UInt8] {
        switch mode {
        case .ctr: return []
        case .gcm:
            let sealed = try AES.GCM.seal(
                plaintext, using: key, nonce: AES.GCM.Nonce(data: vector), authenticating: associatedData)
            plaintext = []
            tag = Array(sealed.tag)
            if !isEncrypting {
                guard let expectedTag, isEqual(expectedTag, tag.prefix(expectedTag.count)) else { throw Failure.unauthenticated }
            }
            return []
        case .cbc: return try lastBlock()
        }
    }

    // MARK: CTR

    private mutating func counted(_ input: [UInt8]) throws -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(input.count)
        let used = min(rest.count, input.count)
        for index in 0..<used { output.append(input[index] ^ rest[index]) }
        rest.removeFirst(used)
        guard used < input.count else { return output }
        let tail = input.count - used
        let whole = tail / Self.blockSize * Self.blockSize
        if whole > 0 { output += try stream(over: input[used..<(used + whole)]) }
        if whole < tail {
            rest = try stream(over: ArraySlice([UInt8](repeating: 0, count: Self.blockSize)))
            for index in (used + whole)..<input.count { output.append(input[index] ^ rest[index - used - whole]) }
            rest.removeFirst(tail - whole)
        }
        return output
    }

    private mutating func stream(over input: ArraySlice<UInt8>) throws -> [UInt8] {
        let output = Array(try AES._CTR.encrypt(Data(input), using: key, nonce: AES._CTR.Nonce(nonceBytes: chain)))
        advance(by: input.count / Self.blockSize)
        return output
    }

    /// GCM counts in the last four bytes alone, CTR in all.
    private mutating func advance(by blocks: Int) {
        var carry = blocks
        for index in stride(from: 15, through: mode == .gcm ? 12 : 0, by: -1) where carry > 0 {
            let sum = Int(chain[index]) + carry & 0xFF
            carry = carry >> 8 + (sum >> 8)
            chain[index] = UInt8(truncatingIfNeeded: sum)
        }
    }

    // MARK: CBC

    private mutating func chained(_ input: [UInt8]) throws -> [UInt8] {
        rest += input
        // Of what is decrypted, the last block waits: it may be padding.
        let isHeld = !isEncrypting && isPadding && rest.count % Self.blockSize == 0
        let count = max(0, rest.count / Self.blockSize - (isHeld ? 1 : 0)) * Self.blockSize
        guard count > 0 else { return [] }
        let whole = Array(rest[..<count])
        rest.removeFirst(count)
        return try blocks(whole)
    }

    private mutating func blocks(_ whole: [UInt8]) throws -> [UInt8] {
        let vector = try AES._CBC.IV(ivBytes: chain)
        let output: Data
        if isEncrypting {
            output = try AES._CBC.encrypt(whole, using: key, iv: vector, noPadding: true)
            chain = Array(output.suffix(Self.blockSize))
        } else {
            output = try AES._CBC.decrypt(whole, using: key, iv: vector, noPadding: true)
            chain = Array(whole.suffix(Self.blockSize))
        }
        return Array(output)
    }

    private mutating func lastBlock() throws -> [UInt8] {
        guard isPadding else {
            guard rest.isEmpty else { throw Failure.wrongLength }
            return []
        }
        if isEncrypting {
            let missing = Self.blockSize - rest.count
            return try blocks(rest + [UInt8](repeating: UInt8(missing), count: missing))
        }
        guard rest.count == Self.blockSize else { throw Failure.wrongLength }
        let last = try blocks(rest)
        guard let count = last.last, (1...16).contains(count), last.suffix(Int(count)).allSatisfy({ $0 == count }) else {
            throw Failure.badPadding
        }
        return last.dropLast(Int(count))
    }

    /// In a time that does not depend on where they differ.
    private func isEqual(_ one: [UInt8], _ two: ArraySlice<UInt8>) -> Bool {
        guard one.count == two.count else { return false }
        return zip(one, two).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
