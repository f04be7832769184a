/// A table of comma-separated values, summed up.
public struct CSVReport: Codable, Equatable, Sendable {
    /// Not counting the header.
    public let rows: Int
    /// As many as the longest row has fields.
    public let columns: [CSVColumnSummary]
    /// Rows with more or fewer fields than the first one. What is missing counts as empty.
    public let raggedRows: Int
    /// Fields that are not valid UTF-8. Where one is shown, U+FFFD stands for the invalid bytes.
    public let invalidFields: Int
    /// Bytes read.
    public let byteCount: Int
}

/// One column of a ``CSVReport``.
public struct CSVColumnSummary: Codable, Equatable, Sendable {
    /// From the header, cut to 64 bytes; "column N", from 1, where there is none.
    public let name: String
    public let type: CSVFieldType
    /// Values that are not empty.
    public let count: Int
    /// Fields that are empty or missing.
    public let emptyCount: Int
    /// The least and the greatest value, as they stand in the file and cut to 64 bytes: numbers by
    /// their value, everything else in the order of its bytes. Nil in an empty column.
    public let minimum: String?
    public let maximum: String?
    /// Of a numeric column; nil for others, and when it is beyond what a Double holds.
    public let mean: Double?
    /// How many different values there are: exact, or an estimate with a standard error of 1.6 %.
    public let distinct: Int
    public let distinctIsExact: Bool
}
