/// Finds the odd primes of a range, one segment at a time.
struct SegmentedSieve: ~Copyable {
    /// Odd numbers a segment: a byte for each, so that the segment stays in a core's own cache.
    static let segmentLength = 1 << 18

    private let to: Int
    /// The first odd number of the present and of the next segment.
    private var start: Int
    private var next: Int
    /// 1 where the number `start + 2 * index` is prime.
    private var isPrime = [UInt8](repeating: 0, count: segmentLength)
    private var length = 0
    /// The odd primes up to the square root of `to`, and where in the next segment each strikes first.
    private let primes: [Int]
    private var strikes: [Int]

    init(from: Int, to: Int) {
        self.to = to
        let first = max(3, from | 1)
        start = first
        next = first
        primes = Self.oddPrimes(through: Self.squareRoot(to))
        strikes = primes.map { prime in
            // The first odd multiple from the prime's square on that is not below the range.
            let multiple = max(prime * prime, (first + prime - 1) / prime * prime)
            return ((multiple | 1 == multiple ? multiple : multiple + prime) - first) / 2
        }
    }

    /// The last number that the segments up to the present one cover.
    var searchedThrough: Int { min(to, next - 1) }

    /// Sieves the next segment; false when the range is at its end.
    mutating func advance() -> Bool {
        guard next <= to else { return false }
        start = next
        length = min(Self.segmentLength, (to - start) / 2 + 1)
        next = start + 2 * length
        Self.strike(&isPrime, length, primes, &strikes)
        return true
    }

    /// Leaves 1 for the primes of a segment; `strikes` moves on to the next one.
    private static func strike(_ isPrime: inout [UInt8], _ length: Int, _ primes: [Int], _ strikes: inout [Int]) {
        var segment = isPrime.mutableSpan
        for index in 0..<length { segment[unchecked: index] = 1 }
        for index in primes.indices {
            let prime = primes[index]
            var strike = strikes[index]
            while strike < length {
                // In bounds: strikes are never negative.
                segment[unchecked: strike] = 0
                strike += prime
            }
            strikes[index] = strike - length
        }
    }

    /// How many primes the present segment holds.
    func count() -> Int {
        let segment = isPrime.span
        var count = 0
        for index in 0..<length { count += Int(segment[unchecked: index]) }
        return count
    }

    /// The last primes of the present segment, ascending.
    func last(_ count: Int) -> [Int] {
        var found: [Int] = []
        var index = length - 1
        while index >= 0, found.count < count {
            if isPrime[index] == 1 { found.append(start + 2 * index) }
            index -= 1
        }
        return found.reversed()
    }

    private static func oddPrimes(through limit: Int) -> [Int] {
        guard limit >= 3 else { return [] }
        var isComposite = [Bool](repeating: false, count: limit + 1)
        var primes: [Int] = []
        for number in stride(from: 3, through: limit, by: 2) where !isComposite[number] {
            primes.append(number)
            for multiple in stride(from: number * number, through: limit, by: 2 * number) { isComposite[multiple] = true }
        }
        return primes
    }

    private static func squareRoot(_ number: Int) -> Int {
        // Exact below 2^52, which the bound of the range is.
        Int(Double(number).squareRoot())
    }
}
