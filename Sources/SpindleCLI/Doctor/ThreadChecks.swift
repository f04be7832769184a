internal import CSpindle
internal import Glibc

/// What workers on threads stand on, tried in earnest.
enum ThreadChecks {
    static func all() async -> [Finding] { [await WorkerCheck.onThread(), sharedBuffer(), waitOnTwo()] }

    private static func sharedBuffer() -> Finding {
        let name = "sealed shared memory"
        let result = spindle_memfd_seal_check()
        guard result == 0 else {
            return .missing(
                name, text(of: result),
                "SharedBuffer needs memfd_create(2) with seals: Linux 3.17 or later, and a sandbox that allows it.",
                isRequired: true)
        }
        return .ok(name, "memfd with seals", isRequired: true)
    }

    private static func waitOnTwo() -> Finding {
        let name = "interruptible waits"
        // The first word differs from what is expected, so the call comes back at once.
        let words: [UInt32] = [0, 0]
        let result = words.withUnsafeBufferPointer { words in
            // Two elements, so there is a base address.
            spindle_futex_wait_either(words.baseAddress!, 1, false, words.baseAddress! + 1, 0, 0)
        }
        guard result == -EAGAIN else {
            return .limited(
                name, text(of: result),
                "Without futex_waitv(2), Linux 5.16 or later, a worker blocked in a wait is abandoned instead of stopped, "
                    + "and there are no worker processes.")
        }
        return .ok(name, "futex_waitv")
    }

    static func text(of result: Int32) -> String { String(cString: strerror(-result)) }
}
