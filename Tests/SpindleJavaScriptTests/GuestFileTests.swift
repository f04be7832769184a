import Foundation
import Testing

@testable import SpindleJavaScript

/// Runs the guest programs in `Guest`, each of which tests a built-in and also passes under Node.js.
@Suite struct GuestFileTests {
    static let files: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: guestDirectory)) ?? []
        return all.filter { $0.hasSuffix(".test.cjs") || $0.hasSuffix(".test.mjs") }.sorted()
    }()

    @Test(arguments: files) func `a guest program passes`(file: String) async throws {
        let outcome = try await runGuest(GuestConfiguration(entry: .file(guestDirectory + "/" + file)))
        let failures = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("not ok") }
        #expect(outcome.code == 0, "\(failures.isEmpty ? outcome.output : failures.prefix(40).joined(separator: "\n"))")
        #expect(outcome.output.contains("passed"))
    }

    @Test func `there are guest programs`() { #expect(Self.files.count > 10) }
}
