internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import SpindleJavaScript

/// `binding('net')`. Sockets are numbers; `Sources/SpindleScripts/README.md` says what each function does.
@Sendable func makeSocketsBinding(_ guest: Guest) -> GuestValue {
    let sockets = GuestSockets(guest)
    guest.adopt(sockets)
    let contexts = SecurityContexts()
    let engine = guest.engine
    let binding = engine.object(of: [
        "setup": { [unowned sockets] call in
            sockets.handler = Retained(call[0], in: call.engine)
            return nil
        },
        // (address, port | -1 for a path, local address, local port) → number or -errno
        "connect": { [unowned sockets] call in
            guard let address = try call.socketAddress(0) else { return call.engine.value(-Int(EINVAL)) }
            let local = call.bool(2) ? try call.socketAddress(2) : nil
            let number = sockets.add()
            sockets.send(.connect(number, to: address, from: local))
            return call.engine.value(number)
        },
        // (address, port | -1 for a path, backlog, isVersion6Only, context) → number or -errno
        "listen": { [unowned sockets] call in
            guard let address = try call.socketAddress(0) else { return call.engine.value(-Int(EINVAL)) }
            let backlog = Int32(truncatingIfNeeded: call.int(2))
            let descriptor = ListeningSocket.make(address, backlog: backlog, isVersion6Only: call.bool(3))
            guard descriptor >= 0 else { return call.engine.value(Int(descriptor)) }
            let bound = ListeningSocket.address(of: descriptor)
            let number = sockets.add()
            sockets.send(.serve(number, descriptor: descriptor, try call.security(4, contexts)))
            return call.engine.array([
                call.engine.value(number), call.engine.value(bound?.ipAddress ?? ""), call.engine.value(bound?.port ?? 0),
            ])
        },
        // (number, context, isServer, hostname)
        "secure": { [unowned sockets] call in
            guard let security = try call.security(1, contexts) else { return nil }
            sockets.send(.secure(call.int(0), security))
            return nil
        },
        "write": { [unowned sockets] call in
            call.engine.value(sockets.write(call.int(0), count: call.int(1), isLast: call.bool(2)))
        },
        "read": { [unowned sockets] call in
            sockets.send(.read(call.int(0), call.bool(1)))
            return nil
        },
        "finish": { [unowned sockets] call in
            sockets.send(.finish(call.int(0)))
            return nil
        },
        "close": { [unowned sockets] call in
            sockets.send(.close(call.int(0)))
            return nil
        },
        "reset": { [unowned sockets] call in
            sockets.send(.reset(call.int(0)))
            return nil
        },
        "ref": { [unowned sockets] call in
            sockets.setReference(to: call.int(0), call.bool(1))
            return nil
        },
        "noDelay": { [unowned sockets] call in
            sockets.send(.set(call.int(0), .init(level: .tcp, name: .tcp_nodelay), call.bool(1) ? 1 : 0))
            return nil
        },
        // (number, on, seconds before the first probe)
        "keepAlive": { [unowned sockets] call in
            sockets.send(.set(call.int(0), .init(level: .socket, name: .so_keepalive), call.bool(1) ? 1 : 0))
            let delay = call.int(2)
            if call.bool(1), delay > 0 {
                sockets.send(
                    .set(call.int(0), .init(level: .tcp, name: .init(rawValue: TCP_KEEPIDLE)), SocketOptionValue(delay)))
            }
            return nil
        },
        // (number, ofPeer) → [address, port, family] or undefined
        "address": { [unowned sockets] call in
            guard let channel = sockets.channel(of: call.int(0)) else { return nil }
            guard let address = call.bool(1) ? channel.remoteAddress : channel.localAddress else { return nil }
            let family =
                switch address {
                case .v4: 4
                case .v6: 6
                case .unixDomainSocket: 0
                }
            let engine = call.engine
            return engine.array([
                engine.value(address.ipAddress ?? address.pathname ?? ""), engine.value(address.port ?? 0), engine.value(family),
            ])
        },
        // (settings …) → number; throws what is wrong with them
        "serverContext": { call in
            do {
                return call.engine.value(contexts.add(try call.securitySettings(0).makeContext()))
            } catch {
                throw HostError("ERR_OSSL_PEM_NO_START_LINE", "The key and the certificates cannot be used: \(error)")
            }
        },
        // (done, settings …) → done(number | message): reading the system's roots takes a while
        "clientContext": { [unowned guest] call in
            let settings = try call.securitySettings(1)
            guest.performLater(then: call[0]) {
                let result = Result { try settings.makeContext() }
                return { engine in
                    switch result {
                    case .success(let context): engine.value(contexts.add(context))
                    case .failure(let error): engine.value("The key and the certificates cannot be used: \(error)")
                    }
                }
            }
            return nil
        },
        "releaseContext": { call in
            contexts.remove(call.int(0))
            return nil
        },
    ])
    engine.setProperty("records", of: binding, to: engine.arrayBuffer(sockets.records, count: sockets.records.bytes.count))
    engine.setProperty("inbound", of: binding, to: engine.arrayBuffer(sockets.inbound, count: sockets.inbound.bytes.count))
    engine.setProperty("outbound", of: binding, to: engine.arrayBuffer(sockets.outbound, count: sockets.outbound.bytes.count))
    return binding
}

/// The contexts of TLS that scripts have in use, by number.
///
/// Safe to send: touched on the guest's thread alone; what is sent makes contexts, and adds them there.
private final class SecurityContexts: @unchecked Sendable {
    private var byNumber: [Int: NIOSSLContext] = [:]
    private var lastNumber = 0

    func add(_ context: NIOSSLContext) -> Int {
        lastNumber += 1
        byNumber[lastNumber] = context
        return lastNumber
    }

    func remove(_ number: Int) { byNumber[number] = nil }
    subscript(_ number: Int) -> NIOSSLContext? { byNumber[number] }
}

extension HostCall {
    /// Of an address and a port, or a path and -1; nil if it is none.
    fileprivate func socketAddress(_ index: Int) throws -> SocketAddress? {
        let (text, port) = (try string(index), int(index + 1))
        if port < 0 { return try? SocketAddress(unixDomainSocketPath: text) }
        return try? SocketAddress(ipAddress: text, port: port)
    }

    /// Of a context, 0 for none, whether this is the server's end, and the server's name.
    fileprivate func security(_ index: Int, _ contexts: SecurityContexts) throws -> SocketSecurity? {
        guard let context = contexts[int(index)] else { return nil }
        let hostname = try string(index + 2)
        return SocketSecurity(context: context, isServer: bool(index + 1), hostname: hostname.isEmpty ? nil : hostname)
    }

    fileprivate func securitySettings(_ first: Int) throws -> SecuritySettings {
        SecuritySettings(
            isServer: bool(first), certificates: try string(first + 1), key: try string(first + 2),
            passphrase: try string(first + 3), authorities: try string(first + 4),
            verification: .init(rawValue: int(first + 5)) ?? .full, asksClients: bool(first + 6),
            protocols: try string(first + 7).split(separator: ",").map(String.init),
            versions: (int(first + 8), int(first + 9)))
    }
}
