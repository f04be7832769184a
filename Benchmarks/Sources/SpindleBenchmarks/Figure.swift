import Foundation
import Histogram

/// One line of the output: what was measured, and what came out.
struct Figure: Encodable {
    let peer: String
    let metric: String
    let value: Double
    let unit: String
    var p99: Double?
    var n: Int?

    static let peerName = "spindle swift thread"

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

    func figure(_ metric: String, unit: String, nanosecondsPerUnit: Double) -> Figure {
        let at = { Double(histogram.valueAtPercentile($0)) / nanosecondsPerUnit }
        return Figure(
            peer: Figure.peerName, metric: metric, value: at(50), unit: unit, p99: at(99), n: Int(histogram.totalCount))
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
