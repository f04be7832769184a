/// Gathers the columns of a table from the fields of a parser.
struct CSVTable: CSVSink {
    private let hasHeader: Bool
    private var names: [String] = []
    private var columns: [CSVColumn] = []
    private var rows = 0
    private var raggedRows = 0
    private var invalidFields = 0
    /// Fields in the first row, which the others are held against.
    private var width: Int?

    init(hasHeader: Bool) { self.hasHeader = hasHeader }

    mutating func field(_ bytes: Span<UInt8>, row: Int, column: Int) {
        if !isUTF8(bytes) { invalidFields += 1 }
        if hasHeader, row == 0 {
            names.append(CSVColumn.text(CSVColumn.copy(bytes)))
            columns.append(CSVColumn())
            return
        }
        if column == columns.count { columns.append(CSVColumn()) }
        if !bytes.isEmpty { columns[column].add(bytes) }
    }

    mutating func endRow(_ row: Int, columns count: Int) {
        if let width, width != count { raggedRows += 1 }
        width = width ?? count
        if !(hasHeader && row == 0) { rows += 1 }
    }

    func report(byteCount: Int) -> CSVReport {
        CSVReport(
            rows: rows,
            columns: columns.enumerated().map { index, column in
                let name = index < names.count ? names[index] : ""
                return column.summary(name: name.isEmpty ? "column \(index + 1)" : name, rows: rows)
            },
            raggedRows: raggedRows, invalidFields: invalidFields, byteCount: byteCount)
    }

    private func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        var bits: UInt8 = 0
        for index in bytes.indices { bits |= bytes[index] }
        if bits < 0x80 { return true }
        return (try? UTF8Span(validating: bytes)) != nil
    }
}
