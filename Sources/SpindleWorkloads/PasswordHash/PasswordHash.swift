internal import Crypto
internal import CryptoExtras
public import Spindle

/// Hashes a password with scrypt (RFC 7914) and a random salt, into the usual text form.
///
/// `$scrypt$ln=15,r=8,p=1$salt$hash`: salt and hash in base64 without padding.
/// The derivation is one call that looks at no cancellation; its time is bounded
/// by ``ScryptParameters/maximumMemory``, to some seconds.
public enum PasswordHash: WorkerTask {
    /// In UTF-8 bytes.
    public static let maximumPasswordLength = 4_096
    static let saltLength = 16
    static let hashLength = 32

    public struct Input: Codable, Sendable {
        public let password: String
        public let parameters: ScryptParameters

        public init(password: String, parameters: ScryptParameters = ScryptParameters()) {
            self.password = password
            self.parameters = parameters
        }
    }

    public static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> String {
        try compute(input)
    }

    /// Does the work on the calling thread.
    ///
    /// - Throws: ``WorkloadError`` when a parameter or the password's length is out of range,
    ///   `CancellationError` when the task was cancelled before the derivation began.
    public static func compute(_ input: Input) throws -> String {
        var system = SystemRandomNumberGenerator()
        let salt = (0..<saltLength).map { _ in UInt8.random(in: .min ... .max, using: &system) }
        let hash = try derive(input.password, salt: salt, input.parameters, length: hashLength)
        return ScryptRecord(parameters: input.parameters, salt: salt, hash: hash).text
    }

    /// Whether a password is the one that `record`, a result of this task, was made from.
    ///
    /// Costs as much as hashing did; do it on a worker as well. The comparison takes
    /// the same time wherever the hashes differ.
    ///
    /// - Throws: ``WorkloadError`` when `record` does not have the form, or asks for more than the limits allow.
    public static func verify(_ password: String, against record: String) throws -> Bool {
        let record = try ScryptRecord(record)
        let hash = try derive(password, salt: record.salt, record.parameters, length: record.hash.count)
        return isEqualInConstantTime(hash, record.hash)
    }

    static func derive(
        _ password: String, salt: [UInt8], _ parameters: ScryptParameters, length: Int
    ) throws -> [UInt8] {
        try parameters.validate()
        let password = Array(password.utf8)
        guard 1...maximumPasswordLength ~= password.count else {
            throw WorkloadError(
                .invalidInput, "The password has \(password.count) bytes; give 1 to \(maximumPasswordLength).")
        }
        if Task.isCancelled { throw CancellationError() }
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: password, salt: salt, outputByteCount: length, rounds: 1 << parameters.logN,
                blockSize: parameters.r, parallelism: parameters.p)
            return key.withUnsafeBytes { Array($0) }
        } catch {
            // The parameters are in range, so what is left is the allocation.
            throw WorkloadError(
                .limitExceeded, "No memory for scrypt (\(parameters.memory) bytes); choose a smaller ln, r or p. (\(error))")
        }
    }

    private static func isEqualInConstantTime(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
