internal import NIOCore

/// What a guest wants of one of its sockets; carried out in order.
enum SocketCommand: Sendable {
    case connect(Int, to: SocketAddress, from: SocketAddress?)
    /// The descriptor is bound and listens, and is the server's from here on.
    case serve(Int, descriptor: Int32, SocketSecurity?)
    /// Begins TLS on a connection.
    case secure(Int, SocketSecurity)
    case write(Int, ByteBuffer)
    /// Asks for `drained` once everything written before has gone out.
    case confirm(Int)
    /// Whether the guest wants to receive.
    case read(Int, Bool)
    /// So many bytes that were received have reached the guest.
    case taken(Int, bytes: Int)
    case set(Int, ChannelOptions.Types.SocketOption, SocketOptionValue)
    /// Sends nothing more.
    case finish(Int)
    /// Closes once everything written before has gone out.
    case close(Int)
    /// Closes at once; the other side sees the connection reset.
    case reset(Int)
}
