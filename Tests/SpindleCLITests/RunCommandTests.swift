import Foundation
import Testing

@Suite struct RunCommandTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func run(_ text: String, as name: String = "main.cjs", _ arguments: String...) throws -> Program {
        try directory.write(text, to: name)
        return try Program.run(["run", "data/" + name] + arguments, in: directory)
    }

    @Test func `a program gets its arguments and prints`() throws {
        let program = try run("console.log(process.argv.slice(2)); console.error('remark');", "--one", "two", "-p")
        #expect(program.output == "[ '--one', 'two', '-p' ]\n")
        #expect(program.errors == "remark\n")
        #expect(program.status == 0)
    }

    @Test func `a module runs, awaits and imports`() throws {
        try directory.write("export const answer = 42;", to: "other.mjs")
        let program = try run(
            "import { answer } from './other.mjs'; await null; console.log(answer, import.meta.filename.endsWith('main.mjs'));",
            as: "main.mjs")
        #expect(program.output == "42 true\n")
    }

    @Test func `a program is read from the standard input`() throws {
        try directory.write("console.log(process.argv.length, require('path').sep)", to: "program.js")
        let process = try Program.process(["run", "-", "x"], in: directory)
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: directory.path + "/data/program.js"))
        try process.run()
        Program.waitForEnd(of: process)
        #expect(try Program.result(of: process, in: directory).output == "3 /\n")
    }

    @Test func `eval runs and prints`() throws {
        #expect(try Program.run("eval", "-p", "6 * 7", in: directory).output == "42\n")
        #expect(
            try Program.run("eval", "-p", "[process.argv.length, typeof require]", "a", in: directory).output
                == "[ 2, 'function' ]\n")
        #expect(try Program.run("eval", "let x = 1", in: directory).output == "")
    }

    @Test func `eval has the built-in modules as globals, until the program has its own`() throws {
        let code = "console.log(os.EOL.length, path.sep, Object.keys(globalThis).includes('os')); os = 5; console.log(os)"
        #expect(try Program.run("eval", code, in: directory).output == "1 / false\n5\n")
        #expect(try Program.run("eval", "-p", "typeof module.exports", in: directory).output == "object\n")
        // They are no worker's.
        let inWorker = "new worker_threads.Worker('console.log(typeof os)', { eval: true })"
        #expect(try Program.run("eval", inWorker, in: directory).output == "undefined\n")
        #expect(try run("console.log(typeof os)").output == "undefined\n")
    }

    @Test func `eval runs modules, which have no value to print`() throws {
        let module = "import { EOL } from 'os'; console.log(EOL.length, await 5, typeof require)"
        #expect(try Program.run("eval", module, in: directory).output == "1 5 undefined\n")
        let program = try Program.run("eval", "-p", module, in: directory)
        #expect(program.status == 1)
        #expect(program.errors.contains("ERR_EVAL_ESM_CANNOT_PRINT"))
    }

    @Test func `a module that waits for ever ends with 13`() throws {
        let program = try run("process.on('exit', (code) => console.log(code)); await new Promise(() => {});", as: "main.mjs")
        #expect(program.status == 13)
        #expect(try run("process.exitCode = 4; await new Promise(() => {});", as: "main.mjs").status == 4)
        #expect(try run("await new Promise(() => {});", as: "main.mjs").status == 13)
    }

    @Test func `what a module throws at its top goes to the handlers of exceptions`() throws {
        let program = try run(
            "process.on('uncaughtException', (value, origin) => console.log(value, origin)); await 1; throw 'text';",
            as: "main.mjs")
        #expect(program.output == "text unhandledRejection\n")
        #expect(program.status == 0)
        #expect(try run("throw 'text';", as: "main.mjs").errors.contains("text\n"))
    }

    @Test func `an error of the engine has its stack in the usual form when it is printed and when it is handled`() throws {
        let program = try run(
            """
            function deep() { null.x; }
            try { deep(); } catch (error) { console.log(error); console.log(error.stack); }
            process.on('uncaughtException', (error) => console.log(error.stack));
            process.on('unhandledRejection', (error) => console.log(error.stack));
            (async () => { deep(); })();
            deep();
            """)
        let head = "TypeError: null is not an object (evaluating 'null.x')\n    at deep ("
        let errors = program.output.components(separatedBy: head)
        #expect(errors.count == 5, "\(program.output)")
        #expect(!program.output.contains("@"))
    }

    @Test func `an error that nobody caught shows its line and ends with 1`() throws {
        let program = try run("function f() {\n  throw new TypeError('boom');\n}\nf();\n")
        #expect(program.status == 1)
        let lines = program.errors.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasSuffix("data/main.cjs:2"))
        #expect(lines[1] == "  throw new TypeError('boom');")
        #expect(lines[2].trimmingPrefix { $0 == " " } == "^")
        #expect(lines[4] == "TypeError: boom")
        #expect(lines[5].hasPrefix("    at f (") && lines[5].contains("data/main.cjs:2:"))
        #expect(lines[6].contains("data/main.cjs:4:"))
    }

    @Test(arguments: [
        ("Promise.reject(new Error('lost'))", "Error: lost"),
        ("throw { a: 1 }", "{ a: 1 }"),
        ("null.x", "TypeError: null is not an object"),
        ("require('./none')", "Cannot find module './none'"),
        ("let 5;", "SyntaxError: "),
        ("Promise.reject(5)", "ERR_UNHANDLED_REJECTION"),
        ("Promise.reject({ a: 1 })", "UnhandledPromiseRejection: This error originated"),
        ("throw undefined", "Uncaught:\nundefined\n"),
    ])
    func `an error ends the program with 1 and is told`(source: String, text: String) throws {
        let program = try run(source)
        #expect(program.status == 1)
        #expect(program.errors.contains(text), "\(program.errors)")
        #expect(program.output == "")
    }

    @Test func `an error of syntax shows where`() throws {
        for (name, source) in [("a.cjs", "let ok;\n  ok = ;\n"), ("a.mjs", "export let ok;\n  ok = ;\n")] {
            let program = try run(source, as: name)
            #expect(program.status == 1)
            let lines = program.errors.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].hasSuffix(name + ":2"))
            #expect(lines[1] == "  ok = ;")
            #expect(lines[2] == "       ^")
        }
    }

    @Test func `a file that is not there is told`() throws {
        let program = try Program.run("run", "none.js", in: directory)
        #expect(program.status == 1)
        #expect(program.errors.contains("Cannot find module '") && program.errors.contains("none.js'"))
    }

    @Test func `the exit code is the program's`() throws {
        #expect(try run("process.exitCode = 7").status == 7)
        #expect(try run("process.exit(130)").status == 130)
        #expect(try run("process.on('exit', () => { process.exitCode = 9 })").status == 9)
    }

    @Test func `beforeExit and exit come in their turn`() throws {
        let program = try run(
            """
            let again = true;
            process.on('beforeExit', () => {
                console.log('before');
                if (again) setTimeout(() => console.log('more'), 1);
                again = false;
            });
            process.on('exit', (code) => console.log('exit', code));
            """)
        #expect(program.output == "before\nmore\nbefore\nexit 0\n")
    }

    @Test func `a signal that the program listens to does not end it`() throws {
        let program = try run(
            """
            const hold = setInterval(() => {}, 1000);
            process.on('SIGTERM', (name) => { console.log(name); clearInterval(hold); });
            process.kill(process.pid, 'SIGTERM');
            """)
        #expect(program.output == "SIGTERM\n")
        #expect(program.status == 0)
    }

    @Test func `a great deal of output is not cut off by the end`() throws {
        let program = try run("for (let i = 0; i < 20000; i++) console.log(i); process.exit(0);")
        #expect(program.output.split(separator: "\n").count == 20000)
    }

    @Test func `options of the engine in the environment do not reach it`() throws {
        try directory.write("console.log('fine')", to: "main.cjs")
        let process = try Program.process(["run", "data/main.cjs"], in: directory)
        process.environment = ProcessInfo.processInfo.environment.merging(["JSC_useJIT": "nonsense", "JSC_dumpOptions": "3"]) {
            $1
        }
        try process.run()
        Program.waitForEnd(of: process)
        let program = try Program.result(of: process, in: directory)
        #expect(program.output == "fine\n")
        #expect(program.errors == "")
    }
}
