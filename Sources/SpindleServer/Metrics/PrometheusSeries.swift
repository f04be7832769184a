internal import CoreMetrics
internal import Synchronization

/// One series and its figures.
final class PrometheusSeries: Sendable {
    enum Kind: Hashable { case counter, gauge, histogram, timer }

    struct Figures {
        /// A counter's or gauge's value; the sum of what a histogram was given.
        var value = 0.0
        var count: UInt64 = 0
        /// How many values lie at or below each of ``bounds``.
        var buckets: [UInt64]
    }

    let kind: Kind
    /// Upper bounds of the buckets, rising.
    let bounds: [Double]
    private let figures: Mutex<Figures>

    init(_ kind: Kind) {
        self.kind = kind
        bounds =
            switch kind {
            case .counter, .gauge: []
            case .timer: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300]
            case .histogram: [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
            }
        figures = Mutex(Figures(buckets: Array(repeating: 0, count: bounds.count)))
    }

    var snapshot: Figures { figures.withLock { $0 } }

    fileprivate func add(_ amount: Double) { figures.withLock { $0.value += amount } }
    fileprivate func assign(_ value: Double) { figures.withLock { $0.value = value } }

    fileprivate func observe(_ value: Double) {
        figures.withLock { figures in
            figures.value += value
            figures.count += 1
            for index in bounds.indices where value <= bounds[index] { figures.buckets[index] += 1 }
        }
    }
}

// Each handler protocol of swift-metrics asks for a class; one class serves all, and
// the factory hands it out as the protocol that fits its kind.
extension PrometheusSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    func increment(by amount: Int64) {
        if kind == .gauge { add(Double(amount)) } else { add(max(0, Double(amount))) }
    }
    func increment(by amount: Double) {
        if kind == .gauge { add(amount) } else { add(max(0, amount)) }
    }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { assign(0) }
    func set(_ value: Int64) { assign(Double(value)) }
    func set(_ value: Double) { assign(value) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { if kind == .gauge { assign(value) } else { observe(value) } }
    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1e9) }
}
