import Foundation
import Testing

@testable import SpindleJavaScript

/// Programs of the kind that people write for worker threads. Beside each lies what Node.js prints for it, taken by
/// `node NAME > NAME.txt 2>&1; echo "[exit $?]" >> NAME.txt` in their directory.
@Suite struct ProgramTests {
    static let directory = URL(filePath: #filePath).appending(path: "../Programs").standardized.path
    static let names: [String] = {
        let files = FileManager.default.subpaths(atPath: directory) ?? []
        return files.filter { $0.hasSuffix("js") }.sorted()
    }()

    @Test(arguments: names) func `a program prints what Node.js prints`(name: String) async throws {
        let path = Self.directory + "/" + name
        let expected = try String(contentsOfFile: path + ".txt", encoding: .utf8)
        let outcome = try await runGuest(GuestConfiguration(entry: .file(path)))
        #expect(outcome.output + "[exit \(outcome.code)]\n" == expected)
    }

    @Test func `there are programs`() { #expect(Self.names.count >= 5) }
}
