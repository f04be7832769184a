internal import Crypto
internal import Glibc
public import Spindle

/// Computes the checksums of one file.
///
/// One read pass in chunks of at most 1 MiB, so its memory does not depend on the
/// file's size. Reads block, which is right on a worker's thread.
public enum ChecksumFile: WorkerTask {
    public struct Input: Codable, Sendable {
        /// A directory; links in this path are followed.
        public let root: String
        /// Relative to it; links below the root are refused. Nil: the root is itself the file.
        public let path: String?
        public let algorithm: ChecksumAlgorithm
        /// What a root that is the file is called in the result; as it is when nil.
        public let name: String?

        public init(root: String, path: String?, algorithm: ChecksumAlgorithm = .both, name: String? = nil) {
            self.root = root
            self.path = path
            self.algorithm = algorithm
            self.name = name
        }
    }

    public static func run(_ input: Input, _ context: TaskContext<WorkProgress>) async throws -> FileChecksum {
        try compute(input) { context.report($0) }
    }

    /// Does the work on the calling thread.
    ///
    /// - Parameter report: called after every chunk with the bytes done.
    /// - Throws: ``WorkloadError`` when the file cannot be read, `CancellationError`
    ///   within one chunk of the task's cancellation.
    public static func compute(_ input: Input, report: (WorkProgress) -> Void) throws -> FileChecksum {
        guard let path = input.path else {
            let name = input.name ?? input.root.split(separator: "/").last.map(String.init) ?? input.root
            return try digest(OpenFile(input.root), named: name, input.algorithm, report)
        }
        let root = try Descriptor(opening: input.root, flags: O_RDONLY | O_DIRECTORY)
        return try digest(OpenFile(path, below: root), named: path, input.algorithm, report)
    }

    private static func digest(
        _ file: consuming OpenFile, named path: String, _ algorithm: ChecksumAlgorithm, _ report: (WorkProgress) -> Void
    ) throws -> FileChecksum {
        var sha256 = algorithm == .sha512 ? nil : SHA256()
        var sha512 = algorithm == .sha256 ? nil : SHA512()
        var done = 0
        let total = file.size
        try file.forEachChunk(path) { chunk in
            sha256?.update(bufferPointer: chunk)
            sha512?.update(bufferPointer: chunk)
            done += chunk.count
            report(WorkProgress(.bytes, completed: done, total: total))
        }
        return FileChecksum(
            path: path, size: done,
            sha256: sha256.map { hexadecimal($0.finalize()) }, sha512: sha512.map { hexadecimal($0.finalize()) })
    }

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
