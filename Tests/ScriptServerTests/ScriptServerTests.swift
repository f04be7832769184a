import Foundation
import Hummingbird
import HummingbirdTesting
@testable import ScriptServer
import Testing

/// Over the loopback interface, as clients do it.
@Suite(.serialized) struct ScriptServerTests {
    struct Answer: Decodable {
        struct Failure: Decodable {
            var code: String
            var message: String
            var stack: String?
        }
        var output: Int?
        var error: Failure?
    }

    static let limits = ScriptLimits(time: .milliseconds(800), running: 2, waiting: 3)

    func serving(
        _ limits: ScriptLimits = limits, _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let runner = try await ScriptRunner(limits: limits)
        // A client with a connection per request under way: the other kind has one for all.
        try await scriptServer(runner).test(.ahc(.http)) { client in try await body(client) }
        await runner.close()
    }

    @Sendable static func run(
        _ client: any TestClientProtocol, _ script: String, input: String = "null"
    ) async throws -> (status: HTTPResponse.Status, answer: Answer) {
        let text = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
        let body = ByteBuffer(string: "{\"script\":\(text),\"input\":\(input)}")
        return try await client.execute(uri: "/run", method: .post, body: body) { response in
            (response.status, try JSONDecoder().decode(Answer.self, from: Data(buffer: response.body)))
        }
    }

    @Test func `a script gets its input and gives its output`() async throws {
        try await serving { client in
            let (status, answer) = try await Self.run(
                client, "export default ({ numbers }) => numbers.reduce((a, b) => a + b);", input: #"{"numbers":[1,2,3]}"#)
            #expect(status == .ok && answer.output == 6)
            let later = try await Self.run(
                client, "export default async (n) => { await new Promise((done) => setTimeout(done, 10)); return n * 2; };",
                input: "21")
            #expect(later.status == .ok && later.answer.output == 42)
            let nothing = try await Self.run(client, "export default () => {};")
            #expect(nothing.status == .ok && nothing.answer.output == nil && nothing.answer.error == nil)
        }
    }

    @Test(arguments: [
        ("export default () => { throw new RangeError('no'); };", "threw", "RangeError: no"),
        ("export default () => { throw 'a text'; };", "threw", "The script threw: a text"),
        ("export default (", "threw", "SyntaxError"),
        ("export const other = 1;", "threw", "The script exports no function as its default"),
        ("export default () => { for (;;); };", "tooSlow", "longer than"),
        ("for (;;);", "tooSlow", "longer than"),
        ("export default () => new Promise(() => {});", "tooSlow", "longer than"),
        ("export default () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", "tooSlow", "longer than"),
        ("export default () => { const all = []; for (;;) all.push({ all }); };", "tooLarge", "64 MiB"),
        ("export default () => { const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1)); };", "tooLarge", "64 MiB"),
        ("export default () => { process.exit(3); };", "ended", "ended without an output"),
        ("export default () => 'x'.repeat(2e6);", "threw", "The output is longer"),
        ("import 'node:fs'; export default () => 1;", "denied", "restricted by the policy"),
        ("export default async () => (await import('file:///etc/passwd')).default;", "threw", "Cannot find module"),
        ("export default () => process.kill(process.ppid, 9);", "denied", "restricted by the policy"),
    ])
    func `what a script does wrong is its own fault, in plain words`(script: String, code: String, words: String) async throws {
        try await serving { client in
            let (status, answer) = try await Self.run(client, script)
            #expect(status == .unprocessableContent)
            #expect(answer.error?.code == code, "\(String(describing: answer.error))")
            #expect(answer.error?.message.contains(words) == true, "\(answer.error?.message ?? "")")
        }
    }

    @Test func `one script sees nothing that another has left behind`() async throws {
        try await serving { client in
            let poison = "globalThis.secret = 1; Array.prototype.map = () => 0; JSON.parse = () => 0; export default () => 1;"
            for _ in 0..<3 { #expect(try await Self.run(client, poison).status == .ok) }
            for _ in 0..<3 {
                let (_, answer) = try await Self.run(
                    client, "export default (n) => typeof secret === 'undefined' ? [n].map((x) => x + 1)[0] : 0;", input: "5")
                #expect(answer.output == 6)
            }
        }
    }

    @Test func `while some scripts loop and eat memory others are served`() async throws {
        try await serving(ScriptLimits(time: .milliseconds(800), running: 3, waiting: 50)) { client in
            try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for script in [
                    "export default () => { for (;;); };", "export default () => { const a = []; for (;;) a.push({ a }); };",
                ] {
                    group.addTask { try await Self.run(client, script).status }
                }
                for number in 0..<20 {
                    let (status, answer) = try await Self.run(client, "export default (n) => n + 1;", input: "\(number)")
                    #expect(status == .ok && answer.output == number + 1)
                }
                for try await status in group { #expect(status == .unprocessableContent) }
            }
        }
    }

    @Test func `what the server cannot take is said so at once`() async throws {
        try await serving { client in
            for body in ["", "no JSON", "[]", #"{"script": 5}"#] {
                try await client.execute(uri: "/run", method: .post, body: ByteBuffer(string: body)) { response in
                    #expect(response.status == .badRequest)
                }
            }
            let long = ByteBuffer(string: #"{"script":""# + String(repeating: "x", count: 2_000_000) + #""}"#)
            try await client.execute(uri: "/run", method: .post, body: long) { #expect($0.status == .contentTooLarge) }
            let statuses = try await withThrowingTaskGroup(of: HTTPResponse.Status.self) { group in
                for _ in 0..<12 { group.addTask { try await Self.run(client, "export default () => { for (;;); };").status } }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses[.serviceUnavailable, default: 0] >= 5, "\(statuses)")
            #expect(statuses[.serviceUnavailable, default: 0] + statuses[.unprocessableContent, default: 0] == 12, "\(statuses)")
        }
    }
}
