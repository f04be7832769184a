import Logging
import ServiceLifecycle
import SpindleServer
import Testing

@Suite("Start and end of the server", .timeLimit(.minutes(2)))
struct LifecycleTests {
    @Test("A shutdown answers the clients that wait and ends the event streams")
    func draining() async throws {
        try await TestServer.with {
            $0.drainDeadline = .seconds(60)
        } _: { server in
            let events = try await server.connect()
            try await events.sendHead("GET", "/api/events", [:])
            async let waiting = server.post("/api/tasks/primes?wait=true", json: #"{"to": 100000000}"#)
            try await events.read { Event.parse($0).contains { $0.tasks.contains { $0["state"] as? String == "running" } } }
            await server.services.triggerGracefulShutdown()
            #expect(try await waiting.state == "succeeded")
            _ = try await events.read()
        }
    }

    @Test("A task that outlasts the deadline is stopped, and its client told")
    func deadline() async throws {
        try await TestServer.with {
            $0.drainDeadline = .milliseconds(50)
        } _: { server in
            let events = try await server.connect()
            try await events.sendHead("GET", "/api/events", [:])
            async let waiting = server.post("/api/tasks/primes?wait=true", json: #"{"to": 9000000000}"#)
            try await events.read { Event.parse($0).contains { $0.tasks.contains { $0["state"] as? String == "running" } } }
            await server.services.triggerGracefulShutdown()
            #expect(["cancelled", "failed"].contains(try await waiting.state))
        }
    }

    @Test("A port in use is an error that says what to do")
    func portInUse() async throws {
        try await TestServer.with { server in
            var options = ServerOptions()
            options.port = server.port
            let second = SpindleServer(options: options, metrics: PrometheusMetrics(), logger: LogRecorder().logger)
            let error = await #expect(throws: ServerError.self) { try await second.run() }
            #expect(error?.code == .cannotListen)
            #expect(error?.message.contains("--port") == true)
        }
    }

    @Test("A limit on memory is an error where tasks run on threads")
    func memoryLimit() async throws {
        var options = ServerOptions()
        options.isolation = .thread
        options.memoryLimit = 1 << 30
        let server = SpindleServer(options: options, metrics: PrometheusMetrics(), logger: LogRecorder().logger)
        let error = await #expect(throws: ServerError.self) { try await server.run() }
        #expect(error?.code == .invalidOption)
    }

    @Test("An allowed directory that does not exist is an error")
    func missingDirectory() async throws {
        var options = ServerOptions()
        options.allowedDirectories = ["/no/such/directory"]
        let server = SpindleServer(options: options, metrics: PrometheusMetrics(), logger: LogRecorder().logger)
        let error = await #expect(throws: ServerError.self) { try await server.run() }
        #expect(error?.code == .invalidOption)
    }
}
