/// Which checksums are computed.
public enum ChecksumAlgorithm: String, CaseIterable, Codable, Sendable {
    case sha256, sha512
    /// SHA-256 and SHA-512 in one pass over the data.
    case both
}

/// The checksums of one file.
public struct FileChecksum: Codable, Equatable, Sendable {
    /// Relative to the root that was asked for; where the root is the file, its name or the one that was given.
    public let path: String
    /// How many bytes were read and are covered by the sums.
    public let size: Int
    /// In lower-case hexadecimal; nil if it was not asked for.
    public let sha256: String?
    public let sha512: String?
}

/// A file or directory that could not be read, and why.
public struct FileFailure: Codable, Equatable, Sendable {
    /// Relative to the root that was asked for.
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// The checksums of everything below a directory, or of one file.
public struct ChecksumReport: Codable, Equatable, Sendable {
    /// In the byte order of their paths.
    public let files: [FileChecksum]
    /// What could not be read, in the same order.
    public let failures: [FileFailure]
    /// Symbolic links that were found, and not followed.
    public let skippedLinks: Int
    /// Sockets, pipes and devices that were found, and not read.
    public let skippedSpecials: Int

    public init(files: [FileChecksum], failures: [FileFailure], skippedLinks: Int = 0, skippedSpecials: Int = 0) {
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.failures = failures.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.skippedLinks = skippedLinks
        self.skippedSpecials = skippedSpecials
    }
}
