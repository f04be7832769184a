import Foundation
import Logging
import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Testing

/// Guests that try to get at what they may not.
@Suite(.serialized) struct GuestEscapeTests {
    @Test func `no way of naming a module leads past the policy`() async throws {
        let statements = [
            "module.constructor.createRequire('/tmp/x.js')('fs')", "module.constructor._load('fs')", "module.require('fs')",
            "require.main.require('fs')", "module.constructor.prototype.require.call(module, 'fs')",
            "process.mainModule.require('fs')", "await import('node:fs')", "await import('fs')",
            "await import('data:text/javascript,export { readFileSync } from \"node:fs\"')",
            "await import('data:text/javascript,import \"node:module\"')", "process.getBuiltinModule('node:fs')",
            "process.getBuiltinModule('module')", "require('node:vm')", "require('child_process')",
            "await new Function('return import(\"fs\")')()", "await (0, eval)('import(\"fs\")')",
            "require('internal/modules/host')", "require('node:internal/bootstrap')", "process.binding('fs')",
            "process._linkedBinding('fs')", "process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')",
        ]
        let codes = try await GuestPolicyTests.codes(statements)
        for (statement, code) in zip(statements, codes) { #expect(code != "none", "\(statement)") }
    }

    @Test func `what is denied stays so however the guest has changed its own world by then`() async throws {
        var options = JavaScriptOptions()
        options.policy.modules = nil
        let poison = """
            Object.keys = () => []; Object.getOwnPropertyNames = () => []; Reflect.ownKeys = () => [];
            Array.prototype[Symbol.iterator] = function* () {}; Array.prototype.map = () => []; Set.prototype.has = () => true;
            String.prototype.startsWith = () => true; Function.prototype.call = () => true; RegExp.prototype.exec = () => null;
            """
        let statements = [
            "require('child_process').execSync('true')", "require('child_process').spawn('true')",
            "navigator.locks.request('x', () => {})",
            "require('worker_threads').locks.query()", "require('fs').readFileSync('/etc/hostname')",
            "process.kill(process.pid, 0)",
            "new BroadcastChannel('x')", "require('os').setPriority(0, 1)",
        ]
        for statement in statements {
            let worker = try await JavaScriptWorker(
                .source("(async () => { \(poison)\n const told = await \(statement); process.exit(99); })();"), options: options)
            #expect(try await worker.exit.code == 1, "\(statement)")
        }
    }

    @Test func `a guest does not learn which files there are`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "escape-\(UUID().uuidString)")
        let inside = directory.appending(path: "inside")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: directory.appending(path: path)) }
        try write("module.exports = 'beside'", "inside/beside.cjs")
        try write("{\"secret\": 1}", "secret.json")
        try write("module.exports = 'secret'", "secret.cjs")
        try FileManager.default.createSymbolicLink(
            at: inside.appending(path: "link.cjs"), withDestinationURL: directory.appending(path: "secret.cjs"))
        let program = """
            const { parentPort, workerData } = require('node:worker_threads');
            (async () => {
                const told = [];
                for (const path of workerData) {
                    try { told.push(require(path)); } catch (error) { told.push(`${error.code}`); }
                    try { told.push((await import(`file://${path}`)).default); } catch (error) { told.push(`${error.code}`); }
                }
                told.push(typeof require('fs').existsSync);
                parentPort.postMessage(told);
            })();
            """
        try write(program, "inside/main.cjs")
        func told(_ names: [String], importable: [String]) async throws -> [String] {
            var options = JavaScriptOptions()
            options.policy.importablePaths = importable
            options.policy.modules?.insert("fs")
            let worker = try await JavaScriptWorker(
                .file(inside.appending(path: "main.cjs").path), workerData: names.map { directory.path + "/" + $0 },
                options: options)
            for try await told in worker.messages(as: [String].self) { return told }
            return []
        }
        let hidden = ["secret.json", "secret.cjs", "none.cjs", "inside/link.cjs", "inside/../secret.cjs"]
        let notFound = hidden.flatMap { _ in ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"] }
        #expect(
            try await told(hidden + ["inside/beside.cjs"], importable: []) == notFound + [
                "MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND", "function",
            ])
        #expect(
            try await told(hidden + ["inside/beside.cjs"], importable: [inside.path]) == notFound + [
                "beside", "beside", "function",
            ])
        // What it may import it may not read.
        let worker = try await JavaScriptWorker(
            .url("data:text/javascript,import { readFileSync } from 'fs'; readFileSync('\(inside.path)/beside.cjs')"),
            options: {
                var options = JavaScriptOptions()
                options.policy.importablePaths = [inside.path]
                options.policy.modules?.insert("fs")
                return options
            }())
        let error = await #expect(throws: JavaScriptError.self) { for try await _ in worker.messages {} }
        #expect(error?.code == "ERR_ACCESS_DENIED", "\(error?.description ?? "")")
    }

    @Test func `programs come from files and URLs with what is beside them`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "a b-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data("import { half } from './half.mjs'; process.exit(half(8));".utf8).write(
            to: directory.appending(path: "main.mjs"))
        try Data("export const half = (n) => n / 2;".utf8).write(to: directory.appending(path: "half.mjs"))
        var options = JavaScriptOptions()
        options.policy.importablePaths = [directory.path]
        let main = directory.appending(path: "main.mjs")
        for source in [JavaScriptSource.file(main.path), .url(main.absoluteString), .url("data:text/javascript,process.exit(4)")]
        {
            #expect(try await JavaScriptWorker(source, options: options).exit.code == 4)
        }
        let alone = try await JavaScriptWorker(.file(main.path))
        let error = await #expect(throws: JavaScriptError.self) { for try await _ in alone.messages {} }
        #expect(error?.code == "ERR_MODULE_NOT_FOUND", "\(error?.description ?? "")")
    }

    /// Statements that find nothing to take hold of: true each.
    @Test func `poisoned prototypes, stacks and host functions lead nowhere`() async throws {
        let statements = [
            "Object.keys(process.env).length === 0",
            "typeof process.binding !== 'function' || throws(() => process.binding('fs'))",
            // A host function belongs to the guest's own world.
            "ask.constructor('return this')() === globalThis && ask.constructor === Function",
            "throws(() => ask.caller)",
            "Object.getPrototypeOf(ask) === Function.prototype",
            // Whatever internals do with objects, no setter of the guest's sees a function of the host's.
            """
            (() => {
                const seen = [];
                const names = ['call', 'callLater', 'open', 'compile', 'readFile', 'readText', 'names', 'post', 'start', '0', '1'];
                for (const name of names) {
                    Object.defineProperty(Object.prototype, name, { configurable: true, set(value) { seen.push(value); } });
                }
                try { ask({ a: 1 }); require('util').inspect({}); structuredClone({ x: [1] }); } catch {}
                for (const name of names) delete Object.prototype[name];
                const text = (value) => Function.prototype.toString.call(value);
                return !seen.some((value) => typeof value === 'function' && /native code/.test(text(value)));
            })()
            """,
            """
            (() => {
                const push = Array.prototype.push; let stolen = false;
                Array.prototype.push = function (...values) { stolen ||= this.includes?.('fs'); return push.apply(this, values); };
                try { require('events'); } finally { Array.prototype.push = push; }
                return !stolen;
            })()
            """,
            // Stacks show names and places, and neither functions nor what they were called on.
            """
            (() => {
                let sites; Error.prepareStackTrace = (error, all) => { sites = all; return ''; };
                try { void new Error('x').stack; ask(() => {}); } catch (error) { void error.stack; }
                Error.prepareStackTrace = undefined;
                return (sites ?? []).every((site) => !site.getFunction?.() && !site.getThis?.());
            })()
            """,
            "['.js', '.json'].every((name) => throws(() => require.extensions[name](module, '/etc/hostname')))",
            "require.cache['fs'] = { exports: 1 }, throws(() => require('fs'))",
            "throws(() => new (require('worker_threads').Worker)('data:text/javascript,1'))",
            "throws(() => new SharedArrayBuffer(2 ** 45))",
        ]
        let program = """
            const { parentPort, workerData } = require('node:worker_threads');
            globalThis.throws = (body) => { try { body(); return false; } catch { return true; } };
            globalThis.require = require; globalThis.module = module;
            const holds = (text) => { try { return (0, eval)(text) === true; } catch { return false; } };
            parentPort.postMessage(workerData.map(holds));
            """
        var options = JavaScriptOptions()
        options.functions["ask"] = HostFunction { (value: StructuredValue) in value }
        let worker = try await JavaScriptWorker(.source(program), workerData: statements, options: options)
        var results: [Bool] = []
        for try await values in worker.messages(as: [Bool].self) { results = values }
        #expect(results.count == statements.count)
        for (statement, isTrue) in zip(statements, results) where !isTrue { Issue.record("\(statement)") }
    }

    @Test(arguments: [
        // Messages that nobody takes are memory too.
        "const { port1 } = new MessageChannel(); for (;;) port1.postMessage({ text: 'x'.repeat(1000), numbers: [1, 2, 3] });",
        "const { port1 } = new MessageChannel(); for (;;) port1.postMessage('y'.repeat(10_000));",
        """
        const { port1 } = new MessageChannel();
        for (;;) { const moved = new ArrayBuffer(1 << 20); new Uint8Array(moved).fill(1); port1.postMessage(moved, [moved]); }
        """,
        "const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(1 << 20)).fill(1));",
        "let text = 'x'; for (;;) { text += text + Math.random(); text.charCodeAt(text.length - 1); }",
        "const all = []; (function again() { for (let i = 0; i < 1000; i++) all.push(() => i); queueMicrotask(again); })();",
        "const all = new Map(); setInterval(() => { for (let i = 0; i < 1e5; i++) all.set({}, i); }, 0);",
        "for (;;) wait();",
    ])
    func `a guest that takes all the memory there is ends, and nobody else does`(program: String) async throws {
        var options = JavaScriptOptions()
        options.policy.memoryLimit = 48 << 20
        options.policy.lifetimeLimit = .seconds(30)
        options.functions["wait"] = HostFunction { () async throws -> Void in try await Task.sleep(for: .seconds(3600)) }
        let worker = try await JavaScriptWorker(.source(program), options: options)
        // Text of more than the engine can hold is an error of the program's.
        let error = await #expect(throws: (any Error).self) { for try await _ in worker.messages {} }
        let isBounded = (error as? GuestLimitError)?.limit == .memory || (error as? JavaScriptError)?.message == "Out of memory"
        #expect(isBounded, "\(String(describing: error))")
    }

    @Test func `a guest that prints without end is heard to its limit`() async throws {
        let lines = LogLines()
        var options = JavaScriptOptions()
        options.policy.outputLimit = 10_000
        options.worker.logger = Logger(label: "test") { _ in LogLines.Handler(lines: lines) }
        let worker = try await JavaScriptWorker(
            .source("for (let i = 0; i < 100_000; i++) console.log('x'.repeat(99)); process.exit(3)"), options: options)
        #expect(try await worker.exit.code == 3)
        #expect(lines.all.count == 101)
        #expect(lines.all.last == "warning The guest has printed more than 10000 bytes; the rest is dropped.")
    }
}
