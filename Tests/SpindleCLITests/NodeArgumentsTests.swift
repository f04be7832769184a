import Testing

@testable import SpindleCLI

@Suite struct `The command line as Node.js has it` {
    private func translated(_ arguments: String...) -> [String] {
        NodeArguments.translate(arguments, commands: ["run", "eval", "serve", "help"])
    }

    @Test func `a file is run, with what follows it`() {
        #expect(translated(#filePath, "--port", "1") == ["run", #filePath, "--port", "1"])
        #expect(translated("--max-old-space-size=100", "--no-warnings", #filePath, "-e") == ["run", #filePath, "-e"])
    }

    @Test func `code is evaluated`() {
        #expect(translated("-e", "1", "a") == ["eval", "1", "a"])
        #expect(translated("-p", "1") == ["eval", "-p", "1"])
        #expect(translated("--print", "1") == ["eval", "-p", "1"])
    }

    @Test func `what is the command's own stays`() {
        #expect(translated("run", #filePath) == ["run", #filePath])
        #expect(translated("serve", "--port", "1") == ["serve", "--port", "1"])
        #expect(translated("--help") == ["--help"])
        #expect(translated("no-such-file") == ["no-such-file"])
        #expect(translated() == [])
    }
}
