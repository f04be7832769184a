internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// A request's body before anybody has decided whether to read it.
struct IncomingBody: Sendable {
    private let parts: RequestBody
    private let channel: any Channel
    /// The length that the client announced, if it did.
    let declared: Int?

    init(_ parts: RequestBody, of request: Request, on channel: any Channel) throws(APIError) {
        self.parts = parts
        self.channel = channel
        guard let text = request.headers[.contentLength] else {
            declared = nil
            return
        }
        guard let length = Int(text), length >= 0 else {
            throw .badRequest("invalid-length", "Content-Length is not a number of bytes; leave it to your HTTP library.")
        }
        declared = length
    }

    /// The body, to be read now: a client that waits to be asked for it is asked.
    func begin() -> RequestBody {
        channel.triggerUserOutboundEvent(ProtocolAnswers.BodyWanted(), promise: nil)
        return parts
    }
}
