internal import NIOCore
internal import NIOSSL

/// TLS on a socket: the context that sockets share, and which end this one is.
struct SocketSecurity: Sendable {
    let context: NIOSSLContext
    let isServer: Bool
    /// Of the server, to a client; nil if it is an address.
    let hostname: String?

    func handler() throws -> any ChannelHandler {
        if isServer { return NIOSSLServerHandler(context: context) }
        return try NIOSSLClientHandler(context: context, serverHostname: hostname)
    }
}

/// What scripts say of a context.
struct SecuritySettings: Sendable {
    var isServer: Bool
    /// PEM texts; empty for none.
    var certificates: String
    var key: String
    var passphrase: String
    /// Roots to trust; the system's when empty.
    var authorities: String
    /// What the other side has to prove.
    var verification: Verification
    /// As scripts number them: nothing; that somebody trusted vouches for it; and that it is who was asked for.
    enum Verification: Int, Sendable { case none, chain, full }
    /// Whether a server asks clients for certificates.
    var asksClients: Bool
    var protocols: [String]
    /// 0x0303 is TLS 1.2, 0x0304 is 1.3; 0 for what the library thinks best.
    var versions: (minimum: Int, maximum: Int)

    func makeContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if isServer {
            configuration = .makeServerConfiguration(certificateChain: [], privateKey: .privateKey(try privateKey()))
        } else if !key.isEmpty {
            configuration.privateKey = .privateKey(try privateKey())
        }
        if !certificates.isEmpty {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(certificates.utf8)).map {
                .certificate($0)
            }
        }
        if !authorities.isEmpty {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8)))
        }
        configuration.certificateVerification =
            switch verification {
            case _ where isServer && !asksClients: .none
            case .none: isServer ? .optionalVerification : .none
            case .chain: .noHostnameVerification
            case .full: isServer ? .noHostnameVerification : .fullVerification
            }
        configuration.applicationProtocols = protocols
        if let version = Self.version(versions.minimum) { configuration.minimumTLSVersion = version }
        configuration.maximumTLSVersion = Self.version(versions.maximum)
        return try NIOSSLContext(configuration: configuration)
    }

    private func privateKey() throws -> NIOSSLPrivateKey {
        guard !passphrase.isEmpty else { return try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem) }
        return try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem) { $0(Array(passphrase.utf8)) }
    }

    private static func version(_ number: Int) -> TLSVersion? {
        switch number {
        case 0x0301: .tlsv1
        case 0x0302: .tlsv11
        case 0x0303: .tlsv12
        case 0x0304: .tlsv13
        default: nil
        }
    }
}

extension ChannelHandlerContext {
    /// What a handshake has agreed on, a line each: the application's protocol, the version of TLS, and the other side's
    /// certificate in hexadecimal; empty where there is none.
    func session(_ negotiated: String?) -> String {
        let operations = pipeline.syncOperations
        let version: String =
            switch try? operations.nioSSL_tlsVersion() {
            case .tlsv13: "TLSv1.3"
            case .tlsv12: "TLSv1.2"
            case .tlsv11: "TLSv1.1"
            case .tlsv1: "TLSv1"
            default: ""
            }
        let certificate = try? operations.nioSSL_peerCertificate()?.toDERBytes()
        let digits = Array("0123456789abcdef")
        let hexadecimal = String((certificate ?? []).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        return [negotiated ?? "", version, hexadecimal].joined(separator: "\n")
    }
}
