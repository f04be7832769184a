internal import NIOCore
internal import NIOPosix
internal import SpindleJavaScript
internal import SpindleMemory

/// The guest's side of its sockets: what happens on the event loop reaches scripts from here, and what they want goes
/// out from here, both in batches. Lives on the guest's thread.
final class GuestSockets: GuestCompanion {
    private unowned let guest: Guest
    private let events: SocketEvents
    private let loop: SocketLoop

    private var sockets: [Int: Socket] = [:]
    private struct Socket {
        var channel: (any Channel)?
        var isReferenced = true
        /// Written since the event loop last said that everything had gone out.
        var unconfirmed = 0
        /// Handed to the scripts, and the event loop does not know it yet.
        var taken = 0
    }

    private var commands: [SocketCommand] = []
    private var isDelivering = false
    /// `deliver(count, attachments)`
    var handler: Retained?

    /// Where scripts find events, four numbers each; the bytes of short ones; and where they leave what they write.
    let records = HostMemory(count: GuestSockets.batch * 16)
    let inbound = HostMemory(count: 64 << 10)
    let outbound = HostMemory(count: 64 << 10)
    private let allocator = ByteBufferAllocator()

    /// How many events the scripts are given at a time: few enough that what they answer goes out while they go on.
    private static let batch = 32
    private static let unconfirmedLimit = 64 << 10

    init(_ guest: Guest) {
        self.guest = guest
        events = SocketEvents(guest.control.inbox)
        loop = SocketLoop(MultiThreadedEventLoopGroup.singleton.next(), events)
    }

    func guestEnds() {
        handler = nil
        flush()
        let isOver = FutexWord()
        let loop = loop
        loop.eventLoop.execute {
            loop.closeAll {
                isOver.store(1)
                isOver.wake(1)
            }
        }
        if isOver.load() == 0 { isOver.wait(while: 0, timeout: 1_000_000_000) }
        loop.eventLoop.execute { loop.abandonAll() }
    }

    // MARK: What the scripts ask for

    func add() -> Int {
        let number = events.nextNumber()
        sockets[number] = Socket()
        guest.loop.addReference()
        return number
    }

    func send(_ command: SocketCommand) {
        commands.append(command)
        guard !isDelivering else {
            if commands.count >= Self.batch { flush() }
            return
        }
        if commands.count == 1 { guest.control.inbox.post { $0.companion(GuestSockets.self)?.flush() } }
    }

    /// Sends what lies in `outbound`.
    ///
    /// - Parameter isLast: whether this ends what the scripts write in one go.
    /// - Returns: whether the socket takes more at once; otherwise `drained` follows.
    func write(_ number: Int, count: Int, isLast: Bool) -> Bool {
        guard sockets[number] != nil else { return true }
        let bytes = UnsafeRawBufferPointer(rebasing: outbound.bytes.prefix(count))
        if case .write(number, var buffer)? = commands.last {
            commands.removeLast()
            buffer.writeBytes(bytes)
            commands.append(.write(number, buffer))
        } else {
            var buffer = allocator.buffer(capacity: count)
            buffer.writeBytes(bytes)
            send(.write(number, buffer))
        }
        sockets[number]?.unconfirmed += count
        guard isLast, let unconfirmed = sockets[number]?.unconfirmed, unconfirmed > Self.unconfirmedLimit else { return true }
        sockets[number]?.unconfirmed = 0
        send(.confirm(number))
        return false
    }

    func setReference(to number: Int, _ on: Bool) {
        guard let socket = sockets[number], socket.isReferenced != on else { return }
        sockets[number]?.isReferenced = on
        if on { guest.loop.addReference() } else { guest.loop.removeReference() }
    }

    func channel(of number: Int) -> (any Channel)? { sockets[number]?.channel }

    func flush() {
        guard !commands.isEmpty else { return }
        let (loop, commands) = (loop, commands)
        self.commands = []
        loop.eventLoop.execute { loop.perform(commands) }
    }

    // MARK: What the scripts are told

    func deliver() {
        let events = events.take()
        isDelivering = true
        var rest = events[...]
        while !rest.isEmpty, !guest.engine.isStopped {
            guest.engine.keepingValues { deliverBatch(of: &rest) }
            flush()
        }
        isDelivering = false
    }

    private func deliverBatch(of events: inout ArraySlice<SocketEvent>) {
        guard let handler else {
            events = []
            return
        }
        var batch = SocketRecords(records, inbound, guest.engine)
        while let event = events.first, batch.count < Self.batch, note(event, in: &batch) { events.removeFirst() }
        guest.call(handler, [guest.engine.value(batch.count), guest.engine.array(batch.attachments)])
    }

    /// - Returns: false when it does not fit into the batch any more.
    private func note(_ event: SocketEvent, in batch: inout SocketRecords) -> Bool {
        switch event {
        case .accepted(let server, let number, let channel):
            sockets[number] = Socket(channel: channel)
            guest.loop.addReference()
            batch.append(.accepted, server, Int32(truncatingIfNeeded: number))
        case .connected(let number, let channel):
            sockets[number]?.channel = channel
            batch.append(.connected, number)
        case .secured(let number, let session): batch.append(.secured, number, attachment: session)
        case .received(let number, let buffer):
            guard batch.append(number, buffer) else { return false }
            take(buffer.readableBytes, of: number)
        case .ended(let number): batch.append(.ended, number)
        case .drained(let number): batch.append(.drained, number)
        case .failed(let number, .system(let errno, let call)): batch.append(.failed, number, -errno, call.rawValue)
        case .failed(let number, .security(let code, let message)):
            batch.append(.refused, number, attachment: code + "\n" + message)
        case .closed(let number):
            setReference(to: number, false)
            sockets[number] = nil
            batch.append(.closed, number)
        }
        return true
    }

    private func take(_ bytes: Int, of number: Int) {
        guard let taken = sockets[number]?.taken else { return }
        let isDue = taken + bytes >= SocketHandler.untakenLimit / 2
        sockets[number]?.taken = isDue ? 0 : taken + bytes
        if isDue { send(.taken(number, bytes: taken + bytes)) }
    }
}
