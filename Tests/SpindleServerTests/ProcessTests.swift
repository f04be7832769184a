import Foundation
import SpindleServer
import Testing

@Suite("Tasks in worker processes", .timeLimit(.minutes(2)), .enabled(if: ProcessIsolation.isAvailable))
struct ProcessTests {
    struct Death: Sendable, CustomTestStringConvertible {
        let json: String
        let cause: String
        var signals: Set<String> = []
        var exitCode: Int?
        var testDescription: String { json }
    }

    @Test(
        "A task that crashes fails alone, with the reason, and the server answers all the while",
        arguments: [
            Death(json: #"{"how": "trap"}"#, cause: "signal", signals: ["SIGILL", "SIGTRAP"]),
            Death(json: #"{"how": "abort"}"#, cause: "signal", signals: ["SIGABRT"]),
            Death(json: #"{"how": "stack-overflow"}"#, cause: "signal", signals: ["SIGSEGV", "SIGBUS"]),
            Death(json: #"{"how": "exit", "code": 130}"#, cause: "exit-code", exitCode: 130),
        ])
    func crash(_ death: Death) async throws {
        try await TestServer.with {
            $0.isolation = .process
        } _: { server in
            let neighbour = try #require(try await server.post("/api/tasks/primes", json: #"{"to": 9000000000}"#).id)
            try await server.waitForTask(neighbour) { $0["state"] as? String == "running" }
            async let crashed = server.post("/api/tasks/crash?wait=true", json: death.json)
            for _ in 0..<20 { #expect(try await server.get("/health").status == 200) }
            let answer = try await crashed
            #expect(answer.state == "failed")
            let error = try #require(answer.task["error"] as? [String: Any])
            #expect(error["code"] as? String == "worker-crashed")
            let crash = try #require(error["crash"] as? [String: Any])
            #expect(crash["cause"] as? String == death.cause)
            #expect(crash["exitCode"] as? Int == death.exitCode)
            if !death.signals.isEmpty { #expect(death.signals.contains(crash["signal"] as? String ?? "")) }
            if death.json.contains("trap") {
                #expect((crash["lastErrorLines"] as? [String])?.contains { $0.contains("because it was asked to") } == true)
            }
            #expect(try await server.get("/api/tasks/\(neighbour)").state == "running")
            #expect(try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 10}"#).state == "succeeded")
            let status = try await server.get("/api/status").json
            #expect(status["isolation"] as? String == "process")
            #expect((status["pool"] as? [String: Any])?["crashed"] as? Int == 1)
            _ = try await server.send("DELETE", "/api/tasks/\(neighbour)")
        }
    }

    @Test("A task that ignores its cancellation is killed within the grace period and 50 ms")
    func spin() async throws {
        try await TestServer.with {
            $0.isolation = .process
        } _: { server in
            #expect(try await server.send("POST", "/api/tasks/spin").id == 1)
            try await server.waitForTask(1) { $0["state"] as? String == "running" }
            #expect(try await server.send("DELETE", "/api/tasks/1").status == 202)
            let told = Date()
            try await server.waitForTask(1) { $0["state"] as? String == "cancelled" }
            let finished = try #require(try await server.get("/api/tasks/1").task["finished"] as? String)
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            #expect(try Date(finished, strategy: format).timeIntervalSince(told) < 0.25)
            let pool = try await server.get("/api/status").json["pool"] as? [String: Any]
            #expect(pool?["killed"] as? Int == 1 && pool?["abandoned"] as? Int == 0 && pool?["crashed"] as? Int == 0)
        }
    }

    @Test("A task that takes more memory than its worker may is ended, and the limit named; one below it is not")
    func memoryLimit() async throws {
        try await TestServer.with {
            $0.isolation = .process
            $0.memoryLimit = 256 << 20
        } _: { server in
            let greedy = try await server.post("/api/tasks/allocate?wait=true", json: #"{"mebibytes": 1024}"#)
            let error = greedy.task["error"] as? [String: Any]
            let crash = error?["crash"] as? [String: Any]
            #expect(crash?["cause"] as? String == "limit" && crash?["limit"] as? String == "memory")
            let modest = try await server.post("/api/tasks/allocate?wait=true", json: #"{"mebibytes": 100}"#)
            #expect(modest.state == "succeeded")
        }
    }

    @Test("What a workload says of its input arrives from a process as from a thread")
    func words() async throws {
        try await TestServer.with {
            $0.isolation = .process
        } _: { server in
            let answer = try await server.post("/api/tasks/csv?wait=true", file: "a\n\"open", type: "text/csv")
            let error = answer.task["error"] as? [String: Any]
            #expect(error?["code"] as? String == "failed")
            #expect((error?["message"] as? String)?.contains("quote") == true)
        }
    }
}
