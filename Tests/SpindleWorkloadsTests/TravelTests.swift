import Spindle
import SpindleWorkloads
import Testing

/// What a task needs to run in a process: the compiler checks the types, the tests that the name leads back.
private struct Fit: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let isFound: Bool

    init<Work: WorkerTask>(_ work: Work.Type)
    where Work.Input: Codable, Work.Output: Codable, Work.Progress: Codable {
        testDescription = "\(work)"
        isFound = _mangledTypeName(work).flatMap(_typeByName).map { $0 == work } ?? false
    }

    static let all = [
        Fit(Allocate.self), Fit(Checksum.self), Fit(ChecksumFile.self), Fit(Crash.self), Fit(CSVSummary.self),
        Fit(PasswordHash.self), Fit(Primes.self), Fit(Spin.self),
    ]
}

@Suite struct TravelTests {
    @Test(arguments: Fit.all)
    private func `a worker process finds every task by its name, and what it is given and gives can be encoded`(fit: Fit) {
        #expect(fit.isFound)
    }
}
