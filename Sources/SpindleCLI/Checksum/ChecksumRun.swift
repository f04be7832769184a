internal import Glibc
internal import SpindleWorkloads

/// Hashes one file or every file below a directory, some at a time.
struct ChecksumRun: Sendable {
    private let root: String
    private let algorithm: ChecksumAlgorithm
    /// Nil: the root is a file.
    private let listing: DirectoryListing?

    /// Lists the files.
    ///
    /// - Throws: `WorkloadError` when the root cannot be listed; `CancellationError`.
    init(root: String, algorithm: ChecksumAlgorithm) throws {
        self.root = root
        self.algorithm = algorithm
        do {
            listing = try DirectoryListing(root: root)
        } catch let error as WorkloadError where error.errno == ENOTDIR {
            listing = nil
        }
    }

    /// A path of the report as the user would write it.
    func name(of path: String) -> String {
        guard listing != nil else { return root }
        return root.hasSuffix("/") ? root + path : root + "/" + path
    }

    /// Hashes up to `jobs` files at a time and shows the progress.
    ///
    /// - Throws: `WorkloadError` when the root is a file and cannot be read; `CancellationError`.
    func report(jobs: Int) async throws -> ChecksumReport {
        guard let listing else {
            let file = try await Self.hash(.init(root: root, path: nil, algorithm: algorithm)) { _ in }
            return ChecksumReport(files: [file], failures: [])
        }
        let display = ProgressDisplay(totalBytes: listing.totalSize, totalFiles: listing.files.count)
        return try await display.show {
            var files: [FileChecksum] = []
            var failures = listing.failures
            try await withThrowingTaskGroup(of: Outcome.self) { group in
                var pending = listing.files.makeIterator()
                func startNext() {
                    guard let file = pending.next() else { return }
                    group.addTask { try await outcome(of: file.path, display) }
                }
                for _ in 0..<jobs { startNext() }
                while let outcome = try await group.next() {
                    switch outcome {
                    case .summed(let file): files.append(file)
                    case .failed(let failure): failures.append(failure)
                    }
                    startNext()
                }
            }
            return ChecksumReport(
                files: files, failures: failures,
                skippedLinks: listing.skippedLinks, skippedSpecials: listing.skippedSpecials)
        }
    }

    private enum Outcome: Sendable {
        case summed(FileChecksum)
        case failed(FileFailure)
    }

    private func outcome(of path: String, _ display: ProgressDisplay) async throws -> Outcome {
        defer { display.endFile() }
        do {
            return .summed(
                try await Self.hash(.init(root: root, path: path, algorithm: algorithm)) { display.add(bytes: $0) })
        } catch let error as WorkloadError {
            return .failed(FileFailure(path: path, reason: error.message))
        }
    }

    /// The one place where work is handed on. `add` is told of bytes as they are done.
    private static func hash(
        _ input: ChecksumFile.Input, _ add: @escaping @Sendable (Int) -> Void
    ) async throws -> FileChecksum {
        var before = 0
        return try ChecksumFile.compute(input) {
            add($0.completed - before)
            before = $0.completed
        }
    }
}
