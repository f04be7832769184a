internal import Spindle
internal import TestSupport
internal import Testing

/// Where the workers of a conformance test run. Codable, so that a worker can be told where its own are to run.
enum Isolation: String, CaseIterable, Codable, Sendable, CustomTestStringConvertible {
    case thread, process

    /// What the conformance suites are run against.
    static let tested = allCases

    /// A worker's isolation and that of the workers it starts itself.
    static let nested = tested.flatMap { outer in tested.map { (outer, $0) } }

    var value: WorkerIsolation {
        switch self {
        case .thread: .thread
        case .process: .process
        }
    }

    var testDescription: String { rawValue }

    /// For names of threads, which are short.
    var initial: Character { self == .thread ? "t" : "p" }

    /// As many as each isolation does in a second or two.
    func count(threads: Int, processes: Int) -> Int {
        switch self {
        case .thread: threads
        case .process: processes
        }
    }

    // MARK: What is left

    /// How many workers of this name there are; use a name in one test only.
    func census(named name: String) -> Int {
        switch self {
        case .thread: ProcessCensus.threads(named: name).count
        case .process: ProcessCensus.descendants(withThreadsNamed: name)
        }
    }

    /// Waits until nothing of the workers of this name is left; false when something stays.
    func isGone(_ name: String) async -> Bool {
        switch self {
        case .thread: await ProcessCensus.noThreads(named: name)
        case .process: await ProcessCensus.noDescendants(withThreadsNamed: name)
        }
    }

    // MARK: What arrives

    /// Whether an error is the one that was thrown in a worker: itself from a thread, its type and words from a process.
    func isError<Failure: Error & Equatable>(_ error: (any Error)?, _ thrown: Failure) -> Bool {
        switch self {
        case .thread:
            return error as? Failure == thrown
        case .process:
            guard let remote = error as? RemoteError else { return false }
            return remote.isType(Failure.self) && remote.message == "\(thrown)"
        }
    }

    /// The exit of a worker that did not stop when it was told to.
    var forcedExit: String {
        switch self {
        case .thread: WorkerExit.abandoned.description
        case .process: WorkerExit.terminated.description
        }
    }
}

/// Expects the error that was thrown in a worker, as it arrives from there.
func expectFailure<Failure: Error & Equatable>(
    _ error: (any Error)?, _ thrown: Failure, in isolation: Isolation,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(isolation.isError(error, thrown), "\(String(reflecting: error))", sourceLocation: sourceLocation)
}
