internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// The end of a connection's pipeline: turns what happens there into events for the guest.
///
/// Lives on the event loop, like its channel.
final class SocketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let number: Int
    private let loop: SocketLoop
    /// The server that accepted the connection; nil for one that the guest has asked for.
    private let server: Int?
    private var channel: (any Channel)?

    private var isSecure: Bool
    private var wantsReading = true
    /// Received, and not taken by the guest yet.
    private var untaken = 0
    private var awaitsDrain = false
    private var hasEnded = false
    private var hasFinished = false
    private var hasFailed = false
    /// The guest is through with it, and hears nothing any more.
    private var isClosing = false

    /// How much may be on its way to the guest before reading stops: double what the guest tells of at a time.
    static let untakenLimit = 256 << 10
    /// How long what was written may take to go out after the guest has closed the socket.
    private static let lingering = TimeAmount.seconds(30)

    init(_ number: Int, server: Int? = nil, isSecure: Bool, on loop: SocketLoop) {
        self.number = number
        self.server = server
        self.isSecure = isSecure
        self.loop = loop
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        loop.adopt(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        if let server {
            loop.emit(.accepted(server: server, socket: number, context.channel))
        } else {
            loop.emit(.connected(number, context.channel))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let buffer = unwrapInboundIn(data)
        untaken += buffer.readableBytes
        if untaken >= Self.untakenLimit { adjustReading() }
        loop.emit(.received(number, buffer))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { tellDrained() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: end()
        case TLSUserEvent.handshakeCompleted(let negotiated):
            if !isClosing { loop.emit(.secured(number, session: context.session(negotiated))) }
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A peer that leaves without the farewell of TLS has ended like one of plain TCP.
        if case .uncleanShutdown? = error as? NIOSSLError { end() } else { fail(error, in: .read) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.release(self)
        guard !isClosing else { return }
        if isSecure || hasFinished {
            // A channel that sends nothing more closes as the other side ends, and tells of nothing else.
            end()
        } else {
            // Nobody here has asked for it, and nothing was wrong with reading.
            fail(IOError(errnoCode: hasEnded ? EPIPE : ECONNRESET, reason: "write"), in: .write)
        }
        loop.emit(.closed(number))
    }

    private func end() {
        guard !hasEnded, !hasFailed, !isClosing else { return }
        hasEnded = true
        loop.emit(.ended(number))
    }

    func fail(_ error: any Error, in call: SocketFailure.Call) {
        guard !hasFailed, !isClosing else { return }
        hasFailed = true
        loop.emit(.failed(number, SocketFailure(error, in: call)))
    }

    /// The connection could not be made.
    func connectFailed(_ error: any Error) {
        loop.release(self)
        guard !isClosing else { return }
        fail(error, in: .connect)
        loop.emit(.closed(number))
    }

    // MARK: Commands of the guest

    func write(_ buffer: ByteBuffer) { channel?.writeAndFlush(buffer, promise: nil) }

    func confirm() {
        awaitsDrain = true
        if channel?.isWritable != false { tellDrained() }
    }

    private func tellDrained() {
        guard awaitsDrain, !isClosing else { return }
        awaitsDrain = false
        loop.emit(.drained(number))
    }

    func read(_ on: Bool) {
        wantsReading = on
        adjustReading()
    }

    func taken(_ bytes: Int) {
        untaken -= bytes
        adjustReading()
    }

    private func adjustReading() {
        let isReading = wantsReading && untaken < Self.untakenLimit
        try? channel?.syncOptions?.setOption(.autoRead, value: isReading)
    }

    func set(_ option: ChannelOptions.Types.SocketOption, to value: SocketOptionValue) {
        // Not every kind of socket has every option; those that do not are as good without.
        try? channel?.syncOptions?.setOption(option, value: value)
    }

    func secure(_ security: SocketSecurity) {
        guard let channel else { return }
        isSecure = true
        do {
            try channel.pipeline.syncOperations.addHandler(security.handler(), position: .first)
        } catch {
            fail(error, in: .connect)
            channel.close(promise: nil)
        }
    }

    func finish() {
        hasFinished = true
        channel?.close(mode: .output, promise: nil)
    }

    func close() {
        guard !isClosing else { return }
        isClosing = true
        loop.emit(.closed(number))
        guard let channel, channel.isActive else {
            channel?.close(promise: nil)
            return
        }
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        let isOut = loop.eventLoop.makePromise(of: Void.self)
        isOut.futureResult.whenComplete { _ in channel.close(promise: nil) }
        channel.writeAndFlush(ByteBuffer(), promise: isOut)
        guard channel.isActive else { return }
        let deadline = loop.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
    }

    func reset() {
        guard !isClosing else { return }
        isClosing = true
        loop.emit(.closed(number))
        // Nothing lingers: the system resets the connection.
        _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        channel?.close(promise: nil)
    }

    /// Ends it whatever is left to send.
    func abandon() {
        isClosing = true
        channel?.close(promise: nil)
    }
}

extension SocketFailure {
    init(_ error: any Error, in call: Call) {
        switch error {
        case let error as IOError:
            self = .system(errno: error.errnoCode, call: call)
        case ChannelError.connectTimeout:
            self = .system(errno: ETIMEDOUT, call: .connect)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .security(
                code: "ERR_TLS_CERT_ALTNAME_INVALID",
                message: "Hostname/IP does not match certificate's altnames: \(error.description)")
        case let error where "\(error)".contains("CERTIFICATE_VERIFY_FAILED"):
            self = .security(code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", message: "unable to verify the first certificate")
        case is NIOSSLError, is BoringSSLError:
            self = .security(code: "ERR_SSL_PROTOCOL_ERROR", message: "\(error)")
        default:
            self = .system(errno: ECONNRESET, call: call)
        }
    }
}
