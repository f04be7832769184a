internal import ArgumentParser
internal import SpindleJavaScript

struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Runs a piece of JavaScript.",
        discussion: """
            'require' and 'import()' find modules from the working directory.

            EXAMPLES
              spindle eval 'console.log(process.versions)'
              spindle eval -p '6 * 7'
              spindle eval -p 'process.argv.slice(1)' one two

            EXIT CODES
              As of 'spindle run'.
            """)

    @Flag(name: [.short, .long], help: "Print what the last expression is.")
    var print = false

    @Argument(help: "The JavaScript.")
    var code: String

    @Argument(parsing: .captureForPassthrough, help: "What the program is given.")
    var arguments: [String] = []

    func run() async throws {
        try await GuestRun.run(.source(code, name: "[eval]", printsResult: print), program: nil, arguments: arguments)
    }
}
