internal import ArgumentParser
internal import Glibc
internal import SpindleJavaScript

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a JavaScript program written for Node.js.",
        discussion: """
            The file is CommonJS or an ECMAScript module, as its name (.cjs, .mjs) and the
            'type' of its package.json say. With - the program is read from the standard
            input. What follows the file goes to the program, as process.argv.

            EXAMPLES
              spindle run main.mjs
              spindle run server.js --port 8080
              echo 'console.log(process.version)' | spindle run -

            EXIT CODES
              The program's own: what process.exit() or process.exitCode says, else
              0    nothing was left to do
              1    an error that nobody caught
              64   the command was called wrongly
            """)

    @Argument(help: "The program's file, or - for the standard input.", completion: .file())
    var file: String

    @Argument(parsing: .captureForPassthrough, help: "What the program is given.")
    var arguments: [String] = []

    func run() async throws {
        if file == "-" {
            try await GuestRun.run(
                .source(Self.standardInput(), name: "[stdin]", printsResult: false), program: "-", arguments: arguments)
        }
        try await GuestRun.run(.file(file), program: Self.absolute(file), arguments: arguments)
    }

    private static func absolute(_ file: String) -> String {
        guard let path = realpath(file, nil) else { return file }
        defer { free(path) }
        return String(cString: path)
    }

    private static func standardInput() -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += chunk[..<count]
        }
    }
}
