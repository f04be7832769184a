public import Spindle

/// Computes the checksums of one file, or of every regular file below a directory.
///
/// Links are not followed below the root; see ``DirectoryListing`` for what is
/// skipped. A file that cannot be read, or vanishes before its turn, is an entry
/// among the failures and does not fail the task.
///
/// To hash the files of a directory in parallel, list it with ``DirectoryListing``
/// and run a ``ChecksumFile`` for each.
public enum Checksum: WorkerTask {
    public enum Kind: String, Codable, Sendable {
        case file, directory
    }

    public struct Input: Codable, Sendable {
        public let root: String
        public let kind: Kind
        public let algorithm: ChecksumAlgorithm
        /// What a file is called in the result, such as an uploaded one; as the root is when nil.
        public let name: String?

        public init(root: String, kind: Kind, algorithm: ChecksumAlgorithm = .both, name: String? = nil) {
            self.root = root
            self.kind = kind
            self.algorithm = algorithm
            self.name = name
        }
    }

    public static func run(_ input: Input, _ context: TaskContext<WorkProgress>) async throws -> ChecksumReport {
        try compute(input) { context.report($0) }
    }

    /// Does the work on the calling thread.
    ///
    /// - Parameter report: called after every chunk of 1 MiB and every file.
    /// - Throws: ``WorkloadError`` when the root cannot be read or listed, `CancellationError`
    ///   within one chunk of the task's cancellation.
    public static func compute(_ input: Input, report: (WorkProgress) -> Void) throws -> ChecksumReport {
        switch input.kind {
        case .file:
            let file = try ChecksumFile.compute(
                .init(root: input.root, path: nil, algorithm: input.algorithm, name: input.name), report: report)
            return ChecksumReport(files: [file], failures: [])
        case .directory:
            return try computeAll(DirectoryListing(root: input.root), input, report)
        }
    }

    /// Separate from the listing, so that a test can change the directory in between.
    static func computeAll(
        _ listing: DirectoryListing, _ input: Input, _ report: (WorkProgress) -> Void
    ) throws -> ChecksumReport {
        var files: [FileChecksum] = []
        var failures = listing.failures
        let total = listing.totalSize
        var before = 0
        for (index, file) in listing.files.enumerated() {
            do {
                files.append(
                    try ChecksumFile.compute(.init(root: input.root, path: file.path, algorithm: input.algorithm)) {
                        report(WorkProgress(.bytes, completed: before + $0.completed, total: total, filesCompleted: index))
                    })
            } catch let error as WorkloadError {
                failures.append(FileFailure(path: file.path, reason: error.message))
            }
            before += file.size
            report(WorkProgress(.bytes, completed: before, total: total, filesCompleted: index + 1))
        }
        return ChecksumReport(
            files: files, failures: failures,
            skippedLinks: listing.skippedLinks, skippedSpecials: listing.skippedSpecials)
    }
}
