internal import Glibc
internal import NIOCore
internal import NIOPosix

/// The event loop's side of one guest's sockets.
///
/// Safe to send: everything that changes is touched on the event loop alone.
final class SocketLoop: @unchecked Sendable {
    let eventLoop: any EventLoop
    private let events: SocketEvents

    private var sockets: [Int: SocketHandler] = [:]
    private var servers: [Int: EventLoopFuture<any Channel>] = [:]
    /// What has happened in this turn of the loop, for all sockets.
    private var pending: [SocketEvent] = []
    /// Called when no socket is left.
    private var whenEmpty: (() -> Void)?

    init(_ eventLoop: any EventLoop, _ events: SocketEvents) {
        self.eventLoop = eventLoop
        self.events = events
    }

    func adopt(_ socket: SocketHandler) { sockets[socket.number] = socket }

    func release(_ socket: SocketHandler) {
        sockets[socket.number] = nil
        if sockets.isEmpty { whenEmpty?() }
    }

    /// Hands the event over at the end of this turn, together with the others.
    func emit(_ event: SocketEvent) {
        pending.append(event)
        guard pending.count == 1 else { return }
        eventLoop.execute {
            self.events.post(self.pending)
            self.pending.removeAll(keepingCapacity: true)
        }
    }

    func perform(_ commands: [SocketCommand]) {
        for command in commands {
            switch command {
            case .connect(let number, let address, let local): connect(number, address, local)
            case .serve(let number, let descriptor, let security): serve(number, descriptor, security)
            case .secure(let number, let security): sockets[number]?.secure(security)
            case .write(let number, let buffer): sockets[number]?.write(buffer)
            case .confirm(let number): sockets[number]?.confirm()
            case .read(let number, let on): sockets[number]?.read(on)
            case .taken(let number, let bytes): sockets[number]?.taken(bytes)
            case .set(let number, let option, let value): sockets[number]?.set(option, to: value)
            case .finish(let number): sockets[number]?.finish()
            case .close(let number): close(number)
            case .reset(let number): sockets[number]?.reset()
            }
        }
    }

    private func connect(_ number: Int, _ address: SocketAddress, _ local: SocketAddress?) {
        let socket = SocketHandler(number, isSecure: false, on: self)
        // Before its channel, which takes a moment: the guest may close it meanwhile.
        adopt(socket)
        let held = NIOLoopBound(socket, eventLoop: eventLoop)
        var bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // The guest has time limits of its own; this is the system's.
            .connectTimeout(.hours(1))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(held.value) }
            }
        if let local { bootstrap = bootstrap.bind(to: local) }
        bootstrap.connect(to: address).whenFailure { held.value.connectFailed($0) }
    }

    private func serve(_ number: Int, _ descriptor: Int32, _ security: SocketSecurity?) {
        let server = ServerBootstrap(group: eventLoop)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security { try channel.pipeline.syncOperations.addHandler(security.handler()) }
                    let socket = SocketHandler(
                        self.events.nextNumber(), server: number, isSecure: security != nil, on: self)
                    try channel.pipeline.syncOperations.addHandler(socket)
                }
            }
            .withBoundSocket(descriptor)
        servers[number] = server
        server.whenFailure { error in
            self.servers[number] = nil
            self.emit(.failed(number, SocketFailure(error, in: .accept)))
            self.emit(.closed(number))
        }
    }

    private func close(_ number: Int) {
        if let server = servers.removeValue(forKey: number) {
            server.whenSuccess { channel in
                channel.close().whenComplete { _ in self.emit(.closed(number)) }
            }
        } else {
            sockets[number]?.close()
        }
    }

    /// Ends every socket, once what was written has gone out.
    func closeAll(then done: @escaping @Sendable () -> Void) {
        for number in servers.keys { close(number) }
        guard !sockets.isEmpty else { return done() }
        whenEmpty = done
        for socket in sockets.values { socket.close() }
    }

    /// Ends what is still there.
    func abandonAll() {
        for socket in sockets.values { socket.abandon() }
    }
}
