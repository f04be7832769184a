internal import Glibc

/// A program to be run, and under which circumstances.
///
/// ```swift
/// var command = ChildCommand("ffmpeg", "-i", "in.mov", "out.mp4")
/// command.workingDirectory = "/tmp/upload"
/// command.timeout = .seconds(600)
/// ```
public struct ChildCommand: Sendable {
    /// A path, or a name that is looked for in the directories of the child's `PATH`, as execvp(3) does. Never a shell's line.
    public var program: String
    /// What it is told, without its own name.
    public var arguments: [String]
    /// What it is told as its own name (`argv[0]`); ``program`` when nil.
    public var name: String?
    /// Its environment variables.
    public var environment: ProcessEnvironment = .inherit
    /// Where it starts; a ``program`` that is a relative path is looked for from there. This program's when nil.
    public var workingDirectory: String?

    /// Where its standard input comes from.
    public var input: ChildInputSource = .discard
    /// Where its standard output goes.
    public var output: ChildOutputTarget = .pipe
    /// Where its standard error goes. The last 16 lines, 1 KiB of each, are kept for ``ChildExit/lastErrorLines`` with `.tail`.
    public var errorOutput: ChildOutputTarget = .tail
    /// Other descriptors of this program that it gets, by the number it has them under, 3 or more. They stay this program's.
    public var descriptors: [Int32: Int32] = [:]
    /// A pseudo-terminal of that size as its standard input, output and error (pty(7)), in place of ``input``, ``output`` and
    /// ``errorOutput``. What it prints comes as the output, and what is written to its input it reads as typed.
    public var terminal: TerminalSize?

    /// Its place among this program's processes.
    public var group: ChildGroup = .own
    /// The user it runs as (setresuid(2)), which needs privileges; as this program when nil. All supplementary groups are given up.
    public var user: UInt32?
    /// The group it runs as (setresgid(2)), likewise.
    public var userGroup: UInt32?
    /// What it may use.
    public var limits = ProcessLimits(coreFiles: true)
    /// How long it may run before it is stopped, by ``stopping``.
    public var timeout: Duration?
    /// How it is stopped when its time is over, its caller is cancelled or its output exceeds ``outputLimit``.
    public var stopping = KillLadder.standard
    /// How many bytes ``ChildProcess/run(_:)`` collects of each output at most, before it stops the child.
    public var outputLimit = 16 << 20
    /// How long descendants that hold its outputs open may go on once it has exited. Then its process group is ended, and
    /// an output that is held even so, by one that has left the group, counts as at its end.
    public var lingering: Duration = .seconds(1)

    /// A command with the usual circumstances.
    public init(_ program: String, _ arguments: [String] = []) {
        self.program = program
        self.arguments = arguments
    }

    /// A command with the usual circumstances.
    public init(_ program: String, _ arguments: String...) { self.init(program, arguments) }

    /// A line for the shell: `/bin/sh -c line`. Never put text from elsewhere into it; give it as one of `arguments`, which
    /// the line has as `"$1"`, `"$2"` …
    public static func shell(_ line: String, _ arguments: String...) -> ChildCommand {
        ChildCommand("/bin/sh", ["-c", line, "sh"] + arguments)
    }
}

/// Where the standard input of a child comes from.
public enum ChildInputSource: Sendable {
    /// It is empty.
    case discard
    /// It is this program's own, which then has two readers.
    case inherit
    /// From ``ChildProcess/input``.
    case pipe
    /// It is these bytes.
    case bytes([UInt8])
    /// A descriptor of this program, which stays this program's.
    case descriptor(Int32)

    /// It is this text, as UTF-8.
    public static func text(_ text: String) -> ChildInputSource { .bytes(Array(text.utf8)) }
}

