import Foundation
import Subprocess
import SystemPackage

/// A program that measures: the project's own, or a peer's.
struct Program {
    let side: Side
    let label: String
    let executable: Executable
    var arguments: [String] = []

    /// Runs the program for one metric and returns the figure it printed.
    ///
    /// - Throws: ``Failure`` when it crashes, overruns the deadline, or prints no such figure.
    func measure(_ metric: String, deadline: Duration) async throws -> Figure {
        let output = try await Self.output(of: executable, arguments + [metric], deadline: deadline)
        let decoder = JSONDecoder()
        let figures = output.split(separator: "\n").compactMap { try? decoder.decode(Figure.self, from: Data($0.utf8)) }
        guard let figure = figures.first(where: { $0.metric == metric }) else { throw Failure("it printed no figure") }
        return figure
    }

    /// The standard output of a program that has to end, and well, within the deadline; it is killed after that.
    static func output(of executable: Executable, _ arguments: [String], deadline: Duration) async throws -> String {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    executable, arguments: Arguments(arguments), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
                guard result.terminationStatus.isSuccess else {
                    let reason = result.standardError.split(separator: "\n").first.map { ": \($0)" } ?? ""
                    throw Failure("it ended with \(result.terminationStatus)\(reason)")
                }
                return result.standardOutput
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                return nil
            }
            // Cancelling the other task kills the program.
            defer { group.cancelAll() }
            guard let output = try await group.next() ?? nil else { throw Failure("it took more than \(deadline)") }
            return output
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}

extension Program {
    /// The programs of these sides, without what is not installed.
    static func find(_ sides: Set<Side>, peers: FilePath) async -> [Program] {
        let executable = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
        let folder = executable.deletingLastPathComponent().path
        var programs: [Program] = []
        if sides.contains(.spindle) {
            programs.append(Program(side: .spindle, label: "spindle", executable: .path(FilePath("\(folder)/SpindleBenchmarks"))))
        }
        if sides.contains(.node) {
            await programs.add("node") {
                _ = try await output(of: .name("node"), ["--version"], deadline: .seconds(30))
                return Program(side: .node, label: "node", executable: .name("node"), arguments: ["\(peers)/node/peer.mjs"])
            }
        }
        if sides.contains(.rust) {
            await programs.add("rust") {
                let program = "\(folder)/rust-peer"
                let source = "\(peers)/rust/peer.rs"
                _ = try await output(of: .name("rustc"), ["-O", "-o", program, source], deadline: .seconds(300))
                return Program(side: .rust, label: "rust", executable: .path(FilePath(program)))
            }
        }
        return programs
    }
}

extension [Program] {
    fileprivate mutating func add(_ label: String, _ find: () async throws -> Program) async {
        do {
            append(try await find())
        } catch {
            say("\(label): skipped, not installed or not usable: \(error)")
        }
    }
}

/// Tells the person who waits; standard output is for the figures alone.
func say(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
}
