internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// Server-sent events about tasks (WHATWG HTML, 9.2).
///
/// First comes `snapshot` with the tasks as they are, or, for a client that names the
/// last event it has seen of this very run of the server, nothing. Then one `task` event
/// for each change. An event shows the task as it is when it is written: changes in
/// quick succession come as one.
struct EventStream: Sendable {
    let board: TaskBoard
    /// The task to follow until it has ended; nil for all, without an end.
    let task: UInt64?
    /// Held until the stream ends.
    let slot: Slot

    /// A client that takes nothing for so long is disconnected; it will come back and get a snapshot.
    private static let stall = TimeAmount.seconds(30)
    /// A comment is sent after so long without an event, so that intermediaries keep the connection.
    private static let keepAlive = TimeAmount.seconds(15)
    /// Changes within this time come as one event a task.
    private static let pace = Duration.milliseconds(100)

    func response(to request: Request, channel: any Channel) -> Response {
        let seen = request.headers[.lastEventID].flatMap(revision(ofEvent:))
        let body = ResponseBody { writer in
            let (rings, bell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
            let ticking = channel.eventLoop.scheduleRepeatedTask(initialDelay: Self.keepAlive, delay: Self.keepAlive) { _ in
                bell.yield()
            }
            let number = await board.subscribe(bell, to: task)
            bell.yield()
            // A client that has gone is no error of the server.
            _ = try? await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await send(rings, from: seen, to: &writer, channel)
                } onInboundClosed: {
                    bell.finish()
                }
            } onGracefulShutdown: {
                bell.finish()
            }
            ticking.cancel()
            await board.unsubscribe(number, from: task)
            _ = slot
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }

    @concurrent private func send(
        _ rings: AsyncStream<Void>, from seen: UInt64?, to writer: inout any ResponseBodyWriter, _ channel: any Channel
    ) async throws {
        var seen = seen
        for await _ in rings {
            let changed = try await changes(after: seen ?? 0)
            if seen == nil {
                let snapshot = Snapshot(instance: board.instance, tasks: changed)
                try await write(event("snapshot", revision: changed.last?.revision ?? 0, snapshot), to: &writer, channel)
            } else if changed.isEmpty {
                try await write(":\n\n", to: &writer, channel)
            } else {
                for record in changed {
                    try await write(event("task", revision: record.revision, record), to: &writer, channel)
                }
            }
            seen = max(seen ?? 0, changed.last?.revision ?? 0)
            if task != nil, changed.last?.state.isFinal == true { return }
            try await Task.sleep(for: Self.pace)
        }
    }

    private func changes(after seen: UInt64) async throws -> [TaskRecord] {
        guard let task else { return await board.changes(after: seen) }
        let record = try await board.record(task)
        return record.revision > seen ? [record] : []
    }

    private struct Snapshot: Encodable {
        let instance: String
        let tasks: [TaskRecord]
    }

    /// JSON text holds no line break, so that one `data` line takes it all.
    private func event(_ name: String, revision: UInt64, _ value: some Encodable) throws -> String {
        let data = String(decoding: try JSONCoding.encode(value), as: UTF8.self)
        return "id: \(board.instance)/\(revision)\nevent: \(name)\ndata: \(data)\n\n"
    }

    private func revision(ofEvent id: String) -> UInt64? {
        let parts = id.split(separator: "/")
        guard parts.count == 2, parts[0] == board.instance else { return nil }
        return UInt64(parts[1])
    }

    @concurrent private func write(_ text: String, to writer: inout any ResponseBodyWriter, _ channel: any Channel) async throws {
        let deadline = channel.eventLoop.scheduleTask(in: Self.stall) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        try await writer.write(ByteBuffer(string: text))
    }
}
