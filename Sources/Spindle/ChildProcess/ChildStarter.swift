internal import CSpindle
internal import SpindleMemory

/// Starts children, on one thread that lasts as long as the program.
///
/// The kernel ends a child whose parent has asked for it (PR_SET_PDEATHSIG) when the *thread* that started it ends, and the
/// threads that tasks run on come and go. The thread also takes the wait for the new program's start from them.
final class ChildStarter: Sendable {
    static let shared = ChildStarter()

    private typealias Work = @Sendable () -> Void

    private struct State {
        var queue: [Work] = []
        var hasThread = false
    }

    private let state = Lock(State())
    private let wake = FutexWord()

    func start(
        _ plan: ChildPlan, onExit: @escaping @Sendable (RunningChild) -> Void
    ) async throws(ChildPlan.Failure) -> RunningChild {
        typealias Outcome = Result<RunningChild, ChildPlan.Failure>
        return try await withUnsafeContinuation { (continuation: UnsafeContinuation<Outcome, Never>) in
            perform {
                do throws(ChildPlan.Failure) {
                    continuation.resume(returning: .success(try RunningChild(plan, onExit: onExit)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }.get()
    }

    private func perform(_ work: @escaping Work) {
        let needsThread = state.withLock { state in
            state.queue.append(work)
            defer { state.hasThread = true }
            return !state.hasThread
        }
        if needsThread, DetachedThread.start(stackSize: 256 << 10, { [self] in run() }) != nil {
            // Without it nothing is tied to the program, but what was asked for is done.
            let queue = state.withLock { state in
                state.hasThread = false
                defer { state.queue = [] }
                return state.queue
            }
            for work in queue { work() }
        } else {
            wake.store(1)
            wake.wake(1)
        }
    }

    private func run() {
        spindle_thread_set_name("spindle-starter")
        while true {
            wake.store(0)
            let queue = state.withLock { state in
                defer { state.queue = [] }
                return state.queue
            }
            for work in queue { work() }
            // What was added since then has set the word, and the wait returns at once.
            if queue.isEmpty { wake.wait(while: 0) }
        }
    }
}
