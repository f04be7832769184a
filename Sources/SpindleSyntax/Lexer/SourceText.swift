/// The bytes of a source, read without bounds trouble: past the end there are zeros.
///
/// This is the only type of the target that holds a raw pointer. It is valid inside the closure of
/// ``withBytes(_:_:)`` and never leaves it.
struct SourceText {
    private let bytes: UnsafeBufferPointer<UInt8>
    let count: Int

    static func withBytes<Result, Failure: Error>(
        _ source: [UInt8], _ body: (SourceText) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try source.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result in
            try body(SourceText(bytes: bytes, count: bytes.count))
        }
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 { index < count ? bytes[index] : 0 }

    subscript(range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> { bytes[range] }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Where the first statement may begin: behind a byte order mark.
    var startOfText: Int { self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF ? 3 : 0 }

    /// Whether the first line is `#!…`, for the kernel.
    var hasHashbang: Bool { self[startOfText] == UInt8(ascii: "#") && self[startOfText + 1] == UInt8(ascii: "!") }

    /// U+2028 or U+2029, which end a line as a newline does.
    @inline(__always)
    func isWideLineTerminator(at index: Int) -> Bool {
        self[index] == 0xE2 && self[index + 1] == 0x80 && self[index + 2] & 0xFE == 0xA8
    }

    /// Whether a text stands anywhere in the source, in a comment for all it matters.
    func contains(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            bytes.indices.contains { start in
                bytes[start] == text[0] && text.indices.allSatisfy { self[start + $0] == text[$0] }
            }
        }
    }

    /// The scalar at an offset and its length in bytes. A malformed sequence is one byte of U+FFFD.
    func scalar(at index: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(self[index])
        func continuation(_ offset: Int) -> UInt32? {
            let byte = self[index + offset]
            return byte & 0xC0 == 0x80 ? UInt32(byte & 0x3F) : nil
        }
        switch first {
        case ..<0x80: return (first, 1)
        case 0xC2..<0xE0:
            if let a = continuation(1) { return ((first & 0x1F) << 6 | a, 2) }
        case 0xE0..<0xF0:
            if let a = continuation(1), let b = continuation(2) { return ((first & 0x0F) << 12 | a << 6 | b, 3) }
        case 0xF0..<0xF5:
            if let a = continuation(1), let b = continuation(2), let c = continuation(3) {
                return ((first & 0x07) << 18 | a << 12 | b << 6 | c, 4)
            }
        default: break
        }
        return (0xFFFD, 1)
    }

    func place(of position: Int) -> (line: Int, column: Int) {
        var walk = TextPosition()
        walk.advance(over: self, startOfText..<min(max(position, startOfText), count))
        return (walk.line, walk.column)
    }
}

/// A line and a column, moved over text.
struct TextPosition {
    var line = 1
    var column = 1

    mutating func advance(over source: SourceText, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = source[index]
            if byte == .newline || (byte == .carriageReturn && source[index + 1] != .newline) {
                line += 1
                column = 1
            } else if byte == 0xE2, source.isWideLineTerminator(at: index) {
                line += 1
                column = 1
                index += 2
            } else if byte & 0xC0 != 0x80 {
                // Four bytes of UTF-8 are two units of UTF-16.
                column += byte >= 0xF0 ? 2 : 1
            }
            index += 1
        }
    }
}
