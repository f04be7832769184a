/// How urgent a pool task is. Among waiting tasks the more urgent goes first, but
/// each of the pool's ageing intervals (`WorkerPoolConfiguration.agingInterval`) of
/// waiting lifts a task by one level, so none starves.
public enum PoolPriority: UInt8, Sendable, CaseIterable, Comparable {
    case background, low, normal, high, critical

    public static func < (a: PoolPriority, b: PoolPriority) -> Bool { a.rawValue < b.rawValue }
}
