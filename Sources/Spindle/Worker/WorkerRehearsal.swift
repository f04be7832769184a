internal import SpindleCore
internal import SpindleMessaging

/// What every worker process goes through at its start, with a program that only says a word.
enum WorkerRehearsal: WorkerProgram {
    typealias Inbound = String
    typealias Outbound = String

    static func run(_ parent: WorkerScope<WorkerRehearsal>) async throws {
        for try await word in parent.messages { try await parent.send(word) }
    }

    /// Runs it on a thread of this process, which has ended when this returns, or is about to.
    static func perform() {
        let context = WorkerContext(name: "rehearsal")
        let settings = WorkerLaunch.Settings(
            id: 0, name: context.name, parentID: 0, environment: context.environment.encoded(), inboxLimit: 1,
            outboxLimit: 1, stackSize: ThreadExecutor.defaultStackSize, nice: 0,
            program: (try? ProgramName.check(WorkerRehearsal.self)) ?? "")
        guard let message = try? EncodedMessage(WorkerLaunch(settings, workerData: try EncodedMessage(()))),
            let launch = try? message.decode(WorkerLaunch.self), (try? launch.workerData.decode(Void.self)) != nil,
            let program = _typeByName(launch.settings.program) as? any WorkerProgram.Type, program == WorkerRehearsal.self,
            let host = try? ThreadWorkerHost<WorkerRehearsal>(WorkerOptions(), context: context),
            let link = try? LinkEndpoint.pair(),
            (try? LinkEndpoint(adopting: link.1.descriptors, side: 1)) != nil
        else { return }
        _ = try? EncodedMessage(WorkerControl.ended(.completed, received: 0)).decode(WorkerControl.self)
        host.start(workerData: ())
        try? host.inbox.post("word")
        _ = host.outbox.receiveBlocking(timeout: 1_000_000_000)
        host.inbox.close()
        // Nil, when the program has ended.
        _ = host.outbox.receiveBlocking(timeout: 1_000_000_000)
        // It did not count.
        Workers.update { $0 = WorkersStatistics() }
    }
}
