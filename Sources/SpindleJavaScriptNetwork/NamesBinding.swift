internal import Glibc
internal import SpindleJavaScript

/// `binding('dns')`: names by way of the system's resolver, which blocks and so works on a thread of its own.
@Sendable func makeNamesBinding(_ guest: Guest) -> GuestValue {
    guest.engine.object(of: [
        // (done, name, family: 0 | 4 | 6, flags) → done(-errno | [address, family, …])
        "lookup": { [unowned guest] call in
            let (name, family, flags) = (try call.string(1), call.int(2), Int32(truncatingIfNeeded: call.int(3)))
            guest.performLater(then: call[0]) {
                let result = addresses(of: name, family: family, flags: flags)
                return { engine in
                    switch result {
                    case .success(let addresses):
                        engine.array(addresses.flatMap { [engine.value($0.text), engine.value($0.family)] })
                    case .failure(let failure): engine.value(failure.number)
                    }
                }
            }
            return nil
        },
        // (done, address, port) → done(-errno | [host, service])
        "service": { [unowned guest] call in
            let (address, port) = (try call.string(1), call.int(2))
            guest.performLater(then: call[0]) {
                let result = service(at: address, port)
                return { engine in
                    switch result {
                    case .success(let names): engine.array([engine.value(names.host), engine.value(names.service)])
                    case .failure(let failure): engine.value(failure.number)
                    }
                }
            }
            return nil
        },
    ])
}

private struct Address: Sendable {
    var text: String
    var family: Int
}

/// As libuv numbers them.
private struct LookupFailure: Error {
    var number: Int

    init(_ code: Int32) {
        number =
            switch code {
            case EAI_AGAIN: -3001
            case EAI_BADFLAGS: -3002
            case EAI_FAIL: -3004
            case EAI_FAMILY: -3005
            case EAI_MEMORY: -3006
            case EAI_SERVICE: -3010
            case EAI_SOCKTYPE: -3011
            case EAI_SYSTEM: -Int(errno)
            default: -3008
            }
    }
}

private func addresses(of name: String, family: Int, flags: Int32) -> Result<[Address], LookupFailure> {
    var hints = addrinfo()
    hints.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = flags
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(name, nil, &hints, &first)
    guard code == 0 else { return .failure(LookupFailure(code)) }
    defer { freeaddrinfo(first) }
    return .success(
        sequence(first: first, next: { $0?.pointee.ai_next }).compactMap { $0?.pointee }.compactMap { entry in
            guard let text = numeric(entry.ai_addr, entry.ai_addrlen) else { return nil }
            return Address(text: text, family: entry.ai_family == AF_INET6 ? 6 : 4)
        })
}

private func numeric(_ address: UnsafeMutablePointer<sockaddr>?, _ length: socklen_t) -> String? {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    guard getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
    return string(text)
}

private func service(at address: String, _ port: Int) -> Result<(host: String, service: String), LookupFailure> {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var first: UnsafeMutablePointer<addrinfo>?
    var code = getaddrinfo(address, String(port), &hints, &first)
    guard code == 0, let first else { return .failure(LookupFailure(code)) }
    defer { freeaddrinfo(first) }
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    code = getnameinfo(
        first.pointee.ai_addr, first.pointee.ai_addrlen, &host, socklen_t(host.count), &service, socklen_t(service.count),
        NI_NAMEREQD)
    guard code == 0 else { return .failure(LookupFailure(code)) }
    return .success((string(host), string(service)))
}

private func string(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
