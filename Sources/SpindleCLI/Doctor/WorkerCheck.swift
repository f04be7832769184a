internal import Spindle

/// Whether a worker can be had, found out by having one.
enum WorkerCheck {
    static func onThread() async -> Finding {
        await run(
            "worker on a thread", .thread, isRequired: true,
            advice: "No thread could be started; raise 'ulimit -u' or the control group's pids.max.")
    }

    static func inProcess() async -> Finding {
        await run(
            "worker in a process", .process, isRequired: false,
            advice: "It needs sealed shared memory, interruptible waits and process descriptors (see above), "
                + "and room for two processes.")
    }

    /// Starts a worker, exchanges a message with it and ends it.
    private static func run(_ name: String, _ isolation: WorkerIsolation, isRequired: Bool, advice: String) async -> Finding {
        do {
            let worker = try await Worker(Echo.self, isolation: isolation)
            try worker.post(1)
            // Blocks this thread, on which nothing else waits, for the sake of the time limit.
            let answer = worker.receive(timeout: .seconds(5))
            let exit = await worker.terminate()
            guard answer == 1 else {
                return .missing(
                    name, "no answer within 5 s (\(exit))",
                    "The machine is overloaded or the program is broken; try again when it is idle.", isRequired: isRequired)
            }
            return .ok(name, "started, answered and ended", isRequired: isRequired)
        } catch {
            return .missing(name, "\(error)", advice, isRequired: isRequired)
        }
    }

    /// Not private: a worker process finds it by its name.
    enum Echo: WorkerProgram {
        typealias Inbound = Int
        typealias Outbound = Int

        static func run(_ parent: WorkerScope<Echo>) async throws {
            for try await number in parent.messages { try await parent.send(number) }
        }
    }
}
