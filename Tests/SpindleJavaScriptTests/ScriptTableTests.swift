import Foundation
import Testing

@testable import SpindleJavaScript

@Suite struct ScriptTableTests {
    @Test func `every script of the tree is in the table, which is sorted`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/SpindleScripts")
            .standardized.path
        let files = try #require(FileManager.default.subpaths(atPath: root)).filter { $0.hasSuffix(".js") }
        let ids = files.map { file in
            let name = file.dropLast(3)
            return String(name.hasPrefix("node/") ? name.dropFirst(5) : name)
        }
        #expect(BuiltIns.ids == ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
}
