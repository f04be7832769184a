internal import HTTPTypes
internal import Hummingbird

/// A router on which every path answers every method: one it does not serve with 405.
struct Routes {
    typealias Handler = @Sendable (Request, ServerContext) async throws -> Response

    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]

    let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)

    init(middleware: [any MiddlewareProtocol<Request, Response, ServerContext>]) {
        for one in middleware { router.add(middleware: one) }
    }

    func on(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        var allowed = Self.methods.filter { handlers[$0] != nil }
        if handlers[.get] != nil { allowed.insert(.head, at: 1) }
        for method in Self.methods {
            if let handler = handlers[method] {
                router.on(path, method: method, use: handler)
            } else if !allowed.contains(method) {
                router.on(path, method: method) { [allowed] request, _ -> Response in
                    throw APIError.methodNotAllowed(request.method.rawValue, allowed: allowed)
                }
            }
        }
    }
}
