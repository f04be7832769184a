internal import Glibc
internal import Logging
internal import SpindleMemory
internal import SpindleMessaging

/// This process, when it is a worker's: what its owner gave it, and the ways back to the owner.
final class GuestProcess: Sendable {
    private let start: ProcessStart

    init(_ start: ProcessStart) {
        self.start = start
        WorkerID.startNumbering(after: UInt64(getpid()) << 32)
        let way = LogWay(start.control)
        LoggingSystem.bootstrap(
            { label, provider in ForwardingLogHandler(label: label, way: way, metadataProvider: provider) },
            metadataProvider: TaskBaggage.metadataProvider)
    }

    /// What the owner wrote down for the start.
    func launch<Launch>(_ type: Launch.Type) throws -> Launch {
        let attachments = start.descriptors.dropFirst(LinkEndpoint.descriptorCount).map { OwnedDescriptor($0) }
        return try EncodedMessage(bytes: start.payload, attachments: attachments).decode(type)
    }

    /// Connects two mailboxes with the owner's. The executor looks after the rings.
    ///
    /// - Returns: what is fulfilled when the outbox is closed and all of it is out, and where to claim tasks.
    func link<Inbound, Outbound>(
        inbox: Mailbox<Inbound>, outbox: Mailbox<Outbound>, on executor: ThreadExecutor
    ) throws -> (allIsOut: Promise<Void>, claims: ClaimTable) {
        let descriptors = start.descriptors.prefix(LinkEndpoint.descriptorCount).map { OwnedDescriptor($0) }
        let endpoint = try LinkEndpoint(adopting: descriptors, side: 1)
        let allIsOut = Promise<Void>()
        let link = try Link(
            endpoint, inbox: inbox, outbox: outbox, on: LinkHub.Place(on: executor), noticesHangUp: false,
            // What cannot be sent must not be lost without a word: the owner is told, and that is the end.
            onFailure: { [self] failure in
                tell(.setUpFailed("\(failure)"))
                _exit(EX_SOFTWARE)
            },
            onSent: { allIsOut.fulfil(()) })
        link.start()
        return (allIsOut, endpoint.claims)
    }

    /// Tells the owner that the program has begun.
    func tellBegun() { start.control.tellBegun() }

    /// Tells the owner; waits while its buffer is full.
    func tell(_ message: WorkerControl) { start.control.tell(message, waits: true) }

    /// Carries out what the owner says, until the owner is gone, and this process with it.
    func obey(_ command: (OwnerControl) -> Void) -> Never {
        while let packet = start.control.receive() {
            if let message = try? EncodedMessage(bytes: packet).decode(OwnerControl.self) { command(message) }
        }
        _exit(0)
    }

    /// Ends the process: everything has been said.
    func end() -> Never {
        fflush(nil)
        _exit(0)
    }

    /// Ends the process: it cannot become the worker that it should.
    func fail(_ error: any Error) -> Never {
        tell(.setUpFailed("\(error)"))
        _exit(EX_SOFTWARE)
    }
}

extension ProcessControl {
    /// - Parameter waits: whether to wait while the owner's buffer is full.
    /// - Returns: whether it was sent.
    @discardableResult
    func tell(_ message: WorkerControl, waits: Bool) -> Bool {
        guard let packet = try? EncodedMessage(message).bytes, packet.count <= Self.packetLimit else { return false }
        return waits ? send(packet) : trySend(packet)
    }
}

extension WorkerProcess {
    /// How long a process may take from its launch until its program begins; it needs a millisecond.
    static var longestStart: Duration { .seconds(30) }

    /// How long a process may go on after its side of the link has ended.
    static var longestFarewell: Duration { .seconds(2) }

    /// Of no effect when the process has ended; one that does not read what it is told is past telling.
    func tell(_ message: OwnerControl) {
        guard let packet = try? EncodedMessage(message).bytes else { return }
        try? send(packet)
    }

    /// Ends the process and all it has started: SIGTERM, and SIGKILL when it goes on.
    func kill(terminatingAfter mercy: Duration = .zero, killingAfter deadline: Duration) {
        signalGroup(SIGTERM, after: mercy)
        signalGroup(SIGKILL, after: deadline)
    }

    private func signalGroup(_ signal: Int32, after delay: Duration) {
        guard delay > .zero else { return signalGroup(signal) }
        _ = TimerThread.shared.schedule(after: delay) { [weak self] in self?.signalGroup(signal) }
    }
}
