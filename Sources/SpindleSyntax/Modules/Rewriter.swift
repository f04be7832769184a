/// Puts texts in the place of ranges of a source and keeps account of columns.
struct Rewriter {
    private struct Edit {
        let start: Int
        let end: Int
        let text: [UInt8]
        /// Among those at one offset.
        var order = (0, 0, 0)
    }

    private let source: SourceText
    private var edits: [Edit] = []

    init(_ source: SourceText) {
        self.source = source
        // A first line for the kernel is a comment wherever else it stands.
        let start = source.startOfText
        if source.hasHashbang { replace(start..<start + 2, with: "//") }
    }

    var isUnchanged: Bool { edits.isEmpty && source.startOfText == 0 }

    /// The range's line ends stay, behind the text.
    mutating func replace(_ range: Range<Int>, with text: String) {
        var text = Array(text.utf8)
        for index in range where source[index] == .newline || source[index] == .carriageReturn { text.append(source[index]) }
        for index in range where source.isWideLineTerminator(at: index) { text += source[index..<index + 3] }
        edits.append(Edit(start: range.lowerBound, end: range.upperBound, text: text, order: (3, 0, 0)))
    }

    mutating func insert(_ text: String, at position: Int) {
        edits.append(Edit(start: position, end: position, text: Array(text.utf8), order: (1, 0, 0)))
    }

    /// Puts texts before and behind a range. Ranges nest; of two that are equal the one that comes later is outside.
    mutating func wrap(_ range: Range<Int>, _ opening: String, _ closing: String) {
        let (start, end) = (range.lowerBound, range.upperBound)
        edits.append(Edit(start: end, end: end, text: Array(closing.utf8), order: (0, -start, edits.count)))
        edits.append(Edit(start: start, end: start, text: Array(opening.utf8), order: (2, -end, -edits.count)))
    }

    /// Leaves a semicolon and spaces.
    mutating func blank(_ range: Range<Int>) {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = source[index]
            if source.isWideLineTerminator(at: index) {
                text += source[index..<index + 3]
                index += 3
                continue
            }
            text.append(byte == .newline || byte == .carriageReturn ? byte : text.isEmpty ? UInt8(ascii: ";") : 0x20)
            index += 1
        }
        edits.append(Edit(start: range.lowerBound, end: range.upperBound, text: text, order: (3, 0, 0)))
    }

    /// The source with its edits, between a head on the first line and a tail behind the last.
    consuming func finish(head: [UInt8], tail: [UInt8]) -> (text: [UInt8], columns: ColumnMap) {
        edits.sort { ($0.start, $0.order.0, $0.order.1, $0.order.2) < ($1.start, $1.order.0, $1.order.1, $1.order.2) }
        var text = head
        text.reserveCapacity(head.count + source.count + tail.count + edits.count * 12)
        var columns = ColumnMap()
        var place = TextPosition()
        var sourcePlace = TextPosition()
        var position = source.startOfText

        func insert(_ bytes: [UInt8]) {
            columns.append(
                .init(
                    line: place.line, column: place.column, sourceColumn: sourcePlace.column, isInserted: true))
            SourceText.withBytes(bytes) { place.advance(over: $0, 0..<$0.count) }
        }
        func resume() {
            columns.append(
                .init(
                    line: place.line, column: place.column, sourceColumn: sourcePlace.column, isInserted: false))
        }
        if !head.isEmpty {
            insert(head)
            resume()
        }
        for edit in edits {
            text += source[position..<edit.start]
            place.advance(over: source, position..<edit.start)
            sourcePlace.advance(over: source, position..<edit.start)
            insert(edit.text)
            text += edit.text
            sourcePlace.advance(over: source, edit.start..<edit.end)
            resume()
            position = edit.end
        }
        text += source[position..<source.count]
        text += tail
        return (text, columns)
    }
}
