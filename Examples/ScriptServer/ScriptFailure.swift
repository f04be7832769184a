import Hummingbird
import Spindle
import SpindleJavaScript

/// Why a script has no output, in words for who wrote it.
struct ScriptFailure: Error, Sendable, ResponseGenerator {
    /// 422 if the script is at fault: to send it again will not help.
    var status: HTTPResponse.Status
    /// What a program decides by.
    var code: String
    var message: String
    /// Where in the script it happened, if it threw.
    var stack: String?

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String, stack: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.stack = stack
    }

    init(_ error: any Error, _ limits: ScriptLimits) {
        switch error {
        case let error as JavaScriptError where error.code == "ERR_ACCESS_DENIED":
            self.init(.unprocessableContent, "denied", error.message)
        case let error as JavaScriptError:
            let words = error.name.isEmpty ? "The script threw: \(error.message)" : "\(error.name): \(error.message)"
            self.init(.unprocessableContent, "threw", words, stack: error.stack)
        case let error as WorkerPoolError where error.code == .timedOut:
            self.init(.unprocessableContent, "tooSlow", "The script ran longer than \(limits.time) and was stopped.")
        case let error as WorkerPoolError where error.code == .queueFull:
            self.init(.serviceUnavailable, "busy", "Too many scripts are waiting; try again in a moment.")
        case let error as GuestLimitError where error.limit == .memory:
            self.init(
                .unprocessableContent, "tooLarge",
                "The script used more than \(limits.memory >> 20) MiB of memory and was stopped.")
        case let error as GuestEndedError:
            self.init(.unprocessableContent, "ended", "The script ended without an output (\(error.exit)).")
        default:
            self.init(.internalServerError, "failed", "The script could not be run: \(error)")
        }
    }

    private struct Body: ResponseEncodable {
        struct Failure: Encodable {
            var code: String
            var message: String
            var stack: String?
        }
        var error: Failure
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try Body(error: .init(code: code, message: message, stack: stack)).response(
            from: request, context: context)
        response.status = status
        if status == .serviceUnavailable { response.headers[.retryAfter] = "1" }
        return response
    }
}
