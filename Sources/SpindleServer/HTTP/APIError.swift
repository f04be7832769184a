internal import HTTPTypes
internal import Hummingbird

/// A refusal as the client gets it: `{"error": {"code": …, "message": …}}`.
struct APIError: Error, Sendable, CustomStringConvertible {
    let status: HTTPResponse.Status
    /// For programs: does not change between versions.
    let code: String
    /// For people: what is wrong, and what to do.
    let message: String
    var headers: HTTPFields = [:]

    var description: String { message }

    func response() -> Response {
        struct Body: Encodable {
            struct Content: Encodable {
                let code: String
                let message: String
            }
            let error: Content
        }
        let body = Body(error: .init(code: code, message: message))
        return (try? Response.json(body, status: status, headers: headers)) ?? Response(status: status, headers: headers)
    }
}

extension APIError {
    static func badRequest(_ code: String, _ message: String) -> APIError {
        APIError(status: .badRequest, code: code, message: message)
    }

    static func notFound(_ path: String) -> APIError {
        APIError(
            status: .notFound, code: "not-found",
            message: "There is nothing at '\(path.prefix(200))'. Tasks are below /api/tasks; the page is at /.")
    }

    static func methodNotAllowed(_ method: String, allowed: [HTTPRequest.Method]) -> APIError {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        return APIError(
            status: .methodNotAllowed, code: "method-not-allowed",
            message: "\(method) is not possible here; use \(list).", headers: [.allow: list])
    }

    static func unknownTask(_ id: UInt64) -> APIError {
        APIError(
            status: .notFound, code: "unknown-task",
            message: "There is no task \(id). The oldest finished tasks are forgotten; list the others at /api/tasks.")
    }

    static func alreadyEnded(_ record: TaskRecord) -> APIError {
        APIError(
            status: .conflict, code: "already-ended",
            message: "Task \(record.id) has already ended (\(record.state.rawValue)); there is nothing to cancel.")
    }

    static func noResult(_ record: TaskRecord) -> APIError {
        guard record.state.isFinal else {
            return APIError(
                status: .conflict, code: "not-finished",
                message: "Task \(record.id) is \(record.state.rawValue); ask again when it has ended, "
                    + "or follow /api/tasks/\(record.id)/events.")
        }
        let reason = record.error.map { ": \($0.message)" } ?? "."
        return APIError(
            status: .conflict, code: "no-result",
            message: "Task \(record.id) ended without a result (\(record.state.rawValue))\(reason)")
    }

    static func tooLarge(limit: Int, what: String) -> APIError {
        APIError(
            status: .contentTooLarge, code: "too-large",
            message: "The \(what) is larger than the limit of \(limit) bytes; send less.")
    }

    static func busy(_ code: String, _ message: String, retryAfter seconds: Int = 2) -> APIError {
        APIError(status: .serviceUnavailable, code: code, message: message, headers: [.retryAfter: String(seconds)])
    }

    static let unexpected = APIError(
        status: .internalServerError, code: "internal",
        message: "The server could not answer; its log says why. Try again later.")
}
