import Foundation
import Testing

/// Runs the built `spindle`, which lies beside the test bundle.
struct Program {
    var status: Int32
    var output: String
    var errors: String

    static var path: String {
        get throws {
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let beside = URL(filePath: bundle).deletingLastPathComponent().appending(path: "spindle").path
            // Some test runners load the bundle instead of being it; its path is then an argument.
            if FileManager.default.isExecutableFile(atPath: beside) { return beside }
            let loaded = try #require(CommandLine.arguments.first { $0.hasSuffix(".xctest") })
            return URL(filePath: loaded).deletingLastPathComponent().appending(path: "spindle").path
        }
    }

    /// Runs to the end. The output of our commands in tests is far below what a pipe holds,
    /// and goes to files all the same, so that nothing can wait for a reader.
    static func run(_ arguments: [String], executable: String? = nil, in directory: TemporaryDirectory) throws -> Program {
        let process = try process(arguments, executable: executable, in: directory)
        try process.run()
        waitForEnd(of: process)
        return try result(of: process, in: directory)
    }

    /// Not for ever: one that hangs is killed, which its test sees from the status.
    static func waitForEnd(of process: Process) {
        let number = process.processIdentifier
        let watch = DispatchWorkItem { kill(number, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watch)
        process.waitUntilExit()
        watch.cancel()
    }

    static func run(_ arguments: String..., executable: String? = nil, in directory: TemporaryDirectory) throws -> Program {
        try run(arguments, executable: executable, in: directory)
    }

    static func process(_ arguments: [String], executable: String? = nil, in directory: TemporaryDirectory) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: try executable ?? path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try directory.openForWriting("output")
        process.standardError = try directory.openForWriting("errors")
        return process
    }

    static func result(of process: Process, in directory: TemporaryDirectory) throws -> Program {
        Program(
            status: process.terminationStatus,
            output: try String(contentsOfFile: directory.path + "/output", encoding: .utf8),
            errors: try String(contentsOfFile: directory.path + "/errors", encoding: .utf8))
    }
}

/// A directory for one test, removed with the object: `data` is the tests', the rest the program's streams.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "spindle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url.appending(path: "data"), withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(filePath: path).appending(path: "data/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func openForWriting(_ name: String) throws -> FileHandle {
        let url = URL(filePath: path).appending(path: name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
