internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// What a worker's process is told at its start.
struct WorkerLaunch: MessageCodable {
    /// The part that is alike for all programs.
    struct Settings: Codable {
        var id: UInt64
        var name: String
        var parentID: UInt64
        var environment: [String: EnvironmentStore.Encoded]
        var inboxLimit: Int
        var outboxLimit: Int
        var stackSize: Int
        var nice: Int
        /// The mangled name of its program.
        var program: String
    }

    let settings: Settings
    var workerData: EncodedMessage

    init(_ settings: Settings, workerData: EncodedMessage) {
        self.settings = settings
        self.workerData = workerData
    }

    func encode(into writer: MessageWriter) throws {
        try writer.write(settings)
        try workerData.encode(into: writer)
    }

    init(from reader: MessageReader) throws {
        settings = try reader.read()
        workerData = try EncodedMessage(from: reader)
    }
}

/// The main program of a worker's process: hosts a thread worker and connects it to the owner.
enum WorkerProcessMain: ProcessMain {
    /// - Parameter subject: the mangled name of a program.
    static func rehearse(_ subject: String) {
        WorkerRehearsal.perform()
        guard let program = _typeByName(subject) as? any WorkerProgram.Type else { return }
        warmUp(program)
    }

    /// Makes what a worker of this program is made of: the first of each type takes long.
    private static func warmUp<Program: WorkerProgram>(_ program: Program.Type) {
        try? MessageCoding.check(Program.WorkerData.self)
        guard let host = try? ThreadWorkerHost<Program>(WorkerOptions(), context: WorkerContext(name: "rehearsal")),
            let (endpoint, _) = try? LinkEndpoint.pair(),
            let link = try? Link(
                endpoint, inbox: host.inbox, outbox: host.outbox, on: LinkHub.Place(on: host.executor), noticesHangUp: false)
        else { return }
        connect(host, online: { _ in }, exit: { _ in })
        link.start()
        link.close()
        link.peerEnded()
        host.executor.stop()
    }

    private static func connect<Program: WorkerProgram>(
        _ host: ThreadWorkerHost<Program>, online: @escaping @Sendable (Bool) -> Void,
        exit: @escaping @Sendable (WorkerExit) -> Void
    ) {
        host.online.whenFulfilled(online)
        host.exit.whenFulfilled(exit)
    }

    static func main(_ start: ProcessStart) -> Never {
        let guest = GuestProcess(start)
        do {
            var launch = try guest.launch(WorkerLaunch.self)
            guard let program = _typeByName(launch.settings.program) as? any WorkerProgram.Type else {
                throw ProgramLost(name: launch.settings.program)
            }
            try host(program, &launch, guest)
        } catch {
            guest.fail(error)
        }
    }

    private static func host<Program: WorkerProgram>(
        _ program: Program.Type, _ launch: inout WorkerLaunch, _ guest: GuestProcess
    ) throws -> Never {
        let settings = launch.settings
        let context = WorkerContext(
            id: WorkerID(number: settings.id), name: settings.name, parentID: WorkerID(number: settings.parentID),
            environment: EnvironmentStore(encoded: settings.environment))
        let options = WorkerOptions(
            inboxLimit: settings.inboxLimit, outboxLimit: settings.outboxLimit, stackSize: settings.stackSize,
            nice: settings.nice)
        let workerData: Program.WorkerData = try launch.workerData.decode()
        // This function never returns, and its descriptors belong to the data now.
        launch.workerData = EncodedMessage(bytes: [])
        let host = try ThreadWorkerHost<Program>(options, context: context)
        let (allIsOut, _) = try guest.link(inbox: host.inbox, outbox: host.outbox, on: host.executor)
        connect(host) { isOnline in
            guest.tellBegun()
            if isOnline { guest.tell(.online) }
        } exit: { exit in
            // Before the last messages are out: for this the owner makes room for all of them.
            guest.tell(.ended(ProgramEnd(exit), received: host.inbox.acceptedCount - host.inbox.discardedCount))
            allIsOut.whenFulfilled { guest.end() }
        }
        host.start(workerData: workerData)
        guest.obey { command in
            // Its owner sees to the deadline: it can kill the process.
            if case .terminate = command { host.requestTermination(within: .seconds(86_400)) }
        }
    }
}
