internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/api/tasks` and what is below it.
struct TaskRoutes: Sendable {
    let board: TaskBoard
    let launcher: TaskLauncher
    let reader: TaskRequestReader
    let streams: Slots

    func add(to routes: Routes) {
        routes.on("api/tasks", [.get: list])
        // A kind in a POST, an id everywhere else; the router wants one name for both.
        routes.on("api/tasks/:task", [.get: get, .post: submit, .delete: cancel])
        routes.on("api/tasks/:task/result", [.get: result])
        routes.on("api/tasks/:task/events", [.get: events])
        routes.on("api/events", [.get: allEvents])
    }

    // MARK: Submitting

    @Sendable private func submit(_ request: Request, _ context: ServerContext) async throws -> Response {
        let kind = try TaskKind.named(try context.parameters.require("task"))
        var query = try Fields(query: request)
        let waits = try query.boolean("wait", default: false)
        guard waits else {
            let record = try await launch(kind, request, query, IncomingBody(request.body, of: request, on: context.channel))
            return try .json(record, status: .accepted, headers: [.location: "/api/tasks/\(record.id)"])
        }
        return try await request.body.consumeWithCancellationOnInboundClose { [query] body in
            try await launchAndWait(kind, request, query, IncomingBody(body, of: request, on: context.channel))
        }
    }

    // Not inlined, and neither is `launch`: inlined into one, the optimiser of Swift 6.3 crashes on `submit`.
    @inline(never)
    private func launchAndWait(
        _ kind: TaskKind, _ request: Request, _ query: Fields, _ body: IncomingBody
    ) async throws -> Response {
        let record = try await launch(kind, request, query, body)
        do {
            return try await waited(for: try await board.ending(of: record.id))
        } catch {
            // The client has gone, or the server stops at once: nobody wants the result.
            _ = try? await board.cancel(record.id)
            throw error
        }
    }

    @inline(never)
    private func launch(_ kind: TaskKind, _ request: Request, _ query: Fields, _ body: IncomingBody) async throws -> TaskRecord {
        try await launcher.launch(try await reader.read(kind, request, query: query, body: body))
    }

    private func waited(for record: TaskRecord) async throws -> Response {
        // Joined as text: the result is JSON already.
        var bytes = Array("{\"task\":".utf8) + (try JSONCoding.encode(record)) + Array(",\"result\":".utf8)
        bytes += record.state == .succeeded ? try await board.result(record.id) : Array("null".utf8)
        return .json(bytes: bytes + Array("}".utf8))
    }

    // MARK: Reading

    @Sendable private func list(_ request: Request, _ context: ServerContext) async throws -> Response {
        struct List: Encodable {
            let tasks: [TaskRecord]
        }
        var query = try Fields(query: request)
        let state = try query.optionalChoice("state", of: TaskState.self)
        let kind = try query.optionalChoice("kind", of: TaskKind.self)
        let limit = try query.integerText("limit", in: 1...1_000, default: 100)
        try query.finish()
        return try .json(List(tasks: await board.list(state: state, kind: kind, limit: limit)))
    }

    @Sendable private func get(_ request: Request, _ context: ServerContext) async throws -> Response {
        try .json(try await board.record(try id(context)))
    }

    @Sendable private func result(_ request: Request, _ context: ServerContext) async throws -> Response {
        .json(bytes: try await board.result(try id(context)))
    }

    @Sendable private func cancel(_ request: Request, _ context: ServerContext) async throws -> Response {
        try .json(try await board.cancel(try id(context)), status: .accepted)
    }

    // MARK: Events

    @Sendable private func events(_ request: Request, _ context: ServerContext) async throws -> Response {
        let id = try id(context)
        _ = try await board.record(id)
        return try stream(id, request, context)
    }

    @Sendable private func allEvents(_ request: Request, _ context: ServerContext) async throws -> Response {
        try stream(nil, request, context)
    }

    private func stream(_ id: UInt64?, _ request: Request, _ context: ServerContext) throws -> Response {
        guard let slot = streams.take() else {
            throw APIError.busy(
                "too-many-streams", "As many event streams are open as may; close one, or try again later.", retryAfter: 5)
        }
        return EventStream(board: board, task: id, slot: slot).response(to: request, channel: context.channel)
    }

    private func id(_ context: ServerContext) throws -> UInt64 {
        let text = try context.parameters.require("task")
        guard let id = UInt64(text) else {
            throw APIError.badRequest("invalid-id", "'\(text.prefix(100))' is not the number of a task; list them at /api/tasks.")
        }
        return id
    }
}
