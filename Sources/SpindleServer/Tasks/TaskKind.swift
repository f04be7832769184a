internal import HTTPTypes

/// The kinds of tasks that clients can start.
enum TaskKind: String, Sendable, Encodable, CaseIterable {
    case allocate, checksum, crash, csv, primes, spin
    case passwordHash = "password-hash"

    /// Whether the body of its request may be a file.
    var takesFile: Bool { self == .checksum || self == .csv }
    /// Whether the body of its request may be JSON.
    var takesJSON: Bool { self != .csv }

    static func named(_ name: String) throws(APIError) -> TaskKind {
        if let kind = TaskKind(rawValue: name) { return kind }
        let known = allCases.map(\.rawValue).sorted().joined(separator: ", ")
        throw APIError(
            status: .notFound, code: "unknown-kind",
            message: "There are no tasks of kind '\(name.prefix(100))'; there are: \(known).")
    }
}
