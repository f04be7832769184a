internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// Gets a thread out of the system call that blocks it, which then fails with EINTR.
///
/// A signal that does nothing does it. One that comes just before the call is lost on it, so it takes several.
final class BlockedCalls: Sendable {
    /// Real-time, since programs use all others for themselves.
    private static let signal: Int32 = {
        let signal = spindle_realtime_signal(7)
        // Without SA_RESTART.
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(signal, &action, nil)
        return signal
    }()

    // Under the lock it is signalled, and taken back before the thread ends.
    private let thread = Lock<pthread_t?>(nil)

    /// From the thread itself.
    func install() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, Self.signal)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        thread.withLock { $0 = pthread_self() }
    }

    func uninstall() { thread.withLock { $0 = nil } }

    /// - Returns: false when there is no thread.
    func interrupt() -> Bool {
        thread.withLock { thread in
            guard let thread else { return false }
            pthread_kill(thread, Self.signal)
            return true
        }
    }
}
