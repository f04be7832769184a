import Testing

@testable import SpindleWorkloads

@Suite struct PrimesTests {
    private func primes(_ from: Int, _ to: Int, last: Int = 0) throws -> Primes.Output {
        try Primes.compute(.init(from: from, to: to, last: last)) { _ in }
    }

    // OEIS A006880.
    @Test(arguments: [(1, 0), (2, 1), (10, 4), (100, 25), (1_000_000, 78_498), (10_000_000, 664_579)])
    func `the counts up to powers of ten are the known ones`(bound: Int, count: Int) throws {
        #expect(try primes(0, bound).count == count)
    }

    @Test func `every small range agrees with trial division`() throws {
        let known = (2..<200).filter { number in (2..<number).allSatisfy { number % $0 != 0 } }
        for from in 0..<60 {
            for to in from..<200 {
                let expected = known.filter { from...to ~= $0 }
                #expect(try primes(from, to, last: 5) == .init(count: expected.count, last: Array(expected.suffix(5))))
            }
        }
    }

    @Test func `the last primes reach back over segments, up to the bound`() throws {
        // The largest primes below 10^12, by trial division.
        #expect(try primes(Primes.maximumBound - 100, Primes.maximumBound, last: 2).last == [999_999_999_961, 999_999_999_989])
        // The second segment of this range begins at its very end.
        let to = 3 + 2 * SegmentedSieve.segmentLength + 10
        let whole = try primes(0, to, last: 1_000).last
        #expect(whole.count == 1_000)
        #expect(try primes(whole[0], to, last: 1_000).last == whole)
        #expect(try primes(whole[0], to).count == 1_000)
    }

    @Test func `counts of neighbouring ranges add up`() throws {
        let whole = try primes(999_000_000_000, 999_002_000_000).count
        let parts = try primes(999_000_000_000, 999_000_777_777).count + primes(999_000_777_778, 999_002_000_000).count
        #expect(whole == parts)
    }

    @Test func `progress rises to the whole range`() throws {
        var reports: [WorkProgress] = []
        _ = try Primes.compute(.init(from: 1_000, to: 2_000_000)) { reports.append($0) }
        #expect(reports.count == 4)
        #expect(reports.last?.fraction == 1)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.completed < $1.completed })
    }

    @Test(arguments: [(-1, 5), (6, 5), (0, 1_000_000_000_001), (0, 10_000_000_000), (.min, .max)])
    func `ranges beyond the limits are refused`(from: Int, to: Int) {
        let error = #expect(throws: WorkloadError.self) { try primes(from, to) }
        #expect(error?.code == .invalidInput)
    }

    @Test(arguments: [-1, 1_001])
    func `too many last primes are refused`(last: Int) {
        #expect(throws: WorkloadError.self) { try primes(0, 10, last: last) }
    }

    @Test func `cancellation ends a search after the present segment`() async {
        let task = Task {
            try Primes.compute(.init(from: 0, to: 9_999_999_999)) { _ in withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
