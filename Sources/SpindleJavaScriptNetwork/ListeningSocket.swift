internal import Glibc
internal import NIOCore

/// Sockets that listen. Made by the guest itself and not by the event loop: a program may ask for its port at once.
enum ListeningSocket {
    /// - Returns: a descriptor, or a negative error number.
    static func make(_ address: SocketAddress, backlog: Int32, isVersion6Only: Bool) -> Int32 {
        let family: Int32 =
            switch address {
            case .v4: AF_INET
            case .v6: AF_INET6
            case .unixDomainSocket: AF_UNIX
            }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { return -errno }
        func set(_ level: Int32, _ name: Int32, _ value: Int32) {
            var value = value
            setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        if family != AF_UNIX { set(SOL_SOCKET, SO_REUSEADDR, 1) }
        if family == AF_INET6 { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, isVersion6Only ? 1 : 0) }
        guard bind(descriptor, to: address) == 0, listen(descriptor, backlog) == 0 else {
            let error = errno
            Glibc.close(descriptor)
            return -error
        }
        return descriptor
    }

    private static func bind(_ descriptor: Int32, to address: SocketAddress) -> Int32 {
        address.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
    }

    /// Where the descriptor is bound to.
    static func address(of descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(descriptor, address, &length) == 0 else { return nil }
                switch Int32(address.pointee.sa_family) {
                case AF_INET: return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { .init($0.pointee) }
                case AF_INET6: return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { .init($0.pointee) }
                default: return nil
                }
            }
        }
    }
}
