internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// Gets the threads that work for a guest out of the system calls that block them, which then fail with EINTR.
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

    // Signalled under the lock, under which each takes itself out before it ends.
    private let threads = Lock<[pthread_t]>([])

    /// Lets the signal reach the calling thread, which may be one of those that Spindle starts with signals blocked.
    static func admitSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, signal)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// The calling thread works for the guest until it leaves.
    func enter() { threads.withLock { $0.append(pthread_self()) } }

    func leave() {
        threads.withLock { threads in
            guard let index = threads.firstIndex(of: pthread_self()) else { return }
            threads.swapAt(index, threads.count - 1)
            threads.removeLast()
        }
    }

    var areUnderWay: Bool { threads.withLock { !$0.isEmpty } }

    /// - Returns: false when there is no thread.
    func interrupt() -> Bool {
        threads.withLock { threads in
            for thread in threads { pthread_kill(thread, Self.signal) }
            return !threads.isEmpty
        }
    }
}
