/// Numbers the tasks of one pool, from 1 in the order of submission.
public struct TaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let number: UInt64

    package init(number: UInt64) { self.number = number }

    public static func < (a: TaskID, b: TaskID) -> Bool { a.number < b.number }
    public var description: String { String(number) }
}
