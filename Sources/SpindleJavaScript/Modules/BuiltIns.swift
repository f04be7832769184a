internal import Glibc
internal import SpindleMemory
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

    /// What a built-in exports. Engines need not load it to know, as soon as one has.
    static func exportedNames(of id: String) -> [String]? { names.withLock { $0[id] } }
    static func setExportedNames(_ list: [String], of id: String) { names.withLock { $0[id] = list } }
    private static let names = Lock<[String: [String]]>([:])

    /// The built-in as a script whose value is `(exports, require, module, binding, primordials) => …`. In ASCII, as engines
    /// take only that without a copy of their own; it is made at the first use and stays as long as the process.
    static func script(_ id: String) -> (index: Int, text: UnsafeBufferPointer<CChar>)? {
        guard let index = indexes[id] else { return nil }
        return texts.withLock { texts in
            let text = texts[index] ?? makeScript(scripts[index])
            texts[index] = text
            return (index, text.characters)
        }
    }

    /// Safe to send: never written again, nor given back.
    private struct Text: @unchecked Sendable { let characters: UnsafeBufferPointer<CChar> }
    private static let texts = Lock<[Int: Text]>([:])

    private static func makeScript(_ script: spindle_script) -> Text {
        let head: StaticString = "(function (exports, require, module, binding, primordials) { 'use strict'; "
        let tail: StaticString = "\n})"
        let source = UnsafeBufferPointer(
            start: script.source, count: strlen(UnsafeRawPointer(script.source).assumingMemoryBound(to: CChar.self)))
        var text: [UInt8] = []
        text.reserveCapacity(head.utf8CodeUnitCount + source.count + tail.utf8CodeUnitCount)
        text.append(contentsOf: UnsafeBufferPointer(start: head.utf8Start, count: head.utf8CodeUnitCount))
        if source.allSatisfy({ $0 < 0x80 }) {
            text.append(contentsOf: source)
        } else {
            // An escape means the character in strings, templates and regular expressions; comments do not matter.
            for unit in String(decoding: source, as: UTF8.self).utf16 {
                if unit < 0x80 {
                    text.append(UInt8(unit))
                } else {
                    let digits = String(unit, radix: 16)
                    text.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
                }
            }
        }
        text.append(contentsOf: UnsafeBufferPointer(start: tail.utf8Start, count: tail.utf8CodeUnitCount))
        let characters = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = characters.initialize(from: text.lazy.map { CChar(bitPattern: $0) })
        return Text(characters: UnsafeBufferPointer(characters))
    }
}
