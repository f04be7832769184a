public import Spindle

/// Sums up a file of comma-separated values of any size: type, extremes, mean and distinct values of each column.
///
/// One pass in chunks of 1 MiB. Memory does not depend on the file's length: at
/// most some 9 KiB a column and one field.
public enum CSVSummary: WorkerTask {
    /// A row with more fields than this is an error.
    public static let maximumColumns = CSVParser.Limits().columns
    /// A field with more bytes than this is an error.
    public static let maximumFieldLength = CSVParser.Limits().fieldLength

    public struct Input: Codable, Sendable {
        /// A file; links in this path are followed.
        public let path: String
        /// Whether the first row names the columns.
        public let hasHeader: Bool

        public init(path: String, hasHeader: Bool = true) {
            self.path = path
            self.hasHeader = hasHeader
        }
    }

    public static func run(_ input: Input, _ context: TaskContext<WorkProgress>) async throws -> CSVReport {
        try compute(input) { context.report($0) }
    }

    /// Does the work on the calling thread.
    ///
    /// - Parameter report: called after every chunk of 1 MiB with the bytes done.
    /// - Throws: ``WorkloadError`` when the file cannot be read, at ``maximumColumns`` and
    ///   ``maximumFieldLength`` (with row and column) and for a quote that is never closed;
    ///   `CancellationError` within one chunk of the task's cancellation.
    public static func compute(_ input: Input, report: (WorkProgress) -> Void) throws -> CSVReport {
        let file = try OpenFile(input.path)
        let total = file.size
        var parser = CSVParser()
        var table = CSVTable(hasHeader: input.hasHeader)
        var done = 0
        try file.forEachChunk(input.path) { chunk in
            try parser.feed(chunk.bindMemory(to: UInt8.self).span, into: &table)
            done += chunk.count
            report(WorkProgress(.bytes, completed: done, total: total))
        }
        try parser.finish(into: &table)
        return table.report(byteCount: done)
    }
}
