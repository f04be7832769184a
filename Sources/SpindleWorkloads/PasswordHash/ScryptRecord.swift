internal import FoundationEssentials

/// The text form of a password hash, taken apart: `$scrypt$ln=15,r=8,p=1$salt$hash`.
struct ScryptRecord: Equatable {
    let parameters: ScryptParameters
    let salt: [UInt8]
    let hash: [UInt8]

    init(parameters: ScryptParameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    init(_ text: String) throws(WorkloadError) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let parameters = Self.parameters(parts[2]),
            let salt = Self.bytes(parts[3]), let hash = Self.bytes(parts[4]), 8...64 ~= salt.count, 16...64 ~= hash.count
        else {
            throw WorkloadError(
                .malformed, "This is no scrypt hash; give one of the form $scrypt$ln=15,r=8,p=1$salt$hash.")
        }
        self.init(parameters: parameters, salt: salt, hash: hash)
    }

    var text: String {
        "$scrypt$ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)$\(Self.text(salt))$\(Self.text(hash))"
    }

    private static func parameters(_ text: Substring) -> ScryptParameters? {
        let values = zip(["ln=", "r=", "p="], text.split(separator: ",", omittingEmptySubsequences: false))
            .compactMap { name, part in part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil }
        guard values.count == 3, text.count(where: { $0 == "," }) == 2 else { return nil }
        return ScryptParameters(logN: values[0], r: values[1], p: values[2])
    }

    private static func text(_ bytes: [UInt8]) -> String {
        let padded = Data(bytes).base64EncodedString()
        return String(padded.prefix { $0 != "=" })
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        return Data(base64Encoded: text + padding).map { Array($0) }
    }
}
