import Foundation
import SpindleWorkloads
import Testing

@testable import SpindleCLI

@Suite struct ChecksumCommandTests {
    static let sumTool = ["/usr/bin/sha256sum", "/bin/sha256sum"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private func someFiles() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for name in ["a", "b/c", "b/d e", "ü", "back\\slash", "line\nfeed"] { try directory.write("content of \(name)", to: name) }
        return directory
    }

    @Test(.enabled(if: sumTool != nil, "there is no sha256sum here to check with"))
    func `sha256sum verifies what the command prints`() throws {
        let directory = try someFiles()
        let sums = try Program.run("checksum", "data", in: directory)
        #expect(sums.status == 0)
        #expect(sums.output.split(separator: "\n").count == 6)
        #expect(sums.errors.contains("6 files"))
        try Data(sums.output.utf8).write(to: URL(filePath: directory.path + "/sums"))
        let check = try Program.run("--check", "--strict", "sums", executable: Self.sumTool, in: directory)
        #expect(check.status == 0, "\(check.output)\(check.errors)")
    }

    @Test(.enabled(if: sumTool != nil, "there is no sha256sum here to check with"))
    func `with both algorithms the lines are tagged, and sha256sum verifies its own`() throws {
        let directory = try someFiles()
        let sums = try Program.run("checksum", "--algorithm", "both", "data/", in: directory)
        #expect(sums.output.split(separator: "\n").count == 12)
        try Data(sums.output.utf8).write(to: URL(filePath: directory.path + "/sums"))
        let check = try Program.run("--check", "sums", executable: Self.sumTool, in: directory)
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        #expect(check.output.split(separator: "\n").count == 6)
    }

    @Test func `JSON output has every file with the sums that were asked for`() throws {
        let directory = try someFiles()
        let result = try Program.run("checksum", "--json", "--algorithm", "sha512", "--jobs", "3", "data", in: directory)
        #expect(result.status == 0)
        let report = try JSONDecoder().decode(ChecksumReport.self, from: Data(result.output.utf8))
        #expect(report.files.map(\.path) == ["a", "b/c", "b/d e", "back\\slash", "line\nfeed", "ü"])
        #expect(report.files.allSatisfy { $0.sha256 == nil && $0.sha512?.count == 128 })
        #expect(report.failures.isEmpty)
    }

    @Test func `a single file is summed under the name it was given`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("abc", to: "file")
        let result = try Program.run("checksum", "data/file", in: directory)
        #expect(result.status == 0)
        #expect(result.output == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/file\n")
    }

    @Test func `an empty directory has no sums and is no error`() throws {
        let result = try Program.run("checksum", "data", in: TemporaryDirectory())
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
    }

    @Test func `a file that cannot be read ends the command with 1, beside the sums of the others`() throws {
        let directory = try someFiles()
        // The one kind of unreadable file that also the superuser has: a name that is not UTF-8.
        let name = Array((directory.path + "/data/").utf8).map { CChar(bitPattern: $0) } + [CChar(bitPattern: 0xFF), 0]
        let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
        #expect(descriptor >= 0)
        close(descriptor)
        let result = try Program.run("checksum", "data", in: directory)
        #expect(result.status == 1)
        #expect(result.output.split(separator: "\n").count == 6)
        #expect(result.errors.contains("UTF-8"))
    }

    @Test func `a missing directory is an error that says what to do`() throws {
        let result = try Program.run("checksum", "nowhere", in: TemporaryDirectory())
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("'nowhere'"))
        #expect(result.errors.contains("check the path"))
    }

    private static let wrongCalls: [[String]] = [
        ["checksum"], ["checksum", "--nonsense", "x"], ["checksum", "--jobs", "0", "x"],
        ["checksum", "--algorithm", "md5", "x"], ["checksum", ""], ["nonsense"],
    ]

    @Test(arguments: wrongCalls)
    func `a wrong call ends with 64 and shows the usage`(arguments: [String]) throws {
        let directory = try TemporaryDirectory()
        let result = try Program.run(arguments, in: directory)
        #expect(result.status == 64)
        #expect(result.errors.contains("Usage: spindle"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends a long run with its own exit code and no sums`(signal: Int32) throws {
        let directory = try TemporaryDirectory()
        // Terabytes of holes take longer than any test; they take no room on the disk.
        try directory.write("", to: "large")
        #expect(truncate(directory.path + "/data/large", 1 << 42) == 0)
        let process = try Program.process(["checksum", "data"], in: directory)
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        // Blocks until the first line, which says that the run has begun and signals are watched.
        #expect(errors.fileHandleForReading.availableData.starts(with: Array("1 file, ".utf8)))
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        let result = try Program.result(of: process, in: directory)
        #expect(result.status == 128 + signal)
        #expect(process.terminationReason == .exit)
        #expect(result.output.isEmpty)
    }
}
