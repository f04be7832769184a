import ArgumentParser
import SpindleServer
import Testing

@testable import SpindleCLI

@Suite struct ServeCommandTests {
    @Test func `isolation and memory limit are taken together`() throws {
        let command = try ServeCommand.parse(["--isolation", "process", "--memory-limit", "512MiB"])
        #expect(command.isolation == .process)
        #expect(command.memoryLimit?.count == 512 << 20)
    }

    private static let wrongCalls: [([String], String)] = [
        (["--isolation", "thread", "--memory-limit", "512MiB"], "--isolation process"),
        (["--isolation", "process", "--memory-limit", "512"], "64MiB"),
        (["--isolation", "process", "--memory-limit", "much"], "--memory-limit"),
        (["--isolation", "fibre"], "thread"),
    ]

    @Test(arguments: wrongCalls)
    func `a wrong call ends with 64 and says what to do`(arguments: [String], words: String) throws {
        let result = try Program.run(["serve"] + arguments, in: TemporaryDirectory())
        #expect(result.status == 64)
        #expect(result.errors.contains(words))
    }
}
