public import SpindleJavaScript

extension GuestNetwork {
    /// TCP, Unix and TLS sockets, and the system's resolver of names: what `net`, `tls`, `http`, `https`, `dns` and `fetch`
    /// stand on.
    ///
    /// Sockets are SwiftNIO's, on the event loops that the whole process shares; those of one guest are all on the same. They
    /// close when their guest ends.
    public static let sockets = GuestNetwork(SocketBindings.self)
}

enum SocketBindings: GuestBindings {
    static let all: [String: @Sendable (Guest) -> GuestValue] = ["dns": makeNamesBinding, "net": makeSocketsBinding]
}
