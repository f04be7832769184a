import Testing

@testable import SpindleWorkloads

/// Keeps what a parser tells it.
private struct Rows: CSVSink {
    var rows: [[String]] = []
    private var fields: [String] = []

    mutating func field(_ bytes: Span<UInt8>, row: Int, column: Int) {
        #expect(row == rows.count)
        #expect(column == fields.count)
        fields.append(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    }

    mutating func endRow(_ row: Int, columns: Int) {
        #expect(columns == fields.count)
        rows.append(fields)
        fields = []
    }
}

private func parse(
    _ bytes: [UInt8], chunkLength: Int = .max, limits: CSVParser.Limits = .init()
) throws -> [[String]] {
    var parser = CSVParser(limits: limits)
    var sink = Rows()
    var start = 0
    while start < bytes.count {
        let end = start + min(chunkLength, bytes.count - start)
        try parser.feed(bytes.span.extracting(start..<end), into: &sink)
        start = end
    }
    try parser.finish(into: &sink)
    return sink.rows
}

@Suite struct CSVParserTests {
    static let tables: [(text: String, rows: [[String]])] = [
        ("", []),
        ("\n\r\n\r", []),
        ("a", [["a"]]),
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\rb\rc\r", [["a"], ["b"], ["c"]]),
        ("a\r\n\r\nb", [["a"], ["b"]]),
        (",", [["", ""]]),
        ("a,\n,b\n", [["a", ""], ["", "b"]]),
        ("\"\"\n", [[""]]),
        ("\"\"", [[""]]),
        ("\"\",\"\"", [["", ""]]),
        ("\"a,b\",\"c\nd\",\"e\r\nf\"\r\nx,y,z", [["a,b", "c\nd", "e\r\nf"], ["x", "y", "z"]]),
        ("\"say \"\"hi\"\"\",\"\"\"\",\"\"\"\"\"\"", [["say \"hi\"", "\"", "\"\""]]),
        ("a\"b,\"c\"d,\"e\"\"f\"g\n", [["a\"b", "cd", "e\"fg"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("\u{FEFF}\"a\",b\n", [["a", "b"]]),
        ("a\n\u{FEFF}b", [["a"], ["\u{FEFF}b"]]),
        ("\u{FEFF}", []),
        ("\u{FEFC}a,ï\n", [["\u{FEFC}a", "ï"]]),
        ("ï", [["ï"]]),
        ("a,b,c\n1\n1,2,3,4\n", [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]),
        ("\"a\"\r\n\"b\"\r\"c\"\n\"d\"", [["a"], ["b"], ["c"], ["d"]]),
    ]

    @Test(arguments: tables)
    func `a table is the same in one piece and in chunks of every length`(text: String, rows: [[String]]) throws {
        let bytes = Array(text.utf8)
        for length in 1...max(1, bytes.count) {
            #expect(try parse(bytes, chunkLength: length) == rows, "in chunks of \(length)")
        }
    }

    @Test func `a part of a byte order mark is content`() throws {
        for length in 1...3 {
            #expect(try parse([0xEF, 0xBB], chunkLength: length) == [["\u{FFFD}"]])
            #expect(try parse([0xEF, 0xBB, 0x2C], chunkLength: length) == [["\u{FFFD}", ""]])
            #expect(try parse([0xEF, 0x0A], chunkLength: length) == [["\u{FFFD}"]])
        }
    }

    @Test(arguments: 1...12)
    func `a field over its limit is an error that names its row and column`(chunkLength: Int) throws {
        let limits = CSVParser.Limits(fieldLength: 4, columns: 3)
        #expect(try parse(Array("1234,\"1234\"".utf8), chunkLength: chunkLength, limits: limits).count == 1)
        for text in ["a\nb,12345\n", "a\nb,\"12345\"\n", "a\nb,\"1\"\"345\n67", "a\nb,12345", "a\nb,\"123\"45"] {
            let error = #expect(throws: WorkloadError.self, "\(text)") {
                try parse(Array(text.utf8), chunkLength: chunkLength, limits: limits)
            }
            #expect(error?.code == .limitExceeded)
            #expect(error?.row == 2)
            #expect(error?.column == 2)
        }
    }

    @Test func `a row over the limit of columns is an error that names it`() throws {
        let limits = CSVParser.Limits(fieldLength: 4, columns: 3)
        #expect(try parse(Array("1,2,3\n".utf8), limits: limits).count == 1)
        let error = #expect(throws: WorkloadError.self) { try parse(Array("1,2,3\n1,2,3,4\n".utf8), limits: limits) }
        #expect(error?.code == .limitExceeded)
        #expect(error?.row == 2)
        #expect(error?.column == 4)
    }

    @Test func `a quote that is never closed is an error that names its field`() throws {
        for text in ["a,b\n1,\"open\nrest", "a,b\n1,\""] {
            let error = #expect(throws: WorkloadError.self) { try parse(Array(text.utf8)) }
            #expect(error?.code == .malformed)
            #expect(error?.row == 2)
            #expect(error?.column == 2)
        }
    }
}
