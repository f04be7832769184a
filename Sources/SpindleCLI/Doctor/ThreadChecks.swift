internal import CSpindle
internal import Glibc
internal import Spindle

/// What workers on threads stand on, tried in earnest.
enum ThreadChecks {
    static func all() async -> [Finding] { [await worker(), sharedBuffer(), waitOnTwo()] }

    private enum Echo: WorkerProgram {
        typealias Inbound = Int
        typealias Outbound = Int

        static func run(_ parent: WorkerScope<Echo>) async throws {
            for try await number in parent.messages { try await parent.send(number) }
        }
    }

    /// Starts a worker, exchanges a message with it and ends it.
    private static func worker() async -> Finding {
        let name = "worker on a thread"
        do {
            let worker = try await Worker(Echo.self)
            try worker.post(1)
            // Blocks this thread, on which nothing else waits, for the sake of the time limit.
            let answer = worker.receive(timeout: .seconds(5))
            let exit = await worker.terminate()
            guard answer == 1 else {
                return .missing(
                    name, "no answer within 5 s (\(exit))",
                    "The machine is overloaded or the program is broken; try again when it is idle.", isRequired: true)
            }
            return .ok(name, "started, answered and ended", isRequired: true)
        } catch {
            return .missing(
                name, "\(error)", "No thread could be started; raise 'ulimit -u' or the control group's pids.max.",
                isRequired: true)
        }
    }

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
                "Without futex_waitv(2), Linux 5.16 or later, a worker blocked in a wait is abandoned instead of stopped.")
        }
        return .ok(name, "futex_waitv")
    }

    static func text(of result: Int32) -> String { String(cString: strerror(-result)) }
}
