import SpindleServer
import Testing

@Suite("The protocol below the routes", .timeLimit(.minutes(2)))
struct ProtocolTests {
    @Test("A client that waits to be asked for its body is asked", arguments: ["", "?wait=true"])
    func expectContinue(_ query: String) async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            try await connection.sendHead(
                "POST", "/api/tasks/checksum\(query)",
                [
                    "Content-Type": "application/octet-stream", "Content-Length": "3", "Expect": "100-continue",
                    "Connection": "close",
                ])
            let interim = try await connection.read { $0.contains("\r\n\r\n") }
            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send("abc")
            let answer = try await connection.answer()
            #expect(answer.status == (query.isEmpty ? 202 : 200))
        }
    }

    @Test("One whose body is refused gets the refusal at once, and its connection is closed")
    func refusedExpectation() async throws {
        try await TestServer.with {
            $0.limits.upload = 100
        } _: { server in
            let connection = try await server.connect()
            try await connection.sendHead(
                "POST", "/api/tasks/checksum",
                ["Content-Type": "application/octet-stream", "Content-Length": "101", "Expect": "100-continue"])
            let text = try await connection.read()
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(!text.contains("100 Continue"))
            #expect(text.lowercased().contains("\r\nconnection: close\r\n"))
        }
    }

    @Test("One that does not wait is not asked")
    func noExpectation() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            let body = #"{"to": 10}"#
            try await connection.send(
                "POST /api/tasks/primes?wait=true HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try await connection.answer().status == 200)
        }
    }

    @Test(
        "What is no HTTP gets words and not only a number",
        arguments: ["nonsense\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "GET / HTTP/1.1\r\nbroken\r\n\r\n"])
    func malformed(_ text: String) async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            try await connection.send(text)
            let answer = try await connection.answer()
            #expect(answer.status == 400 && answer.errorCode == "malformed-request")
            #expect(answer.headers["connection"] == "close")
            // Nobody else notices.
            #expect(try await server.get("/health").status == 200)
        }
    }

    @Test("A request that breaks in its body gets words too")
    func malformedBody() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            try await connection.sendHead(
                "POST", "/api/tasks/checksum", ["Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"])
            try await connection.send("not a number\r\n")
            #expect(try await connection.answer().errorCode == "malformed-request")
            #expect(try await server.get("/api/status").json["storedUploadBytes"] as? Int == 0)
        }
    }
}
