internal import DequeModule

/// The last lines of a stream, for a crash report: a fixed number, each of a fixed length at most.
///
/// What the runtime says after a fatal error would push the reason out: the addresses of the stack are left out,
/// and the line that names the error stays when others do not.
package struct LineTail {
    package static let lineLimit = 16
    package static let byteLimit = 1024

    private var lines: Deque<[UInt8]> = []
    private var isInTrace = false

    package init() {}

    package mutating func append(_ line: [UInt8]) {
        // Each address stands behind its number.
        if isInTrace, let first = line.first, (0x30...0x39).contains(first) { return }
        isInTrace = line.elementsEqual("Current stack trace:".utf8)
        if isInTrace { return }
        if lines.count == Self.lineLimit { makeRoom() }
        lines.append(Array(line.prefix(Self.byteLimit)))
    }

    /// The oldest line goes, but for one that names an error while the next does not.
    private mutating func makeRoom() {
        lines.remove(at: Self.namesError(lines[0]) && !Self.namesError(lines[1]) ? 1 : 0)
    }

    private static func namesError(_ line: [UInt8]) -> Bool {
        line.indices.contains { line[$0] == UInt8(ascii: "F") && line[$0...].starts(with: WorkerCrash.errorMark.utf8) }
    }

    /// Oldest first; bytes that are not UTF-8 come as replacement characters.
    package var text: [String] { lines.map { String(decoding: $0, as: UTF8.self) } }
}
