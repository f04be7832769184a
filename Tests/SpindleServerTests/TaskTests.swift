import Foundation
import SpindleServer
import Testing

@Suite("Tasks over HTTP", .timeLimit(.minutes(2)))
struct TaskTests {
    @Test("A waiting request gets the task and its result")
    func waiting() async throws {
        try await TestServer.with { server in
            let answer = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 1000, "last": 2}"#)
            #expect(answer.status == 200)
            #expect(answer.state == "succeeded")
            let result = answer.json["result"] as? [String: Any]
            #expect(result?["count"] as? Int == 168)
            #expect(result?["last"] as? [Int] == [991, 997])
        }
    }

    @Test("A submitted task is found, listed, and gives its result when it has ended")
    func submitted() async throws {
        try await TestServer.with { server in
            let submitted = try await server.post("/api/tasks/primes", json: #"{"to": 100}"#)
            #expect(submitted.status == 202)
            let id = try #require(submitted.id)
            #expect(submitted.headers["location"] == "/api/tasks/\(id)")
            try await server.waitForTask(id) { $0["state"] as? String == "succeeded" }
            #expect(try await server.get("/api/tasks/\(id)").state == "succeeded")
            #expect(try await server.get("/api/tasks/\(id)/result").json["count"] as? Int == 25)
            let found = try await server.get("/api/tasks?state=succeeded&kind=primes").json["tasks"] as? [[String: Any]]
            #expect(found?.map { $0["id"] as? Int } == [id])
            let failed = try await server.get("/api/tasks?state=failed").json["tasks"] as? [Any]
            #expect(failed?.isEmpty == true)
        }
    }

    @Test("A result is refused while the task runs, and a cancelled task has none")
    func cancelling() async throws {
        try await TestServer.with { server in
            let id = try #require(try await server.post("/api/tasks/primes", json: #"{"to": 9000000000}"#).id)
            let early = try await server.get("/api/tasks/\(id)/result")
            #expect(early.status == 409)
            #expect(early.errorCode == "not-finished")
            #expect(try await server.send("DELETE", "/api/tasks/\(id)").status == 202)
            try await server.waitForTask(id) { $0["state"] as? String == "cancelled" }
            #expect(try await server.get("/api/tasks/\(id)/result").errorCode == "no-result")
            let again = try await server.send("DELETE", "/api/tasks/\(id)")
            #expect(again.status == 409)
            #expect(again.errorCode == "already-ended")
        }
    }

    @Test("An uploaded CSV file is summed up, and deleted before the task counts as ended")
    func csv() async throws {
        try await TestServer.with { server in
            let answer = try await server.post(
                "/api/tasks/csv?wait=true&name=a%20b.csv", file: "n,t\n1,x\n3,y\n", type: "text/csv")
            #expect((answer.task["parameters"] as? [String: Any])?["name"] as? String == "a b.csv")
            let columns = (answer.json["result"] as? [String: Any])?["columns"] as? [[String: Any]]
            #expect(columns?.first?["mean"] as? Double == 2)
            #expect(try await server.get("/api/status").json["storedUploadBytes"] as? Int == 0)
        }
    }

    @Test("A little memory is allocated on a thread too")
    func allocate() async throws {
        try await TestServer.with { server in
            let answer = try await server.post("/api/tasks/allocate?wait=true", json: #"{"mebibytes": 9}"#)
            #expect((answer.json["result"] as? [String: Any])?["bytes"] as? Int == 9 << 20)
        }
    }

    @Test("An uploaded file's checksums are those of its bytes, under the name it was sent with")
    func checksum() async throws {
        try await TestServer.with { server in
            let answer = try await server.post("/api/tasks/checksum?wait=true&algorithm=sha256&name=a%20letter", file: "abc")
            let files = (answer.json["result"] as? [String: Any])?["files"] as? [[String: Any]]
            #expect(files?.map { $0["path"] as? String } == ["a letter"])
            // NIST FIPS 180-4, example of SHA-256.
            #expect(answer.body.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        }
    }

    @Test("A password appears nowhere: not in lists, events, errors, metrics or the log")
    func password() async throws {
        try await TestServer.with { server in
            let secret = "correct-horse-battery"
            let answer = try await server.post(
                "/api/tasks/password-hash?wait=true", json: #"{"password": "\#(secret)", "logN": 10}"#)
            #expect((answer.json["result"] as? String)?.hasPrefix("$scrypt$ln=10,r=8,p=1$") == true)
            let bad = try await server.post("/api/tasks/password-hash", json: #"{"password": "\#(secret)", "logN": 99}"#)
            let broken = try await server.post("/api/tasks/password-hash", json: #"{"password": "\#(secret)"#)
            #expect(bad.status == 400 && broken.status == 400)
            let connection = try await server.connect()
            try await connection.sendHead("GET", "/api/tasks/1/events", ["Connection": "close"])
            let texts = [
                answer.body, bad.body, broken.body, try await server.get("/api/tasks").body, try await connection.read(),
                try await server.get("/metrics").body, server.log.text,
            ]
            for text in texts { #expect(!text.contains(secret)) }
        }
    }

    @Test("A client that disconnects cancels the task it waits for")
    func disconnecting() async throws {
        try await TestServer.with { server in
            let connection = try await server.connect()
            let json = #"{"to": 9000000000}"#
            try await connection.sendHead(
                "POST", "/api/tasks/primes?wait=true",
                ["Content-Type": "application/json", "Content-Length": String(json.utf8.count)])
            try await connection.send(json)
            // The task shows in the stream of all before there is a number to ask for.
            let events = try await server.connect()
            try await events.sendHead("GET", "/api/events", [:])
            try await events.read { Event.parse($0).contains { $0.tasks.contains { $0["state"] as? String == "running" } } }
            try await connection.close()
            try await server.waitForTask(1) { $0["state"] as? String == "cancelled" }
            try await events.close()
        }
    }

    @Test("Health answers at once while every worker burns, and a burnt worker is replaced")
    func health() async throws {
        try await TestServer.with { server in
            for id in 1...2 {
                #expect(try await server.send("POST", "/api/tasks/spin").id == id)
                try await server.waitForTask(id) { $0["state"] as? String == "running" }
            }
            let clock = ContinuousClock()
            var times: [Duration] = []
            for _ in 0..<50 {
                let start = clock.now
                let answer = try await server.get("/health")
                times.append(clock.now - start)
                #expect(answer.json["status"] as? String == "ok")
            }
            // The middle one, and generous: other tests run at the same time.
            #expect(times.sorted()[25] < .milliseconds(100))
            for id in 1...2 {
                #expect(try await server.send("DELETE", "/api/tasks/\(id)").status == 202)
                try await server.waitForTask(id) { $0["state"] as? String == "cancelled" }
            }
            #expect(try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 10}"#).state == "succeeded")
            let pool = try await server.get("/api/status").json["pool"] as? [String: Any]
            #expect(pool?["abandoned"] as? Int == 2)
        }
    }

    @Test("A task that runs too long ends as timed out, with words that say so")
    func timeout() async throws {
        try await TestServer.with {
            $0.taskTimeout = .milliseconds(100)
        } _: { server in
            let answer = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 9000000000}"#)
            #expect(answer.state == "timed-out")
            let error = answer.task["error"] as? [String: Any]
            #expect(error?["code"] as? String == "timed-out")
            #expect((error?["message"] as? String)?.contains("timeout") == true)
        }
    }
}
