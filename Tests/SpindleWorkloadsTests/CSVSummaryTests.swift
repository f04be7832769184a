import Testing

@testable import SpindleWorkloads

private func summarize(_ bytes: [UInt8], hasHeader: Bool = true) throws -> CSVReport {
    let directory = try TemporaryDirectory()
    let path = try directory.write(bytes, to: "table.csv")
    return try CSVSummary.compute(.init(path: path, hasHeader: hasHeader)) { _ in }
}

private func summarize(_ text: String, hasHeader: Bool = true) throws -> CSVReport {
    try summarize(Array(text.utf8), hasHeader: hasHeader)
}

private func column(_ values: [String]) throws -> CSVColumnSummary {
    try #require(summarize((["name"] + values).joined(separator: "\n")).columns.first)
}

@Suite struct CSVSummaryTests {
    @Test func `every column has its type, extremes, mean and distinct values`() throws {
        let report = try summarize(
            """
            id,price,paid,day,who,note
            10,1.5,true,2024-02-29,Zoë,
            9,-2e1,FALSE,2023-12-31,Ann,
            -4,6.5,True,2024-01-01T10:00:00Z,Zoë,
            """)
        #expect(report.rows == 3)
        #expect(report.raggedRows == 0)
        #expect(report.invalidFields == 0)
        let expected: [CSVColumnSummary] = [
            .init(
                name: "id", type: .integer, count: 3, emptyCount: 0, minimum: "-4", maximum: "10",
                mean: 5, distinct: 3, distinctIsExact: true),
            .init(
                name: "price", type: .decimal, count: 3, emptyCount: 0, minimum: "-2e1", maximum: "6.5",
                mean: -4, distinct: 3, distinctIsExact: true),
            .init(
                name: "paid", type: .boolean, count: 3, emptyCount: 0, minimum: "FALSE", maximum: "true",
                mean: nil, distinct: 3, distinctIsExact: true),
            .init(
                name: "day", type: .date, count: 3, emptyCount: 0, minimum: "2023-12-31", maximum: "2024-02-29",
                mean: nil, distinct: 3, distinctIsExact: true),
            .init(
                name: "who", type: .text, count: 3, emptyCount: 0, minimum: "Ann", maximum: "Zoë",
                mean: nil, distinct: 2, distinctIsExact: true),
            .init(
                name: "note", type: .empty, count: 0, emptyCount: 3, minimum: nil, maximum: nil,
                mean: nil, distinct: 0, distinctIsExact: true),
        ]
        #expect(report.columns == expected)
    }

    @Test(arguments: [
        (["1", "+2", "-3", "007"], CSVFieldType.integer), (["9223372036854775808999"], .integer),
        (["1.", ".5", "1e5", "-1.5E-3"], .decimal), (["1", "2.5"], .decimal),
        (["true", "False"], .boolean), (["2024-02-29"], .date), (["2024-02-29 12:30"], .date),
        (["2024-01-01T00:00:00.123+02:00", "2024-01-01T00:00-0530"], .date),
        (["2023-02-29"], .text), (["1900-02-29"], .text), (["2000-02-29"], .date), (["2024-13-01"], .text),
        (["2024-01-01T24:00"], .text), (["2024-01-01T10:00:00."], .text), (["2024-01-01T10:00+"], .text),
        (["2024-01-01Z"], .text),
        (["1", "true"], .text), (["1", "2024-01-01"], .text), ([" 1"], .text), (["1 "], .text),
        (["-"], .text), (["."], .text), (["1e"], .text), (["1e+"], .text), (["1.2.3"], .text), (["1e999"], .text),
        (["nan"], .text), (["0x10"], .text), (["truth"], .text),
    ])
    func `the type of a column is what its values have in common`(values: [String], type: CSVFieldType) throws {
        #expect(try column(values).type == type)
    }

    @Test func `numbers are ordered by value, and shown as they stand in the file`() throws {
        let numbers = try column(["10", "9", "-1", "-10", "+11.50"])
        #expect(numbers.minimum == "-10")
        #expect(numbers.maximum == "+11.50")
        // A column that turns out to be text is ordered as text from its first value on.
        let text = try column(["10", "9", "x", "-1"])
        #expect(text.minimum == "-1")
        #expect(text.maximum == "x")
    }

