internal import SpindleCore

/// What follows from the end of an attempt.
struct FinishedAttempt {
    /// What the worker does next.
    let next: PoolStateMachine.WorkerNext
    /// What it is to be given behind that.
    let ahead: [PoolStateMachine.Assignment]
    /// To be given to the owner, unless the task runs again.
    let answer: PoolAnswer?
}

/// What a task's owner is told.
enum PoolAnswer {
    case result(PoolJob)
    case error(PoolJob, any Error)

    func give() {
        switch self {
        case .result(let job): job.answer()
        case .error(let job, let error): job.fail(error)
        }
    }
}
