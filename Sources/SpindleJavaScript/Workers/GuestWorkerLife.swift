internal import Spindle
internal import SpindleCore
internal import SpindleMemory

/// The end of a worker as others see it: told once, at the end of its thread or at the deadline of its being stopped,
/// whichever comes first. A thread that goes on after that is counted as abandoned until it ends.
final class GuestWorkerLife: Sendable {
    private struct State {
        var lifecycle = WorkerLifecycle()
        var deadline: TimerThread.ID?
    }
    private let state = Lock(State())
    private let isOver = FutexWord()
    private let control: GuestControl
    /// Called with the exit code.
    private let tellExit: @Sendable (Int32) -> Void

    init(_ control: GuestControl, tellExit: @escaping @Sendable (Int32) -> Void) {
        self.control = control
        self.tellExit = tellExit
    }

    /// Its thread is there.
    func threadStarted() {
        state.withLock { _ = $0.lifecycle.programStarted() }
        Workers.update {
            $0.started += 1
            $0.running += 1
        }
    }

    /// From the thread, last.
    func threadEnded(_ code: Int32) {
        let (action, deadline) = state.withLock { ($0.lifecycle.programEnded(.exited(code: code)), $0.deadline) }
        if let deadline { TimerThread.shared.cancel(deadline) }
        switch action {
        case .exit:
            Workers.update { $0.running -= 1 }
            end(code)
        case .abandonedEnded: Workers.update { $0.abandoned -= 1 }
        }
    }

    func terminate(within deadline: Duration) {
        state.withLock { state in
            guard state.lifecycle.terminateRequested() else { return }
            state.deadline = TimerThread.shared.schedule(after: deadline) { [weak self] in self?.abandonIfRunning() }
        }
        control.terminate()
    }

    private func abandonIfRunning() {
        guard state.withLock({ $0.lifecycle.deadlinePassed() }) else { return }
        Workers.abandonOne()
        end(1)
    }

    private func end(_ code: Int32) {
        tellExit(code)
        isOver.store(1)
        isOver.wake(.max)
    }

    /// Waits for the exit of one that is being terminated.
    func wait() {
        while isOver.load() == 0 { isOver.wait(while: 0) }
    }
}
