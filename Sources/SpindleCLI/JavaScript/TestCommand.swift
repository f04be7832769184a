internal import ArgumentParser
internal import SpindleJavaScript

struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs tests written with node:test.",
        discussion: """
            Without files, those below the working directory whose names say so are run:
            *.test.js, *-test.js, *_test.js, test-*.js, test.js, and all in folders named
            'test'; .cjs and .mjs likewise. Each file runs in a process of its own.

            EXAMPLES
              spindle test
              spindle test test/queue.test.mjs
              spindle test --timeout 10000 --concurrency 1

            EXIT CODES
              0    every test has passed, was skipped, or is still to be done
              1    a test failed, or there is none
              64   the command was called wrongly
            """)

    @Option(help: "How many files run at once. (default: one less than there are processors)")
    var concurrency: Int?

    @Option(help: ArgumentHelp("How long a file may take, in milliseconds.", valueName: "ms"))
    var timeout: Int?

    @Argument(help: "Files with tests.", completion: .file())
    var files: [String] = []

    func validate() throws {
        if let concurrency, concurrency < 1 { throw ValidationError("--concurrency has to be at least 1.") }
        if let timeout, timeout < 1 { throw ValidationError("--timeout has to be at least 1 ms.") }
    }

    func run() async throws {
        let options = [concurrency?.description ?? "", timeout?.description ?? ""]
        try await GuestRun.run(
            .source(Self.program, name: "[test]", printsResult: false), program: nil, arguments: options + files)
    }

    /// Reads the options as its first two arguments.
    private static let program = """
        const { run } = require('node:test');
        const { spec } = require('node:test/reporters');
        const [concurrency, timeout, ...files] = process.argv.slice(1);
        const events = run({
            concurrency: +concurrency || true, files: files.length > 0 ? files : undefined, timeout: +timeout || undefined,
        });
        events.on('test:summary', ({ cancelled, failed, tests }) => {
            if (tests === 0) console.error('There are no tests here. Name files, or write one whose name ends in .test.js.');
            if (tests === 0 || failed + cancelled > 0) process.exitCode = 1;
        });
        (async () => {
            for await (const text of spec(events)) process.stdout.write(text);
        })();
        """
}
