internal import ArgumentParser

@main
struct SpindleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Runs heavy work beside the threads that serve users.",
        discussion: """
            EXAMPLES
              spindle checksum ~/Pictures > sums    Checksums of every file below a directory
              spindle doctor                        What this machine offers to workers

            Every command ends with 0 when all went well, with 64 when it was called wrongly,
            with 130 after Ctrl-C, and with 1 for what its own help says.
            """,
        subcommands: [
            ChecksumCommand.self,
            DoctorCommand.self,
        ])
}
