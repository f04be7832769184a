/// The costs of scrypt (RFC 7914, 2).
public struct ScryptParameters: Codable, Equatable, Sendable {
    /// 128 × N × r × p may not be more than this many bytes: it bounds memory and time together.
    public static let maximumMemory = 1 << 30
    public static let logNRange = 10...20
    /// swift-crypto computes its memory limit too small for r above 16 (with p = 1), and cannot be told another.
    public static let rRange = 1...16
    public static let pRange = 1...16

    /// Logarithm to base 2 of the cost N.
    public let logN: Int
    /// Block size.
    public let r: Int
    /// How many times the work is done, one after the other.
    public let p: Int

    /// By default 32 MiB and some tens of milliseconds.
    public init(logN: Int = 15, r: Int = 8, p: Int = 1) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// 128 × N × r × p, in bytes; for parameters in their ranges.
    var memory: Int { 128 * (1 << logN) * r * p }

    func validate() throws(WorkloadError) {
        guard Self.logNRange ~= logN else { throw Self.outside("ln", logN, Self.logNRange) }
        guard Self.rRange ~= r else { throw Self.outside("r", r, Self.rRange) }
        guard Self.pRange ~= p else { throw Self.outside("p", p, Self.pRange) }
        guard memory <= Self.maximumMemory else {
            throw WorkloadError(
                .limitExceeded,
                "ln=\(logN), r=\(r), p=\(p) cost \(memory >> 20) MiB; "
                    + "at most \(Self.maximumMemory >> 20) MiB are allowed, so lower one.")
        }
    }

    private static func outside(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> WorkloadError {
        WorkloadError(.invalidInput, "\(name)=\(value) is out of range; give \(range.lowerBound) to \(range.upperBound).")
    }
}
