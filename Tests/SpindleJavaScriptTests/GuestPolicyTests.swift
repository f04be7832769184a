import Foundation
import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Testing

/// What guests may reach, and what their owner lends them.
@Suite(.serialized) struct GuestPolicyTests {
    /// The codes of the errors of some statements; "none" where there is no error.
    static func codes(_ statements: [String], _ options: JavaScriptOptions = JavaScriptOptions()) async throws -> [String] {
        let program = """
            const { parentPort, workerData } = require('worker_threads');
            (async () => {
                const codes = [];
                for (const text of workerData) {
                    try { await (0, eval)(`(async (require) => { ${text} })`)(require); codes.push('none'); } catch (error) {
                        codes.push(error.code ?? String(error));
                    }
                }
                parentPort.postMessage(codes);
            })();
            """
        let worker = try await JavaScriptWorker(.source(program), workerData: statements, options: options)
        for try await codes in worker.messages(as: [String].self) { return codes }
        return []
    }

    @Test func `a guest reaches nothing unless it is allowed`() async throws {
        let statements = [
            "require('fs')", "require('node:os')", "require('/etc/hostname')", "require('module')",
            "process.getBuiltinModule('fs')", "process.kill(process.pid, 0)", "process.umask()",
            "new (require('worker_threads').Worker)('1', { eval: true })", "new BroadcastChannel('x')",
        ]
        let codes = try await Self.codes(statements)
        #expect(codes == Array(repeating: "ERR_ACCESS_DENIED", count: statements.count), "\(zip(statements, codes).map { $0 })")
    }

    @Test(arguments: ["import 'node:fs';", "await import('fs');", "import 'data:text/javascript,import \"node:fs\"';"])
    func `a module cannot import what is denied`(program: String) async throws {
        let worker = try await JavaScriptWorker(.module(program))
        let error = await #expect(throws: JavaScriptError.self) { for try await _ in worker.messages {} }
        #expect(error?.message.contains("restricted by the policy") == true, "\(error?.description ?? "")")
    }

    @Test func `what leads nowhere is there`() async throws {
        let statements = [
            "require('node:util').inspect({})", "require('events')", "await new Promise((done) => setTimeout(done, 1))",
            "structuredClone({ a: 1 })", "if (Object.keys(process.env).length) throw process.env",
            "console.log('nobody listens')",
            "new MessageChannel().port1.close()", "await require('timers/promises').setTimeout(1)",
        ]
        let codes = try await Self.codes(statements)
        #expect(codes == Array(repeating: "none", count: statements.count), "\(zip(statements, codes).map { $0 })")
    }

