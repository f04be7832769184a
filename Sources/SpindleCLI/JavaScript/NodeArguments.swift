internal import Glibc

/// The command line as Node.js understands its own, since programs start `process.execPath` with what they would tell Node:
/// `spindle FILE …`, `spindle -e CODE …` and `spindle -p CODE …` are `run` and `eval`.
enum NodeArguments {
    /// - Parameter commands: what is a command of this program, and never a file.
    static func translate(_ arguments: [String], commands: [String]) -> [String] {
        guard let first = arguments.first, !commands.contains(first) else { return arguments }
        switch first {
        case "-e", "--eval": return ["eval"] + arguments.dropFirst()
        case "-p", "--print", "-pe": return ["eval", "-p"] + arguments.dropFirst()
        default:
            guard !first.hasPrefix("-"), isFile(first) else { return arguments }
            return ["run"] + arguments
        }
    }

    private static func isFile(_ path: String) -> Bool {
        access(path, R_OK) == 0 || access(path + ".js", R_OK) == 0
    }
}