    @Test func `numbers read by hand are the nearest doubles`() {
        let texts = [
            "0.1", "123456789.123456", "9007199254740993", "1e22", "1.7976931348623157e308", "0.30000000000000004", "5e-324",
        ]
        for text in texts {
            let expected = Double(text)!  // a literal of this test
            let value = CSVFieldValue(Array(text.utf8).span)
            guard case .number(let number, _) = value else {
                Issue.record("\(text) is no number")
                continue
            }
            #expect(number == expected)
        }
    }

    @Test func `the mean keeps its digits when the numbers are large and close together`() throws {
        let summary = try column((0..<1_000).map { "\(1_000_000_000_000 + $0)" })
        #expect(summary.mean == 1_000_000_000_499.5)
    }

    @Test func `texts are compared past their first eight bytes`() throws {
        let summary = try column(["abcdefghij", "abcdefgh", "abcdefghi", "abcdefghja"])
        #expect(summary.minimum == "abcdefgh")
        #expect(summary.maximum == "abcdefghja")
        let short = try column(["b", "a", "ab", "c"])
        #expect(short.minimum == "a")
        #expect(short.maximum == "c")
    }

    @Test func `long texts are cut between characters`() throws {
        let ascii = try column([String(repeating: "x", count: 64), String(repeating: "y", count: 65)])
        #expect(ascii.minimum == String(repeating: "x", count: 64))
        #expect(ascii.maximum == String(repeating: "y", count: 64) + "…")
        let wide = try column(["x" + String(repeating: "é", count: 40)])
        #expect(wide.minimum == "x" + String(repeating: "é", count: 31) + "…")
    }

    @Test func `missing fields count as empty, surplus ones make columns, and both make ragged rows`() throws {
        let report = try summarize("a,b\n1\n1,2\n1,2,3\n")
        #expect(report.rows == 3)
        #expect(report.raggedRows == 2)
        #expect(report.columns.map(\.name) == ["a", "b", "column 3"])
        #expect(report.columns.map(\.count) == [3, 2, 1])
        #expect(report.columns.map(\.emptyCount) == [0, 1, 2])
    }

    @Test func `without a header the first row is data`() throws {
        let report = try summarize("1,2\n3,4\n", hasHeader: false)
        #expect(report.rows == 2)
        #expect(report.columns.map(\.name) == ["column 1", "column 2"])
        #expect(report.columns.map(\.mean) == [2, 3])
    }

    @Test func `an empty file and a lone header are empty tables`() throws {
        #expect(try summarize("") == CSVReport(rows: 0, columns: [], raggedRows: 0, invalidFields: 0, byteCount: 0))
        let header = try summarize("a,b")
        #expect(header.rows == 0)
        #expect(header.columns.map(\.type) == [.empty, .empty])
    }

    @Test func `invalid UTF-8 is counted and shown as a replacement character`() throws {
        let report = try summarize(Array("n\na".utf8) + [0xFF] + Array("\ngrün\n".utf8))
        #expect(report.invalidFields == 1)
        #expect(report.columns.first?.minimum == "a\u{FFFD}")
    }

    @Test func `a file of several chunks is reported chunk by chunk and ends at its size`() throws {
        let directory = try TemporaryDirectory()
        let rows = (1...300_000).map { "\($0),text\n" }.joined()
        let path = try directory.write("n,t\n" + rows, to: "table.csv")
        var reports: [WorkProgress] = []
        let report = try CSVSummary.compute(.init(path: path)) { reports.append($0) }
        #expect(report.rows == 300_000)
        #expect(report.columns.first?.mean == 150_000.5)
        #expect(report.columns.first?.maximum == "300000")
        #expect(reports.count == report.byteCount / (1 << 20) + 1)
        #expect(reports.last?.fraction == 1)
        #expect(reports.last?.completed == report.byteCount)
    }

    @Test func `a cancelled task reads nothing more`() async throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("a\n1\n", to: "table.csv")
        await #expect(throws: CancellationError.self) {
            try await inCancelledTask { try CSVSummary.compute(.init(path: path)) { _ in } }
        }
    }
}
