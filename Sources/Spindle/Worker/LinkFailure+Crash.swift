internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

extension LinkFailure {
    /// What a worker's process is ended for.
    var crashCause: WorkerCrash.Cause {
        switch self {
        case .peer(let error as RingError) where error.code == .unavailable: .setUp("A message could not be received: \(error)")
        case .peer(let error as MessageCodingError) where error.code == .unavailable:
            .setUp("A message could not be received: \(error)")
        case .peer(let error): .malformedMessage("\(error)")
        case .unsent(let error): .setUp("A message could not be sent: \(error)")
        }
    }
}
