public import CoreMetrics
internal import Synchronization

/// A backend for swift-metrics that Prometheus reads: text format 0.0.4.
///
/// Counters become counters, meters and plain recorders gauges, timers and aggregating
/// recorders histograms; timers count in seconds. Names are made valid, so that
/// `pool.tasks-queued` appears as `pool_tasks_queued`.
///
/// The number of series is bounded: what comes after the last is dropped, and counted in
/// `metrics_dropped_series_total`. Recording takes a lock for some ten nanoseconds.
public final class PrometheusMetrics: MetricsFactory {
    private let registry: Mutex<PrometheusRegistry>

    /// - Parameter seriesLimit: how many series (names with their labels) are kept.
    public init(seriesLimit: Int = 1_000) {
        registry = Mutex(PrometheusRegistry(seriesLimit: seriesLimit))
    }

    /// All series as Prometheus reads them.
    public func text() -> String {
        let (families, dropped) = registry.withLock { ($0.families, $0.dropped) }
        return PrometheusText.render(families, dropped: dropped)
    }

    private func series(_ label: String, _ dimensions: [(String, String)], _ kind: PrometheusSeries.Kind) -> PrometheusSeries {
        registry.withLock { $0.series(label, dimensions, kind) }
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter)
    }

    public func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter)
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .timer)
    }

    // A series stays once it is made: a counter that vanished and came back would look like a restart.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}
