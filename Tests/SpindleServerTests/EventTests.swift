import SpindleServer
import Testing

@Suite("Server-sent events", .timeLimit(.minutes(2)))
struct EventTests {
    @Test("The events of a task go forward, from its snapshot to its end, which ends the stream")
    func order() async throws {
        try await TestServer.with { server in
            let id = try #require(try await server.post("/api/tasks/primes", json: #"{"to": 300000000}"#).id)
            let connection = try await server.connect()
            try await connection.sendHead("GET", "/api/tasks/\(id)/events", [:])
            let events = Event.parse(try await connection.read { $0.contains("\r\n0\r\n\r\n") })
            #expect(events.first?.name == "snapshot")
            #expect(events.dropFirst().allSatisfy { $0.name == "task" })
            let tasks = events.flatMap(\.tasks)
            let states = tasks.compactMap { ["queued", "running", "succeeded"].firstIndex(of: $0["state"] as? String) }
            #expect(states.count == tasks.count && states == states.sorted() && states.last == 2)
            let revisions = tasks.compactMap { $0["revision"] as? Int }
            #expect(revisions == revisions.sorted() && Set(revisions).count == tasks.count)
            let shares = tasks.compactMap { ($0["progress"] as? [String: Any])?["fraction"] as? Double }
            #expect(shares == shares.sorted() && shares.last == 1)
        }
    }

    @Test("A client that comes back gets what it missed; one of another run gets a snapshot")
    func reconnecting() async throws {
        try await TestServer.with { server in
            _ = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 10}"#)
            let first = try await server.connect()
            try await first.sendHead("GET", "/api/events", [:])
            let seen = try #require(Event.parse(try await first.read { !Event.parse($0).isEmpty }).last)
            try await first.close()
            _ = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 10}"#)

            let second = try await server.connect()
            try await second.sendHead("GET", "/api/events", ["Last-Event-ID": seen.id])
            let missed = Event.parse(try await second.read { !Event.parse($0).isEmpty })
            #expect(missed.allSatisfy { $0.name == "task" && $0.data["id"] as? Int == 2 })
            try await second.close()

            let third = try await server.connect()
            try await third.sendHead("GET", "/api/events", ["Last-Event-ID": "another/7"])
            let all = Event.parse(try await third.read { !Event.parse($0).isEmpty })
            #expect(all.first?.name == "snapshot" && all.first?.tasks.count == 2)
            try await third.close()
        }
    }

    @Test("Only so many streams are open at a time, and one that is dropped makes room")
    func limit() async throws {
        try await TestServer.with {
            $0.limits.eventStreams = 1
        } _: { server in
            let first = try await server.connect()
            try await first.sendHead("GET", "/api/events", [:])
            try await first.read { !Event.parse($0).isEmpty }
            let refused = try await server.get("/api/events")
            #expect(refused.status == 503 && refused.errorCode == "too-many-streams")
            #expect(refused.headers["retry-after"] != nil)
            try await first.close()
            // The server hears of it a moment later; each try waits for a whole answer.
            var opened = false
            for _ in 0..<1_000 where !opened {
                let next = try await server.connect()
                try await next.sendHead("GET", "/api/events", [:])
                opened = try await next.read { $0.contains("\r\n\r\n") }.hasPrefix("HTTP/1.1 200")
                try await next.close()
            }
            #expect(opened)
        }
    }
}
