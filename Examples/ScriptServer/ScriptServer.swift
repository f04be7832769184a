import Foundation
import Hummingbird

/// `POST /run` with `{ "script": "export default (input) => …", "input": … }` gives `{ "output": … }`.
func scriptServer(
    _ runner: ScriptRunner, configuration: ApplicationConfiguration = ApplicationConfiguration()
) -> some ApplicationProtocol {
    let router = Router()
    router.post("run") { request, context -> Response in
        do throws(ScriptFailure) {
            let (script, input) = try await work(in: request)
            let output = try await runner.run(script, input: input)
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "{\"output\":\(output)}")))
        } catch {
            return try error.response(from: request, context: context)
        }
    }
    return Application(router: router, configuration: configuration)
}

/// The most bytes of a request's body.
private let bodyLimit = 1 << 20

/// The script of a request, and its input as JSON.
private func work(in request: Request) async throws(ScriptFailure) -> (script: String, input: String) {
    let body: ByteBuffer
    do {
        body = try await request.body.collect(upTo: bodyLimit)
    } catch {
        throw ScriptFailure(.contentTooLarge, "tooLong", "A request has \(bodyLimit) bytes at most.")
    }
    guard let fields = try? JSONSerialization.jsonObject(with: Data(buffer: body)) as? [String: Any],
        let script = fields["script"] as? String,
        let input = try? JSONSerialization.data(withJSONObject: fields["input"] ?? NSNull(), options: .fragmentsAllowed)
    else {
        throw ScriptFailure(
            .badRequest, "malformed", "Send JSON: { \"script\": \"export default (input) => input\", \"input\": 1 }.")
    }
    return (script, String(decoding: input, as: UTF8.self))
}
