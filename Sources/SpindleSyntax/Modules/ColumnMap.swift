/// Leads from a column of a rewritten source back to the source's own. Lines are the same in both.
package struct ColumnMap: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        let line: Int
        /// From this column of the rewritten source …
        let column: Int
        /// … the source's columns go on from here,
        let sourceColumn: Int
        /// or stay there: this is text that the source does not have.
        let isInserted: Bool
    }

    private(set) var entries: [Entry] = []

    mutating func append(_ entry: Entry) { entries.append(entry) }

    /// The source's column for a line and a column of the rewritten source, all counted from 1. Text that rewriting put
    /// in maps to the place of what it replaces.
    package func sourceColumn(line: Int, column: Int) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[middle]
            if (entry.line, entry.column) <= (line, column) { low = middle + 1 } else { high = middle }
        }
        guard low > 0, case let entry = entries[low - 1], entry.line == line else { return column }
        return entry.isInserted ? entry.sourceColumn : entry.sourceColumn + column - entry.column
    }
}