/// Where an output of a child goes.
public enum ChildOutputTarget: Sendable {
    /// Nowhere.
    case discard
    /// To where this program's own goes.
    case inherit
    /// To this program: ``ChildProcess/output``, ``ChildProcess/errorOutput``. A child whose output nobody reads waits.
    case pipe
    /// Nowhere but for its last lines, which ``ChildExit/lastErrorLines`` has. It is read as it comes: the child never waits.
    /// Of the standard error alone; of the standard output it is `.discard`.
    case tail
    /// To where the standard output goes. Of the standard error alone.
    case standardOutput
    /// A descriptor of this program, which stays this program's.
    case descriptor(Int32)
}

/// Which signals reach a child, and what becomes of its descendants.
public enum ChildGroup: Sendable {
    /// A process group of its own. A child is stopped together with the descendants that stay in its group, and those that
    /// it leaves behind are ended. The child, though not its descendants, is also ended when this program is in whatever way.
    case own
    /// This program's own process group: Ctrl-C in a terminal reaches it, and it may read from the terminal. Descendants
    /// are left alone; the child itself ends with this program.
    case shared
    /// A session of its own, which outlives this program if need be. Descendants are left alone once the child has exited.
    case detached
}

/// The size of a terminal in characters.
public struct TerminalSize: Sendable, Hashable {
    /// 1 to 65,535.
    public var columns: Int
    /// 1 to 65,535.
    public var rows: Int

    /// The usual size unless you say otherwise.
    public init(columns: Int = 80, rows: Int = 24) {
        self.columns = columns
        self.rows = rows
    }
}

/// How a child is stopped: one signal after the other, until it has ended.
public struct KillLadder: Sendable {
    /// A signal, and how long to wait for its effect before the next.
    public struct Step: Sendable {
        /// Its number, such as `SIGTERM`.
        public var signal: Int32
        /// How long to wait for the end before the next step.
        public var wait: Duration

        /// A step of the ladder.
        public init(_ signal: Int32, wait: Duration) {
            self.signal = signal
            self.wait = wait
        }
    }

    /// SIGKILL comes after the last.
    public var steps: [Step]

    /// A ladder of your own.
    public init(_ steps: [Step]) { self.steps = steps }

    /// SIGTERM, and SIGKILL after five seconds.
    public static let standard = KillLadder([Step(SIGTERM, wait: .seconds(5))])
    /// SIGKILL at once.
    public static let immediate = KillLadder([])
}

extension ChildCommand {
    /// Refuses what no child could be given, so that it fails before one is started.
    func check() throws(ChildProcessError) {
        var texts = [program, name ?? "", workingDirectory ?? ""] + arguments
        switch environment {
        case .inherit: break
        case .merging(let changes): texts += changes.keys + changes.values.compactMap { $0 }
        case .replacing(let all): texts += Array(all.keys) + all.values
        }
        if program.isEmpty { throw .invalid(self, "the program has no name.") }
        if texts.contains(where: { $0.utf8.contains(0) }) {
            throw .invalid(self, "a name, a path, an argument or an environment variable contains a zero byte.")
        }
        if descriptors.contains(where: { $0.key < 3 || $0.value < 0 }) {
            throw .invalid(self, "further descriptors have the number 3 or more, and are open.")
        }
        do throws(WorkerStartError) { try limits.check() } catch { throw .invalid(self, error.message) }
    }

    /// As `NAME=value` each.
    var environmentList: [String] {
        switch environment {
        case .inherit: return Self.ownEnvironment
        case .replacing(let all): return all.map { "\($0.key)=\($0.value)" }
        case .merging(let changes):
            let kept = Self.ownEnvironment.filter { entry in
                guard let name = entry.split(separator: "=", maxSplits: 1).first else { return false }
                return changes[String(name)] == nil
            }
            return kept + changes.compactMap { name, value in value.map { "\(name)=\($0)" } }
        }
    }

    private static var ownEnvironment: [String] {
        var result: [String] = []
        // Null once a program has called clearenv(3), which its type does not say.
        let variables: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
        for index in 0... {
            guard let text = variables?[index] else { break }
            result.append(String(cString: text))
        }
        return result
    }
}
