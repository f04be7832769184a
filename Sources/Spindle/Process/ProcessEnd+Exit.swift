internal import SpindleCore

extension ProcessEnd {
    /// As the end of a worker that was not told to stop and did not say why it ends.
    var exit: WorkerExit {
        if case .exited(let code) = cause, startFailure == nil { return .exited(code: code) }
        return .crashed(crash(nil))
    }

    /// As the death of a worker.
    ///
    /// - Parameter offence: what it was killed for, if it was.
    func crash(_ offence: WorkerCrash.Cause?) -> WorkerCrash {
        WorkerCrash(cause: offence ?? crashCause, processID: pid, lastErrorLines: errorOutput)
    }

    private var crashCause: WorkerCrash.Cause {
        if let startFailure { return .setUp(startFailure.message) }
        if wasMalformed { return .malformedMessage("a control packet that no worker process sends.") }
        switch limit {
        case .residentMemory?, .addressSpace?: return .limit(.memory)
        case .cpuSeconds?: return .limit(.cpuTime)
        case .fileSize?: return .limit(.fileSize)
        case nil: break
        }
        return switch cause {
        case .exited(let code): .exitCode(code)
        case .signalled(let signal): .signal(signal)
        case .unknown: .unknown
        }
    }
}
