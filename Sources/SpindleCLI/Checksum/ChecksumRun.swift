internal import Glibc
internal import Spindle
internal import SpindleWorkloads

/// Hashes one file or every file below a directory, some at a time.
struct ChecksumRun: Sendable {
    private let root: String
    private let algorithm: ChecksumAlgorithm
    /// Nil: the root is a file.
    private let listing: DirectoryListing?

    /// Lists the files and hashes up to `jobs` at a time, on the threads of a pool; shows the progress.
    ///
    /// - Throws: `WorkloadError` when the root cannot be read; `CancellationError`.
    static func perform(
        root: String, algorithm: ChecksumAlgorithm, jobs: Int
    ) async throws -> (run: ChecksumRun, report: ChecksumReport) {
        let pool = try await WorkerPool(.init(name: "checksum", size: .fixed(jobs)))
        do {
            let run = try await pool.run { try ChecksumRun(root: root, algorithm: algorithm) }
            let report = try await run.report(pool, jobs: jobs)
            await pool.shutdownNow()
            return (run, report)
        } catch {
            await pool.shutdownNow()
            throw error
        }
    }

    /// Lists the files.
    private init(root: String, algorithm: ChecksumAlgorithm) throws {
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

    private func report(_ pool: WorkerPool, jobs: Int) async throws -> ChecksumReport {
        guard let listing else {
            let input = ChecksumFile.Input(root: root, path: nil, algorithm: algorithm)
            let file = try await pool.run(ChecksumFile.self, input)
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
                    group.addTask { try await outcome(of: file.path, pool, display) }
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

    private func outcome(of path: String, _ pool: WorkerPool, _ display: ProgressDisplay) async throws -> Outcome {
        let input = ChecksumFile.Input(root: root, path: path, algorithm: algorithm)
        defer { display.endFile() }
        do {
            // A closure instead of the task type, because it can count every chunk straight into the display.
            return .summed(
                try await pool.run {
                    var before = 0
                    return try ChecksumFile.compute(input) {
                        display.add(bytes: $0.completed - before)
                        before = $0.completed
                    }
                })
        } catch let error as WorkloadError {
            return .failed(FileFailure(path: path, reason: error.message))
        }
    }
}
