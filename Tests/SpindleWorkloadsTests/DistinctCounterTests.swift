import Testing

@testable import SpindleWorkloads

@Suite struct DistinctCounterTests {
    private func counter(_ values: Range<Int>, repeats: Int = 1) -> DistinctCounter {
        var counter = DistinctCounter()
        for _ in 0..<repeats {
            for value in values { counter.insert(ByteHash.hash(Array("value \(value)".utf8).span)) }
        }
        return counter
    }

    @Test func `up to its limit the count is exact, however often values come`() {
        for count in [0, 1, 17, DistinctCounter.exactLimit] {
            let counter = counter(0..<count, repeats: 3)
            #expect(counter.isExact)
            #expect(counter.estimate == count)
        }
    }

    // The hash is fixed, so these are the same figures in every run. Three standard errors.
    @Test(arguments: [513, 1_000, 5_000, 10_000, 20_000, 100_000, 1_000_000])
    func `above it the estimate is within the stated error`(count: Int) {
        let counter = counter(0..<count)
        #expect(!counter.isExact)
        let error = abs(Double(counter.estimate - count)) / Double(count)
        #expect(error < 3 * DistinctCounter.standardError, "estimated \(counter.estimate) for \(count)")
    }

    @Test func `over many sets the root mean square error is the stated one`() {
        let count = 8_000
        var sum = 0.0
        for set in 0..<40 {
            let estimate = counter(set * count..<(set + 1) * count).estimate
            let error = Double(estimate - count) / Double(count)
            sum += error * error
        }
        #expect((sum / 40).squareRoot() < 1.3 * DistinctCounter.standardError)
    }

    @Test func `fields of every length that differ in one byte have different hashes`() {
        for length in 1...80 {
            var hashes = Set<UInt64>()
            let bytes = [UInt8](repeating: 0x61, count: length)
            hashes.insert(ByteHash.hash(bytes.span))
            for index in 0..<length {
                var other = bytes
                other[index] = 0x62
                hashes.insert(ByteHash.hash(other.span))
            }
            #expect(hashes.count == length + 1, "length \(length)")
        }
    }
}
