import SpindleServer
import Testing

@Suite("The server's limits", .timeLimit(.minutes(2)))
struct LimitTests {
    @Test("A full queue answers 503 with Retry-After")
    func fullQueue() async throws {
        try await TestServer.with {
            $0.workers = 1...1
            $0.queueLimit = 1
        } _: { server in
            let long = #"{"to": 9000000000}"#
            #expect(try await server.post("/api/tasks/primes", json: long).status == 202)
            try await server.waitForTask(1) { $0["state"] as? String == "running" }
            #expect(try await server.post("/api/tasks/primes", json: long).status == 202)
            let refused = try await server.post("/api/tasks/primes", json: long)
            #expect(refused.status == 503 && refused.errorCode == "queue-full")
            #expect(refused.headers["retry-after"] == "2")
            // Cancelling the queued one makes room again.
            #expect(try await server.send("DELETE", "/api/tasks/2").status == 202)
            try await server.waitForTask(2) { $0["state"] as? String == "cancelled" }
            #expect(try await server.post("/api/tasks/primes", json: long).status == 202)
            for id in [1, 4] { _ = try await server.send("DELETE", "/api/tasks/\(id)") }
        }
    }

    @Test("A file declared too large is refused before its body is sent")
    func declaredTooLarge() async throws {
        try await TestServer.with {
            $0.limits.upload = 100_000
        } _: { server in
            let connection = try await server.connect()
            try await connection.sendHead(
                "POST", "/api/tasks/checksum", ["Content-Type": "application/octet-stream", "Content-Length": "100001"])
            let answer = try await connection.answer()
            #expect(answer.status == 413 && answer.errorCode == "too-large")
            #expect(answer.headers["connection"] == "close")
        }
    }

    @Test("A file that turns out too large is refused and leaves nothing behind")
    func turnsOutTooLarge() async throws {
        try await TestServer.with {
            $0.limits.upload = 100_000
        } _: { server in
            let connection = try await server.connect()
            try await connection.sendHead(
                "POST", "/api/tasks/checksum", ["Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"])
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            for _ in 0..<4 { try await connection.send(chunk) }
            let answer = try await connection.answer()
            #expect(answer.status == 413)
            #expect(try await server.get("/api/status").json["storedUploadBytes"] as? Int == 0)
        }
    }

    @Test(
        "One upload more than allowed at a time gets 503; one that is broken off makes room and starts no task",
        arguments: ["", "?wait=true"])
    func concurrentUploads(_ query: String) async throws {
        try await TestServer.with {
            $0.limits.concurrentUploads = 1
        } _: { server in
            let first = try await server.connect()
            try await first.sendHead(
                "POST", "/api/tasks/checksum\(query)", ["Content-Type": "application/octet-stream", "Content-Length": "1000"])
            try await first.send("half")
            var stored = 0
            while stored == 0 { stored = try await server.get("/api/status").json["storedUploadBytes"] as? Int ?? 0 }
            let refused = try await server.post("/api/tasks/checksum", file: "abc")
            #expect(refused.status == 503 && refused.errorCode == "too-many-uploads")
            #expect(refused.headers["retry-after"] != nil)
            try await first.close()
            while stored > 0 { stored = try await server.get("/api/status").json["storedUploadBytes"] as? Int ?? 0 }
            #expect(try await server.post("/api/tasks/checksum?wait=true", file: "abc").task["id"] as? Int == 1)
        }
    }

    @Test("Files of waiting tasks count, and too many bytes of them are refused")
    func storedUploads() async throws {
        try await TestServer.with {
            $0.workers = 1...1
            $0.limits.storedUploads = 10
        } _: { server in
            _ = try await server.post("/api/tasks/primes", json: #"{"to": 9000000000}"#)
            #expect(try await server.post("/api/tasks/checksum", file: "12345678").status == 202)
            let refused = try await server.post("/api/tasks/checksum", file: "12345678")
            #expect(refused.status == 503 && refused.errorCode == "storage-full")
            #expect(try await server.get("/api/status").json["storedUploadBytes"] as? Int == 8)
            // A queued task that is cancelled gives its file back.
            _ = try await server.send("DELETE", "/api/tasks/2")
            try await server.waitForTask(2) { $0["state"] as? String == "cancelled" }
            #expect(try await server.get("/api/status").json["storedUploadBytes"] as? Int == 0)
            _ = try await server.send("DELETE", "/api/tasks/1")
        }
    }

    @Test("A connection that never completes its request is closed")
    func slowHead() async throws {
        try await TestServer.with {
            $0.limits.idle = .milliseconds(200)
        } _: { server in
            let connection = try await server.connect()
            // The server may even be quicker than this.
            try? await connection.send("GET /health HTTP/1.1\r\nHost: local")
            #expect(try await connection.read().isEmpty)
        }
    }

    @Test("Of finished tasks only the newest are remembered")
    func finishedTasks() async throws {
        try await TestServer.with {
            $0.limits.finishedTasks = 2
        } _: { server in
            for _ in 0..<4 { _ = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 10}"#) }
            let tasks = try await server.get("/api/tasks").json["tasks"] as? [[String: Any]]
            #expect(tasks?.compactMap { $0["id"] as? Int } == [4, 3])
        }
    }
}
