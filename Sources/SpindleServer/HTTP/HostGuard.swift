internal import HTTPTypes
internal import Hummingbird

/// Refuses requests that a web page of another site makes a visitor's browser send.
///
/// A page elsewhere can point its own host name at 127.0.0.1 (DNS rebinding): the name it
/// then sends is not one of ours. And it can post a form here without reading the answer
/// (CSRF): the browser then names its origin, which is not this server.
struct HostGuard: RouterMiddleware {
    /// Host names to accept; nil when the server listens beyond loopback and cannot know its names.
    let names: Set<String>?

    init(boundTo host: String) {
        let own = Self.name(ofAuthority: host.contains(":") ? "[\(host)]" : host)
        names = Self.isLoopback(host) ? ["localhost", "127.0.0.1", "[::1]", own] : nil
    }

    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    @concurrent func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let authority = request.head.authority ?? ""
        if let names, !names.contains(Self.name(ofAuthority: authority)) {
            throw APIError(
                status: .misdirectedRequest, code: "wrong-host",
                message: "This server does not answer to the host name '\(authority.prefix(200))'; "
                    + "use http://localhost or http://127.0.0.1 with its port.")
        }
        if request.method != .get, request.method != .head { try checkOrigin(request, authority) }
        return try await next(request, context)
    }

    private func checkOrigin(_ request: Request, _ authority: String) throws(APIError) {
        let foreign =
            if let origin = request.headers[.origin] {
                origin.lowercased() != "http://\(authority.lowercased())"
                    && origin.lowercased() != "https://\(authority.lowercased())"
            } else {
                request.headers[.secFetchSite].map { $0 != "same-origin" && $0 != "none" } ?? false
            }
        if foreign {
            throw APIError(
                status: .forbidden, code: "foreign-origin",
                message: "Pages of other sites may not change anything here; use this server's own page or a program.")
        }
    }

    /// The host of `host:port`, lowercase and without the root's dot.
    static func name(ofAuthority authority: String) -> String {
        var host = authority.lowercased()[...]
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            return String(host[...end])
        }
        if let colon = host.lastIndex(of: ":") { host = host[..<colon] }
        if host.hasSuffix(".") { host = host.dropLast() }
        return String(host)
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!  // a valid token
    static let lastEventID = HTTPField.Name("Last-Event-ID")!  // a valid token
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!  // a valid token
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!  // a valid token
    static let frameOptions = HTTPField.Name("X-Frame-Options")!  // a valid token
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!  // a valid token
    static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!  // a valid token
}
