internal import ArgumentParser

@main
struct SpindleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Runs heavy work beside the threads that serve users.",
        discussion: """
            EXAMPLES
              spindle run main.mjs             A JavaScript program written for Node.js
              spindle eval -p '6 * 7'          A piece of JavaScript
              spindle serve                    Tasks behind HTTP, with a page on http://127.0.0.1:8080
              spindle checksum photos > sums   Checksums of all files in a directory
              spindle doctor                   What this machine offers to workers

            Every command but run and eval ends with 0 when all went well, with 64 when it was called
            wrongly, and with 130 after Ctrl-C; its own help says what else.
            """,
        subcommands: [
            RunCommand.self,
            EvalCommand.self,
            TestCommand.self,
            ServeCommand.self,
            ChecksumCommand.self,
            DoctorCommand.self,
        ])

    static func main() async {
        let commands = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        await main(NodeArguments.translate(Array(CommandLine.arguments.dropFirst()), commands: commands))
    }
}
