import Foundation
import Testing

/// Runs the guest programs that need the command itself, which starts it again.
@Suite struct GuestProgramTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../SpindleJavaScriptTests/Guest/command").standardized.path
    static let files: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return all.filter { $0.hasSuffix(".test.cjs") || $0.hasSuffix(".test.mjs") }.sorted()
    }()

    @Test(.timeLimit(.minutes(2)), arguments: files)
    func `a guest program passes`(file: String) throws {
        let directory = try TemporaryDirectory()
        let program = try Program.run("run", Self.folder + "/" + file, in: directory)
        #expect(program.status == 0, "\(program.output)\(program.errors)")
        #expect(program.output.contains("passed"))
    }

    @Test func `there are guest programs`() { #expect(!Self.files.isEmpty) }
}