    @Test func `paths that are listed can be used, also through links, and no others`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
        let inside = directory.appending(path: "inside")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("secret".utf8).write(to: directory.appending(path: "secret"))
        try Data("open".utf8).write(to: inside.appending(path: "open"))
        try FileManager.default.createSymbolicLink(
            at: inside.appending(path: "out"), withDestinationURL: directory.appending(path: "secret"))
        try FileManager.default.createSymbolicLink(
            at: inside.appending(path: "dangling"), withDestinationURL: directory.appending(path: "new"))
        var options = JavaScriptOptions()
        options.policy.modules = nil
        options.policy.readablePaths = [inside.path]
        options.policy.writablePaths = [inside.appending(path: "new").path]
        options.values["base"] = .string(inside.path)
        let denied = [
            "require('fs').readFileSync(base + '/out')", "require('fs').readFileSync(base + '/../secret')",
            "require('fs').readFileSync(base + '/none/../../secret')", "require('fs').writeFileSync(base + '/open', '')",
            "require('fs').writeFileSync(base + '/dangling', '')", "await require('fs').promises.readFile(base + '/out')",
            "require('fs').openSync(base + '/open')", "require('fs').readFileSync(0)", "require('fs').readdirSync('/')",
            "require('fs').symlinkSync('/etc', base + '/new')", "require('fs').rmSync(base + '/open')",
            "require('fs').copyFileSync(base + '/out', base + '/new')",
        ]
        let codes = try await Self.codes(denied, options)
        #expect(codes == Array(repeating: "ERR_ACCESS_DENIED", count: denied.count), "\(zip(denied, codes).map { $0 })")
        let allowed = [
            "if (require('fs').readFileSync(base + '/open', 'utf8') !== 'open') throw 1",
            "require('fs').writeFileSync(base + '/new', 'x')", "require('fs').readdirSync(base)",
            "if (await require('fs').promises.readFile(base + '/open', 'utf8') !== 'open') throw 1",
        ]
        #expect(try await Self.codes(allowed, options) == Array(repeating: "none", count: allowed.count))
    }

    @Test func `a guest that lives too long or takes too much is ended`() async throws {
        var options = JavaScriptOptions()
        options.policy.lifetimeLimit = .milliseconds(100)
        for program in ["for (;;);", "setInterval(() => {}, 1e6)"] {
            let worker = try await JavaScriptWorker(.source(program), options: options)
            let error = await #expect(throws: GuestLimitError.self) { for try await _ in worker.messages {} }
            #expect(error?.limit == .lifetime)
        }
        options = JavaScriptOptions()
        options.policy.memoryLimit = 64 << 20
        let worker = try await JavaScriptWorker(
            .source("const all = []; for (;;) all.push(Array.from({ length: 1000 }, (_, i) => ({ i })));"), options: options)
        let error = await #expect(throws: GuestLimitError.self) { for try await _ in worker.messages {} }
        #expect(error?.limit == .memory)
    }

    // MARK: What the owner lends

    struct Point: Codable, Equatable {
        var x: Int
        var y: Int
    }

    @Test func `functions and values of the host are globals`() async throws {
        var options = JavaScriptOptions()
        options.functions["add"] = HostFunction { (a: Int, b: Int) in a + b }
        options.functions["move"] = HostFunction { (point: Point, by: Int?) async throws -> Point in
            await Task.yield()
            return Point(x: point.x + (by ?? 1), y: point.y)
        }
        options.functions["fail"] = HostFunction { () throws -> Int in
            throw JavaScriptError(name: "RangeError", message: "too far")
        }
        options.functions["failLater"] = HostFunction { () async throws -> Void in
            await Task.yield()
            throw JavaScriptError(name: "RangeError", message: "too late")
        }
        options.values["limits"] = ["most": 7]
        let worker = try await JavaScriptWorker(
            .module(
                """
                import { parentPort } from 'node:worker_threads';
                const tell = (value) => parentPort.postMessage(value);
                const text = (error) => `${error.name}: ${error.message}`;
                tell(String(add(1, 2)));
                tell(JSON.stringify(await move({ x: 1, y: 2 })));
                tell(JSON.stringify(await move({ x: 1, y: 2 }, 10)));
                try { fail(); } catch (error) { tell(text(error)); }
                await failLater().catch((error) => tell(text(error)));
                try { add('a', 1); } catch (error) { tell(error.name); }
                tell(`${limits.most} ${add.name}`);
                """), options: options)
        var told: [String] = []
        for try await text in worker.messages(as: String.self) { told.append(text) }
        #expect(
            told == [
                "3", #"{"x":2,"y":2}"#, #"{"x":11,"y":2}"#, "RangeError: too far", "RangeError: too late", "TypeError", "7 add",
            ])
    }

    @Test func `a call that is under way is cancelled when its guest ends`() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, cancelling) = AsyncStream.makeStream(of: Void.self)
        var options = JavaScriptOptions()
        options.functions["wait"] = HostFunction { () async throws -> Void in
            beginning.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch { cancelling.yield() }
        }
        let worker = try await JavaScriptWorker(.source("wait()"), options: options)
        for await _ in began { break }
        await worker.terminate()
        for await _ in cancelled { break }
    }
}
