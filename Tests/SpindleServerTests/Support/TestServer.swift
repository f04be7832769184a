import Foundation
import Logging
import ServiceLifecycle
import SpindleServer
import Synchronization

/// A server on a free port of loopback, for the length of one test.
struct TestServer: Sendable {
    let port: Int
    let services: ServiceGroup
    let log: LogRecorder

    /// Runs `body` against a new server and stops the server afterwards.
    static func with(
        _ change: (inout ServerOptions) -> Void = { _ in }, _ body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        var options = ServerOptions()
        options.port = 0
        options.workers = 2...2
        // Whatever the default is: tests of processes say so.
        options.isolation = .thread
        options.drainDeadline = .seconds(5)
        change(&options)
        let log = LogRecorder()
        let (ports, listening) = AsyncStream<Int>.makeStream()
        let server = SpindleServer(options: options, metrics: PrometheusMetrics(), logger: log.logger) { port in
            listening.yield(port)
        }
        let services = ServiceGroup(configuration: .init(services: [server], logger: log.logger))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { listening.finish() }
                try await services.run()
            }
            if let port = await ports.first(where: { _ in true }) {
                do {
                    try await body(TestServer(port: port, services: services, log: log))
                } catch {
                    group.cancelAll()
                    try? await group.waitForAll()
                    throw error
                }
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    // MARK: Requests

    func connect() async throws -> Connection { try await Connection(port: port) }

    /// Sends one request on a connection of its own and reads the answer.
    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        let connection = try await connect()
        var headers = headers
        headers["Connection"] = "close"
        if let body, headers["Content-Length"] == nil { headers["Content-Length"] = String(body.utf8.count) }
        try await connection.sendHead(method, path, headers)
        // The server may have refused the head and closed already: then the answer is there to read.
        if let body { try? await connection.send(body) }
        return try await connection.answer()
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    func post(_ path: String, json: String) async throws -> Answer {
        try await send("POST", path, ["Content-Type": "application/json"], body: json)
    }

    func post(_ path: String, file: String, type: String = "application/octet-stream") async throws -> Answer {
        try await send("POST", path, ["Content-Type": type], body: file)
    }

    /// Follows `/api/events` until a task is as wanted.
    func waitForTask(_ id: Int, where isWanted: @escaping @Sendable ([String: Any]) -> Bool) async throws {
        let connection = try await connect()
        try await connection.sendHead("GET", "/api/tasks/\(id)/events", [:])
        try await connection.read { text in
            Event.parse(text).contains { event in event.tasks.contains(where: isWanted) }
        }
        try await connection.close()
    }
}

/// Remembers what is logged, to look for what must not be there.
final class LogRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(recorder: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            recorder.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:]) \(metadata)") }
        }
    }
}
