internal import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes

/// What a connection answers by itself, where no route can: the interim answer to `Expect: 100-continue`
/// (RFC 9110, 10.1.1), and words for a client that does not speak HTTP.
final class ProtocolAnswers: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Sent down the channel when the body of the present request is wanted.
    struct BodyWanted: Sendable {}

    /// The client holds its body back until it is asked for.
    private var isExpected = false
    private var isMalformed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request): isExpected = request.headerFields[.expect]?.lowercased() == "100-continue"
        // It did not wait.
        case .body, .end: isExpected = false
        }
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if isExpected {
            isExpected = false
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        promise?.succeed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError { isMalformed = true }
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var response) = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        isExpected = false
        // Hummingbird's own answer to what cannot be parsed has no body; every one of ours has.
        guard isMalformed, response.status == .badRequest, response.headerFields[.contentLength] == "0" else {
            return context.write(data, promise: promise)
        }
        let body = ByteBuffer(
            string: #"{"error":{"code":"malformed-request","message":"This is no HTTP request that can be read; "#
                + #"use an HTTP client, with http:// and not https://, and short headers."}}"#)
        response.headerFields[.contentLength] = String(body.readableBytes)
        response.headerFields[.contentType] = "application/json; charset=utf-8"
        response.headerFields[.xContentTypeOptions] = "nosniff"
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: promise)
    }
}
