internal import CJavaScriptCore
internal import Glibc
internal import SpindleScripts

/// The built-in modules' sources, as they lie in the program.
package enum BuiltIns {
    /// The ids, sorted: `events`, `fs/promises`, `internal/errors` …
    package static let ids: [String] = scripts.map { String(cString: $0.id) }

    /// What `require('node:…')` can name.
    package static let publicIDs: [String] = ids.filter { !$0.hasPrefix("internal/") }

    /// Those that `node:` alone leads to: packages had their names before.
    package static let schemeOnlyIDs: Set<String> = ["test", "test/reporters"]

    /// Those that a name without `node:` leads to as well.
    static let plainIDs = Set(publicIDs).subtracting(schemeOnlyIDs)

    // A constant of the program.
    private nonisolated(unsafe) static let scripts: UnsafeBufferPointer<spindle_script> = {
        var count = 0
        let table = spindle_script_table(&count)
        return UnsafeBufferPointer(start: table, count: count)
    }()
    private static let indexes = Dictionary(uniqueKeysWithValues: zip(ids, 0...))

    static func isPublic(_ id: String) -> Bool { !id.hasPrefix("internal/") && indexes[id] != nil }

    /// The built-in as a script whose value is `(exports, require, module, binding, primordials) => …`.
    static func wrapped(_ id: String) -> JSString? {
        guard let index = indexes[id] else { return nil }
        let script = scripts[index]
        let head: StaticString = "(function (exports, require, module, binding, primordials) { 'use strict'; "
        let tail: StaticString = "\n})"
        let source = UnsafeBufferPointer(
            start: script.source, count: strlen(UnsafeRawPointer(script.source).assumingMemoryBound(to: CChar.self)))
        let count = head.utf8CodeUnitCount + source.count + tail.utf8CodeUnitCount
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { text -> JSString in
            var end = text.update(fromContentsOf: UnsafeBufferPointer(start: head.utf8Start, count: head.utf8CodeUnitCount))
            end = text[end...].update(fromContentsOf: source)
            _ = text[end...].update(fromContentsOf: UnsafeBufferPointer(start: tail.utf8Start, count: tail.utf8CodeUnitCount))
            return JSString(adopting: JSString.make(UnsafeBufferPointer(text)))
        }
    }
}
