internal import ArgumentParser

@main
struct SpindleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spindle",
        abstract: "Runs heavy work beside the threads that serve users.",
        subcommands: [ServeCommand.self])
}
