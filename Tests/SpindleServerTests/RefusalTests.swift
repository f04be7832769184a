import Foundation
import SpindleServer
import Testing

@Suite("What the server refuses", .timeLimit(.minutes(2)))
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        var headers: [String: String] = [:]
        var body: String?
        let status: Int
        let code: String
        var testDescription: String { "\(method) \(path) → \(status) \(code)" }

        static func json(_ path: String, _ body: String, _ code: String, status: Int = 400) -> Case {
            Case(
                method: "POST", path: path, headers: ["Content-Type": "application/json"], body: body, status: status, code: code)
        }
    }

    @Test(
        "Each bad request gets a 4xx with a code and words that say what is wrong",
        arguments: [
            Case(method: "GET", path: "/nowhere", status: 404, code: "not-found"),
            Case(method: "PUT", path: "/api/tasks", status: 405, code: "method-not-allowed"),
            Case(method: "POST", path: "/health", status: 405, code: "method-not-allowed"),
            Case(method: "GET", path: "/api/tasks/1", status: 404, code: "unknown-task"),
            Case(method: "GET", path: "/api/tasks/x", status: 400, code: "invalid-id"),
            Case(method: "DELETE", path: "/api/tasks/1", status: 404, code: "unknown-task"),
            Case(method: "GET", path: "/api/tasks/1/events", status: 404, code: "unknown-task"),
            Case(method: "GET", path: "/api/tasks?limit=0", status: 400, code: "invalid-parameter"),
            Case(method: "GET", path: "/api/tasks?state=done", status: 400, code: "invalid-parameter"),
            Case(method: "GET", path: "/api/tasks?limit=1&limit=2", status: 400, code: "repeated-parameter"),
            Case(method: "POST", path: "/api/tasks/nothing", status: 404, code: "unknown-kind"),
            Case(method: "POST", path: "/api/tasks/primes", body: "x", status: 415, code: "unsupported-media-type"),
            Case(
                method: "POST", path: "/api/tasks/csv", headers: ["Content-Type": "application/json"], body: "{}", status: 415,
                code: "unsupported-media-type"),
            Case(
                method: "POST", path: "/api/tasks/csv", headers: ["Content-Type": "text/csv"], body: "", status: 400,
                code: "empty-file"),
            Case(
                method: "POST", path: "/api/tasks/csv?name=" + String(repeating: "n", count: 256),
                headers: ["Content-Type": "text/csv"], body: "a", status: 400, code: "invalid-parameter"),
            .json("/api/tasks/primes", "", "missing-parameter"),
            .json("/api/tasks/primes", "{", "invalid-json"),
            .json("/api/tasks/primes", "[]", "invalid-json"),
            .json("/api/tasks/primes", #"{"to": "10"}"#, "invalid-parameter"),
            .json("/api/tasks/primes", #"{"to": 1.5}"#, "invalid-parameter"),
            .json("/api/tasks/primes", #"{"to": -1}"#, "invalid-parameter"),
            .json("/api/tasks/primes", #"{"from": 9, "to": 8}"#, "invalid-parameter"),
            .json("/api/tasks/primes", #"{"to": 10, "till": 11}"#, "unknown-parameter"),
            .json("/api/tasks/primes?wait=maybe", #"{"to": 10}"#, "invalid-parameter"),
            .json("/api/tasks/password-hash", #"{"password": ""}"#, "invalid-parameter"),
            .json("/api/tasks/password-hash", #"{"password": "\#(String(repeating: "x", count: 5_000))"}"#, "invalid-parameter"),
            .json("/api/tasks/crash", "", "needs-process-isolation", status: 403),
            .json("/api/tasks/crash", #"{"how": "exit", "code": 3}"#, "needs-process-isolation", status: 403),
            .json("/api/tasks/crash", #"{"how": "politely"}"#, "invalid-parameter"),
            .json("/api/tasks/crash", #"{"how": "exit", "code": 256}"#, "invalid-parameter"),
            .json("/api/tasks/crash", #"{"how": "abort", "code": 3}"#, "unknown-parameter"),
            .json("/api/tasks/allocate", #"{"mebibytes": 65}"#, "needs-process-isolation", status: 403),
            .json("/api/tasks/allocate", #"{"mebibytes": 0}"#, "invalid-parameter"),
            .json("/api/tasks/allocate", #"{"mebibytes": 4097}"#, "invalid-parameter"),
            .json("/api/tasks/allocate", "", "missing-parameter"),
            .json("/api/tasks/primes", #"{"to": \#(String(repeating: "0", count: 70_000))}"#, "too-large", status: 413),
        ])
    func badRequest(_ bad: Case) async throws {
        try await TestServer.with { server in
            let answer = try await server.send(bad.method, bad.path, bad.headers, body: bad.body)
            #expect(answer.status == bad.status)
            #expect(answer.errorCode == bad.code)
            #expect((answer.errorMessage?.count ?? 0) > 20)
            #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
        }
    }

    @Test("On threads a task that would end the server is refused with the way to run it", arguments: ["crash", "allocate"])
    func needsProcess(_ kind: String) async throws {
        try await TestServer.with { server in
            let answer = try await server.post("/api/tasks/\(kind)", json: kind == "crash" ? "" : #"{"mebibytes": 1000}"#)
            #expect(answer.errorMessage?.contains("--isolation process") == true)
            #expect(try await server.get("/api/status").json["isolation"] as? String == "thread")
        }
    }

    @Test(
        "Names that are not this server's are refused, its own are not",
        arguments: [
            ("localhost:1234", 200), ("LOCALHOST", 200), ("127.0.0.1", 200), ("[::1]:8080", 200), ("localhost.", 200),
            ("example.com", 421), ("localhost.example.com", 421), ("127.0.0.1.example.com:80", 421), ("10.0.0.1", 421),
        ])
    func host(_ name: String, _ status: Int) async throws {
        try await TestServer.with { server in
            let answer = try await server.send("GET", "/health", ["Host": name])
            #expect(answer.status == status)
        }
    }

    @Test(
        "Pages of other origins cannot change anything",
        arguments: [
            (["Origin": "http://example.com"], 403), (["Origin": "null"], 403), (["Origin": "http://localhost:1"], 403),
            (["Sec-Fetch-Site": "cross-site"], 403), (["Origin": "http://127.0.0.1"], 404), ([:], 404),
        ])
    func origin(_ headers: [String: String], _ status: Int) async throws {
        try await TestServer.with { server in
            let answer = try await server.send("DELETE", "/api/tasks/1", headers)
            #expect(answer.status == status)
        }
    }

    @Test("Only directories below an allowed one are read, whichever way they are spelt")
    func directories() async throws {
        let base = FileManager.default.temporaryDirectory.appending(path: "spindle-test-\(UUID().uuidString)")
            .resolvingSymlinksInPath()
        defer { try? FileManager.default.removeItem(at: base) }
        let open = base.appending(path: "open")
        let closed = base.appending(path: "open-not")
        for directory in [open.appending(path: "inner"), closed] {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data("abc".utf8).write(to: directory.appending(path: "file"))
        }
        try FileManager.default.createSymbolicLink(at: open.appending(path: "way-out"), withDestinationURL: closed)
        let path = open.path
        try await TestServer.with {
            $0.allowedDirectories = [path]
        } _: { server in
            @Sendable func read(_ directory: String) async throws -> Answer {
                try await server.post("/api/tasks/checksum?wait=true", json: #"{"directory": "\#(directory)"}"#)
            }
            let inside = try await read("\(path)/inner/../inner")
            #expect(inside.state == "succeeded")
            #expect(((inside.json["result"] as? [String: Any])?["files"] as? [Any])?.count == 1)
            for outside in ["\(path)/..", "\(path)/../open-not", "\(path)-not", "\(path)/way-out", "/etc", "/no/such"] {
                let answer = try await read(outside)
                #expect(answer.status == 403, "\(outside)")
                #expect(answer.errorCode == "directory-not-allowed")
            }
            #expect(try await read("\(path)/missing").errorCode == "no-such-directory")
            #expect(try await read("\(path)/inner/file").errorCode == "not-a-directory")
            #expect(try await read("inner").errorCode == "invalid-parameter")
            // The link is counted and not followed.
            let all = try await read(path).json["result"] as? [String: Any]
            #expect((all?["files"] as? [Any])?.count == 1 && all?["skippedLinks"] as? Int == 1)
        }
    }

    @Test("Without an allowed directory none is read, and the answer says how to allow one")
    func noDirectories() async throws {
        try await TestServer.with { server in
            let answer = try await server.post("/api/tasks/checksum", json: #"{"directory": "/"}"#)
            #expect(answer.status == 403)
            #expect(answer.errorMessage?.contains("--allow-directory") == true)
        }
    }

    @Test("Every answer forbids framing, guessing types and loading from elsewhere", arguments: ["/", "/health", "/nowhere"])
    func securityHeaders(_ path: String) async throws {
        try await TestServer.with { server in
            let headers = try await server.get(path).headers
            #expect(headers["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self';") == true)
            #expect(headers["x-content-type-options"] == "nosniff")
            #expect(headers["x-frame-options"] == "DENY")
            #expect(headers["referrer-policy"] == "no-referrer")
        }
    }
}
