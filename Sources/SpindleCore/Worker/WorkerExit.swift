/// How a worker ended.
public enum WorkerExit: Sendable {
    /// Its program returned.
    case completed
    /// Its program asked to end with this code.
    case exited(code: Int32)
    /// Its program threw.
    case failed(any Error)
    /// It was stopped by its owner, its owner's end, or the loss of its handle.
    case terminated
    /// Its process died. For process workers only.
    case crashed(WorkerCrash)
    /// It was told to stop and had not by the deadline. Its thread goes on, cut off
    /// from its owner, until the program returns by itself; see `Workers.statistics`.
    case abandoned

    /// The exit code a Node.js worker would have: 0, the program's own, or 1.
    public var code: Int32 {
        switch self {
        case .completed: 0
        case .exited(let code): code
        case .failed, .crashed, .terminated, .abandoned: 1
        }
    }
}

extension WorkerExit: CustomStringConvertible {
    public var description: String {
        switch self {
        case .completed: "completed"
        case .exited(let code): "exited with code \(code)"
        case .failed(let error): "failed: \(error)"
        case .crashed(let crash): "crashed: \(crash)"
        case .terminated: "terminated"
        case .abandoned: "abandoned: it did not stop by the deadline"
        }
    }
}
