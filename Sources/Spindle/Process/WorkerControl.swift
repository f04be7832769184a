internal import Logging
internal import SpindleCore

/// What the owner of a worker process tells it beside the messages. Travels on the control socket, so that it gets
/// through while the worker's own thread is busy.
enum OwnerControl: Codable {
    /// Cancel the program.
    case terminate
    /// Cancel the task of this number, if it still runs.
    case cancelTask(UInt64)
}

/// What a worker process tells its owner beside the messages.
enum WorkerControl: Codable {
    /// The program has begun.
    case online
    /// The program has ended. The process ends too when everything that the program sent is in the ring.
    ///
    /// `received`: how many messages it has taken in.
    case ended(ProgramEnd, received: UInt64)
    /// It could not begin.
    case setUpFailed(String)
    case log(LogRecord)
}

/// How a program ended, as its process tells it.
enum ProgramEnd: Codable {
    case completed
    case exited(Int32)
    case failed(RemoteError)
    case terminated

    init(_ exit: WorkerExit) {
        self =
            switch exit {
            case .completed: .completed
            case .exited(let code): .exited(code)
            case .failed(let error): .failed(RemoteError(error))
            case .crashed, .terminated, .abandoned: .terminated
            }
    }

    var exit: WorkerExit {
        switch self {
        case .completed: .completed
        case .exited(let code): .exited(code: code)
        case .failed(let error): .failed(error)
        case .terminated: .terminated
        }
    }
}
