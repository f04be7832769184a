internal import CoreMetrics
internal import HTTPTypes
internal import Hummingbird
internal import SpindleCore

/// Counts and times requests by route, method and status.
///
/// Labelled with the route's pattern and never with the path, so that clients cannot make up series.
struct RequestMetrics: RouterMiddleware {
    let factory: any MetricsFactory
    private let clock = ContinuousClock()

    init(factory: any MetricsFactory) { self.factory = factory }

    @concurrent func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = clock.now
        let response = try await next(request, context)
        let route = [("route", context.endpointPath ?? "none"), ("method", known(request.method))]
        Counter(label: "http_requests", dimensions: route + [("status", String(response.status.code))], factory: factory)
            .increment()
        Timer(label: "http_request_duration", dimensions: route, factory: factory)
            .recordNanoseconds((clock.now - start).nanoseconds)
        return response
    }

    private func known(_ method: HTTPRequest.Method) -> String {
        Routes.methods.contains(method) ? method.rawValue : "other"
    }
}
