internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Outermost of all: turns every error into an answer and puts the security headers on each.
struct AnswerGuard: RouterMiddleware {
    /// A body up to this size is read to its end after a refusal, so that the connection can go on.
    let drainedBody: Int

    @concurrent func handle(
        _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // Hummingbird answers it, if there is still somebody to answer, and closes the connection.
            throw error
        } catch {
            response = self.response(to: error, request, context)
            if hasUnwantedBody(request) { response.closeConnection(of: context.channel) }
        }
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.resourcePolicy] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }

    private func response(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
        switch error {
        case let error as APIError:
            return error.response()
        case let error as any HTTPResponseError where error.status == .notFound:
            return APIError.notFound(request.uri.path).response()
        case let error as any HTTPResponseError:
            return APIError(status: error.status, code: "refused", message: error.status.reasonPhrase).response()
        case is CancellationError:
            return APIError.busy("stopping", "The server is stopping; try again when it is back.").response()
        default:
            // The kind of error only: its text may quote what the client sent.
            context.logger.error("Request failed", metadata: ["error": "\(type(of: error))", "path": "\(request.uri.path)"])
            return APIError.unexpected.response()
        }
    }

    private func hasUnwantedBody(_ request: Request) -> Bool {
        // A body that was announced and not asked for may come or not: nobody could tell it from the next request.
        if request.headers[.transferEncoding] != nil || request.headers[.expect] != nil { return true }
        return (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > drainedBody
    }
}

extension Response {
    /// Ends the connection after this response although its request has not been read to the end.
    ///
    /// Closing at once would reset the connection, and the client might lose the answer.
    /// So only the sending side is closed, and what still arrives is dropped for two seconds.
    mutating func closeConnection(of channel: any Channel) {
        headers[.connection] = "close"
        let answer = body
        body = ResponseBody(contentLength: answer.contentLength) { writer in
            try await answer.write(writer)
            channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
            try? await channel.close(mode: .output)
        }
    }
}
