import Foundation
import NIOCore
import NIOPosix

/// A TCP connection on which a test sees and decides every byte.
final class Connection: Sendable {
    private let channel: any Channel
    private let received: AsyncThrowingStream<String, any Error>
    /// Longest time a test waits for bytes.
    private static let patience = TimeAmount.seconds(60)

    struct TimedOut: Error {}

    init(port: Int) async throws {
        let (received, source) = AsyncThrowingStream<String, any Error>.makeStream()
        self.received = received
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(source: source))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { [channel] in
            source.finish(throwing: TimedOut())
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let source: AsyncThrowingStream<String, any Error>.Continuation
        init(source: AsyncThrowingStream<String, any Error>.Continuation) { self.source = source }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            source.yield(String(buffer: unwrapInboundIn(data)))
        }
        func channelInactive(context: ChannelHandlerContext) { source.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    func sendHead(_ method: String, _ path: String, _ headers: [String: String]) async throws {
        var lines = ["\(method) \(path) HTTP/1.1"]
        if headers["Host"] == nil { lines.append("Host: 127.0.0.1") }
        lines += headers.map { "\($0): \($1)" }
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    }

    /// Reads until `isEnough`, given all that came so far, or the end.
    @discardableResult
    func read(until isEnough: (String) -> Bool = { _ in false }) async throws -> String {
        var text = ""
        for try await part in received {
            text += part
            if isEnough(text) { break }
        }
        return text
    }

    /// Reads one answer that has a Content-Length.
    func answer() async throws -> Answer {
        let text = try await read { Answer($0) != nil }
        guard let answer = Answer(text) else { throw NoAnswer(text: text) }
        try? await close()
        return answer
    }

    struct NoAnswer: Error { let text: String }

    /// Drops the connection at once, as a client that goes away does.
    func close() async throws {
        do {
            try await channel.close()
        } catch ChannelError.alreadyClosed {
            // The server was first.
        }
    }
}

/// An HTTP answer.
struct Answer: @unchecked Sendable {  // `json` holds only values of JSONSerialization, which nobody changes
    let status: Int
    let headers: [String: String]
    let body: String
    let json: [String: Any]

    /// Nil as long as the text is no complete answer.
    init?(_ text: String) {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        let body = String(text[end.upperBound...])
        guard let length = headers["content-length"].flatMap({ Int($0) }), body.utf8.count >= length else { return nil }
        self.status = status
        self.headers = headers
        self.body = body
        json = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    var id: Int? { json["id"] as? Int }
    var task: [String: Any] { json["task"] as? [String: Any] ?? json }
    var state: String? { task["state"] as? String }
    var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }
    var errorMessage: String? { (json["error"] as? [String: Any])?["message"] as? String }
}

/// A server-sent event.
struct Event {
    let id: String
    let name: String
    let data: [String: Any]

    /// The tasks that the event tells of.
    var tasks: [[String: Any]] { name == "snapshot" ? data["tasks"] as? [[String: Any]] ?? [] : [data] }

    /// The complete events in the text of a chunked answer.
    static func parse(_ text: String) -> [Event] {
        // Chunk sizes stand on lines of their own and are no fields, so that a reader of fields skips them.
        text.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n\n").dropLast().compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
            }
            guard let id = fields["id"], let name = fields["event"], let data = fields["data"],
                let object = try? JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            else { return nil }
            return Event(id: id, name: name, data: object)
        }
    }
}
