internal import ArgumentParser

@main
struct SpindleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Runs heavy work beside the threads that serve users.",
        discussion: """
            EXAMPLES
              spindle serve                    Tasks behind HTTP, with a page on http://127.0.0.1:8080
              spindle checksum photos > sums   Checksums of all files in a directory
              spindle doctor                   What this machine offers to workers

            Every command ends with 0 when all went well, with 64 when it was called
            wrongly, and with 130 after Ctrl-C; its own help says what else.
            """,
        subcommands: [
            ServeCommand.self,
            ChecksumCommand.self,
            DoctorCommand.self,
        ])
}
