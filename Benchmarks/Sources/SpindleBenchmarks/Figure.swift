import Foundation
import Histogram
import Spindle

/// One line of the output: what was measured, and what came out.
struct Figure: Encodable {
    let peer: String
    let metric: String
    let value: Double
    let unit: String
    let p99: Double?
    let n: Int?

    init(
        _ metric: String, in isolation: WorkerIsolation = .thread, _ value: Double, _ unit: String, p99: Double? = nil,
        n: Int? = nil
    ) {
        peer = "spindle swift \(isolation)"
        self.metric = metric
        self.value = value
        self.unit = unit
        self.p99 = p99
        self.n = n
    }

    func print() {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(self) else { return }
        FileHandle.standardOutput.write(line + Data("\n".utf8))
    }
}

/// Durations of one operation, in nanoseconds, and the figure they make.
struct Samples {
    private var histogram = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    mutating func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        _ = histogram.record(UInt64(max(1, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)))
    }

    func figure(_ metric: String, in isolation: WorkerIsolation = .thread, _ unit: Unit) -> Figure {
        let at = { Double(histogram.valueAtPercentile($0)) / unit.nanoseconds }
        return Figure(metric, in: isolation, at(50), unit.rawValue, p99: at(99), n: Int(histogram.totalCount))
    }

    enum Unit: String {
        case us, ms

        fileprivate var nanoseconds: Double { self == .us ? 1_000 : 1_000_000 }
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
