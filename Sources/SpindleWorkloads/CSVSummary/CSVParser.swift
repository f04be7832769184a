/// What a ``CSVParser`` tells about the text it is fed.
protocol CSVSink {
    /// A field has ended. `bytes` are its content without quotes, valid during the call. Rows and columns count from 0.
    mutating func field(_ bytes: Span<UInt8>, row: Int, column: Int) throws
    /// A row of `columns` fields has ended.
    mutating func endRow(_ row: Int, columns: Int) throws
}

/// Reads comma-separated values (RFC 4180) from chunks of bytes that may be cut anywhere.
///
/// Written by hand, since no package this project builds on reads CSV as a stream.
/// Beyond the RFC: rows end with LF, CR or CRLF; a byte order mark at the start and
/// blank lines are skipped; a quote inside an unquoted field is an ordinary byte,
/// and what follows a closing quote belongs to the field.
///
/// A field that lies within one chunk and holds no doubled quote is handed on as a
/// window on the chunk, without a copy; the others are put together in `partial`.
struct CSVParser {
    /// How many bytes a field may have, and how many fields a row.
    struct Limits {
        var fieldLength = 1 << 20
        var columns = 4_096
    }

    private enum State {
        /// At the start of a field.
        case fieldStart
        case unquoted
        case quoted
        /// After a quote in a quoted field: the closing one, or the first of a doubled one.
        case quoteInQuoted
    }

    private let limits: Limits
    private var state = State.fieldStart
    private var row = 0
    private var column = 0
    /// The part of the present field that came with earlier chunks, or before a doubled quote.
    private var partial: [UInt8] = []
    /// The last row ended with CR: an LF right after it belongs to it.
    private var skipsLineFeed = false
    /// How many bytes of the byte order mark have been seen; nil when past it.
    private var markLength: Int? = 0

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    init(limits: Limits = Limits()) { self.limits = limits }

    /// Reads the next chunk.
    ///
    /// - Throws: ``WorkloadError`` with row and column at a limit, and what the sink throws. The parser is of no use afterwards.
    mutating func feed(_ chunk: Span<UInt8>, into sink: inout some CSVSink) throws {
        var index = skipByteOrderMark(chunk)
        var start = index
        let end = chunk.count
        while index < end {
            let byte = chunk[unchecked: index]  // in bounds: 0 <= index < end
            switch state {
            case .fieldStart:
                if skipsLineFeed {
                    skipsLineFeed = false
                    if byte == Self.lineFeed {
                        index += 1
                        continue
                    }
                }
                if column == 0, byte == Self.lineFeed || byte == Self.carriageReturn {
                    skipsLineFeed = byte == Self.carriageReturn
                    index += 1
                    continue
                }
                if byte == Self.quote {
                    state = .quoted
                    index += 1
                } else {
                    state = .unquoted
                }
                start = index
            case .unquoted:
                // Everything that can end a field is at or below the comma.
                while index < end, chunk[unchecked: index] > Self.comma { index += 1 }
                guard index < end else { continue }
                let byte = chunk[unchecked: index]
                if byte == Self.comma {
                    try endField(chunk.extracting(start..<index), into: &sink)
                } else if byte == Self.lineFeed || byte == Self.carriageReturn {
                    try endField(chunk.extracting(start..<index), into: &sink)
                    try endRow(into: &sink)
                    skipsLineFeed = byte == Self.carriageReturn
                }
                index += 1
            case .quoted:
                while index < end, chunk[unchecked: index] != Self.quote { index += 1 }
                guard index < end else { continue }
                state = .quoteInQuoted
                // Mostly the next byte is here and ends the field, which then needs no copy.
                if index + 1 < end, Self.endsField(chunk[unchecked: index + 1]) {
                    let byte = chunk[unchecked: index + 1]
                    try endField(chunk.extracting(start..<index), into: &sink)
                    if byte != Self.comma {
                        try endRow(into: &sink)
                        skipsLineFeed = byte == Self.carriageReturn
                    }
                    index += 2
                } else {
                    try keep(chunk.extracting(start..<index))
                    index += 1
                    start = index
                }
            case .quoteInQuoted:
                // A doubled quote: the second one is content, and the first of what follows.
                state = byte == Self.quote ? .quoted : .unquoted
                start = index
                if byte == Self.quote { index += 1 }
            }
        }
        switch state {
        case .unquoted, .quoted: try keep(chunk.extracting(start..<end))
        case .fieldStart, .quoteInQuoted: break
        }
    }

    /// The text is at its end.
    ///
    /// - Throws: ``WorkloadError`` when it ends inside quotes, and what the sink throws.
    mutating func finish(into sink: inout some CSVSink) throws {
        let none: [UInt8] = []
        try keep(Self.byteOrderMark.span.extracting(first: markLength ?? 0))
        if !partial.isEmpty, state == .fieldStart { state = .unquoted }
        switch state {
        case .fieldStart where column == 0: return
        case .quoted:
            throw WorkloadError(
                .malformed, "The quoted field in row \(row + 1), column \(column + 1) has no closing quote; add it.",
                row: row + 1, column: column + 1)
        case .fieldStart, .unquoted, .quoteInQuoted:
            try endField(none.span, into: &sink)
            try endRow(into: &sink)
        }
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == comma || byte == lineFeed || byte == carriageReturn
    }

    /// The index at which the text proper goes on.
    private mutating func skipByteOrderMark(_ chunk: Span<UInt8>) -> Int {
        guard var length = markLength else { return 0 }
        var index = 0
        while index < chunk.count, length < Self.byteOrderMark.count, chunk[index] == Self.byteOrderMark[length] {
            index += 1
            length += 1
        }
        if length == Self.byteOrderMark.count {
            markLength = nil
        } else if index < chunk.count {
            // It only began like a mark.
            markLength = nil
            if length > 0 {
                partial = Array(Self.byteOrderMark.prefix(length))
                state = .unquoted
            }
        } else {
            markLength = length
        }
        return index
    }

    private mutating func keep(_ bytes: Span<UInt8>) throws {
        guard !bytes.isEmpty else { return }
        try checkLength(partial.count + bytes.count)
        bytes.withUnsafeBufferPointer { partial.append(contentsOf: $0) }
    }

    private mutating func endField(_ bytes: Span<UInt8>, into sink: inout some CSVSink) throws {
        guard column < limits.columns else {
            throw WorkloadError(
                .limitExceeded, "Row \(row + 1) has more than \(limits.columns) columns; split the table.",
                row: row + 1, column: column + 1)
        }
        if partial.isEmpty {
            try checkLength(bytes.count)
            try sink.field(bytes, row: row, column: column)
        } else {
            try keep(bytes)
            try sink.field(partial.span, row: row, column: column)
            partial.removeAll(keepingCapacity: true)
        }
        column += 1
        state = .fieldStart
    }

    private mutating func endRow(into sink: inout some CSVSink) throws {
        try sink.endRow(row, columns: column)
        row += 1
        column = 0
    }

    private func checkLength(_ length: Int) throws {
        guard length <= limits.fieldLength else {
            throw WorkloadError(
                .limitExceeded,
                "The field in row \(row + 1), column \(column + 1) is longer than \(limits.fieldLength) bytes; "
                    + "shorten it, or look for a missing quote before it.",
                row: row + 1, column: column + 1)
        }
    }
}
