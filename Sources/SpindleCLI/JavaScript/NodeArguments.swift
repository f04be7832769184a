internal import Glibc

/// The command line as Node.js understands its own, since programs start `process.execPath` with what they would tell Node:
/// `spindle FILE …`, `spindle -e CODE …` and `spindle -p CODE …` are `run` and `eval`. Options before the file, which are for
/// Node.js's engine, have no effect.
enum NodeArguments {
    /// - Parameter commands: what is a command of this program, and never a file.
    static func translate(_ arguments: [String], commands: [String]) -> [String] {
        guard let first = arguments.first, !commands.contains(first) else { return arguments }
        switch first {
        case "-e", "--eval": return ["eval"] + arguments.dropFirst()
        case "-p", "--print", "-pe": return ["eval", "-p"] + arguments.dropFirst()
        default:
            let rest = arguments.drop { $0.hasPrefix("--") }
            guard let file = rest.first, !file.hasPrefix("-"), isFile(file) else { return arguments }
            return ["run"] + rest
        }
    }

    private static func isFile(_ path: String) -> Bool {
        access(path, R_OK) == 0 || access(path + ".js", R_OK) == 0
    }
}
