/// How far a task of this library is.
public struct WorkProgress: Codable, Equatable, Sendable {
    /// What is counted.
    public enum Unit: String, Codable, Sendable {
        case bytes, numbers
    }

    public let unit: Unit
    /// How many units are done: never less than in an earlier report, never more than ``total``.
    public let completed: Int
    /// How many there are in all.
    public let total: Int
    /// How many files are done, for tasks that go through several.
    public let filesCompleted: Int?

    public init(_ unit: Unit, completed: Int, total: Int, filesCompleted: Int? = nil) {
        self.unit = unit
        // A file may grow while it is read.
        self.completed = min(completed, total)
        self.total = total
        self.filesCompleted = filesCompleted
    }

    /// From 0 to 1; 1 when there is nothing to do.
    public var fraction: Double { total == 0 ? 1 : Double(completed) / Double(total) }
}
