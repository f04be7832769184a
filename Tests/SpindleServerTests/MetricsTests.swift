import CoreMetrics
@testable import SpindleServer
import Testing

@Suite("Metrics for Prometheus")
struct MetricsTests {
    @Test("Counters, gauges and timers appear with their types, names and labels made valid")
    func rendering() {
        let metrics = PrometheusMetrics()
        Counter(label: "jobs.done", dimensions: [("kind", "a\"b\\c\nd")], factory: metrics).increment(by: 3)
        Gauge(label: "depth", factory: metrics).record(2.5)
        Timer(label: "1wait", factory: metrics).recordNanoseconds(2_000_000_000)
        let text = metrics.text()
        #expect(text.contains("# TYPE jobs_done_total counter\njobs_done_total{kind=\"a\\\"b\\\\c\\nd\"} 3\n"))
        #expect(text.contains("# TYPE depth gauge\ndepth 2.5\n"))
        #expect(text.contains("# TYPE _1wait_seconds histogram\n"))
        #expect(text.contains("_1wait_seconds_bucket{le=\"1\"} 0\n_1wait_seconds_bucket{le=\"5\"} 1\n"))
        #expect(text.contains("_1wait_seconds_bucket{le=\"+Inf\"} 1\n_1wait_seconds_sum 2\n_1wait_seconds_count 1\n"))
    }

    @Test("The same name and labels are one series, in whatever order the labels come")
    func sameSeries() {
        let metrics = PrometheusMetrics()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: metrics).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: metrics).increment()
        #expect(metrics.text().contains("c_total{a=\"1\",b=\"2\"} 2\n"))
    }

    @Test("No more series than allowed are kept, and what is dropped is counted")
    func bounded() {
        let metrics = PrometheusMetrics(seriesLimit: 2)
        for index in 0..<5 { Counter(label: "c", dimensions: [("n", "\(index)")], factory: metrics).increment() }
        let text = metrics.text()
        #expect(text.contains("n=\"1\"") && !text.contains("n=\"2\""))
        #expect(text.contains("metrics_dropped_series_total 3\n"))
    }

    @Test("A name keeps the kind it was first used with")
    func oneKindPerName() {
        let metrics = PrometheusMetrics()
        Gauge(label: "x_total", factory: metrics).record(1)
        Counter(label: "x", factory: metrics).increment()
        #expect(metrics.text().contains("# TYPE x_total gauge\nx_total 1\n"))
        #expect(metrics.text().contains("metrics_dropped_series_total 1\n"))
    }

    @Test("The server serves them, by route and not by path", .timeLimit(.minutes(10)))
    func served() async throws {
        try await TestServer.with { server in
            for path in ["/api/tasks/1", "/api/tasks/2", "/a", "/b"] { _ = try await server.get(path) }
            let answer = try await server.get("/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains("http_requests_total{method=\"GET\",route=\"/api/tasks/{task}\",status=\"404\"} 2\n"))
            #expect(!answer.body.contains("\"/a\""))
        }
    }
}
