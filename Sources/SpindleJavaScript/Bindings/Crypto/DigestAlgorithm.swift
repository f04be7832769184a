internal import Crypto
internal import CryptoExtras
internal import Foundation

/// The digests that guests can name, and what is built upon each.
enum DigestAlgorithm: String, CaseIterable, Sendable {
    case md5
    case sha1
    case sha256
    case sha384
    case sha512
    case sha512_256 = "sha512-256"
    case sha3_256 = "sha3-256"
    case sha3_384 = "sha3-384"
    case sha3_512 = "sha3-512"

    /// As OpenSSL takes names: in any case, and with the key's algorithm before them.
    init?(named name: String) {
        let plain = name.lowercased()
        self.init(rawValue: plain.hasPrefix("rsa-") ? String(plain.dropFirst(4)) : plain)
    }

    private var type: any HashFunction.Type {
        switch self {
        case .md5: Insecure.MD5.self
        case .sha1: Insecure.SHA1.self
        case .sha256: SHA256.self
        case .sha384: SHA384.self
        case .sha512: SHA512.self
        case .sha512_256: SHA512256.self
        case .sha3_256: SHA3_256.self
        case .sha3_384: SHA3_384.self
        case .sha3_512: SHA3_512.self
        }
    }

    func makeDigest() -> any RunningDigest { type.running() }
    func makeMAC(key: UnsafeRawBufferPointer) -> any RunningDigest { type.runningMAC(key: SymmetricKey(data: key)) }

    /// RFC 5869.
    func hkdf(_ material: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        let key = type.hkdf(SymmetricKey(data: material), salt: salt, info: info, count: count)
        return key.withUnsafeBytes { Array($0) }
    }

    /// RFC 8018. Nil where the library has it not for this digest.
    func pbkdf2(_ password: [UInt8], salt: [UInt8], rounds: Int, count: Int) -> [UInt8]? {
        let function: KDF.Insecure.PBKDF2.HashFunction
        switch self {
        case .md5: function = .insecureMD5
        case .sha1: function = .insecureSHA1
        case .sha256: function = .sha256
        case .sha384: function = .sha384
        case .sha512: function = .sha512
        default: return nil
        }
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: salt, using: function, outputByteCount: count, unsafeUncheckedRounds: rounds)
        return key?.withUnsafeBytes { Array($0) }
    }
}

extension HashFunction {
    fileprivate static func running() -> any RunningDigest { RunningHash(function: Self()) }
    fileprivate static func runningMAC(key: SymmetricKey) -> any RunningDigest { RunningMAC(code: HMAC<Self>(key: key)) }
    fileprivate static func hkdf(_ material: SymmetricKey, salt: [UInt8], info: [UInt8], count: Int) -> SymmetricKey {
        HKDF<Self>.deriveKey(inputKeyMaterial: material, salt: salt, info: info, outputByteCount: count)
    }
}

/// A digest or a message authentication code that takes its input in pieces.
protocol RunningDigest {
    mutating func update(_ bytes: UnsafeRawBufferPointer)
    /// The digest of the input so far; more may follow.
    func value() -> [UInt8]
}

private struct RunningHash<Function: HashFunction>: RunningDigest {
    var function: Function
    mutating func update(_ bytes: UnsafeRawBufferPointer) { function.update(bufferPointer: bytes) }
    func value() -> [UInt8] { Array(function.finalize()) }
}

private struct RunningMAC<Function: HashFunction>: RunningDigest {
    var code: HMAC<Function>
    mutating func update(_ bytes: UnsafeRawBufferPointer) { code.update(data: bytes) }
    func value() -> [UInt8] { Array(code.finalize()) }
}
