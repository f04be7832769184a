//! The examples of the guide "Message ports and backpressure".
import SpindleMessaging

// snippet.connect
/// Squares numbers on one end of a channel, and collects the squares on the other.
func squares(of numbers: [Int]) async throws -> [Int] {
    let channel = MessageChannel<Int, Int>(limit: 16)
    async let squaring: Void = {
        for try await number in channel.port2.messages { try await channel.port2.send(number * number) }
    }()

    async let sending: Void = {
        for number in numbers { try await channel.port1.send(number) }
    }()

    var squares: [Int] = []
    var answers = channel.port1.messages.makeAsyncIterator()
    while squares.count < numbers.count, let square = try await answers.next() { squares.append(square) }
    try await sending
    channel.port1.close()
    try await squaring
    return squares
}
// snippet.end

// snippet.shed
/// Sends what there is room for, and gives back what there is not.
func offer(_ readings: [Double], to port: MessagePort<Never, Double>) throws -> [Double] {
    var refused: [Double] = []
    for reading in readings {
        do throws(SendError<Double>) {
            try port.post(reading)
        } catch {
            guard error.reason == .full else { throw error }
            refused.append(error.message)
        }
    }
    return refused
}
// snippet.end

// snippet.reply
/// A question that carries the port to answer on.
struct Question: Sendable {
    let text: String
    let answer: MessagePort<Never, String>
}

/// Asks through a port that others use at the same time, and waits for the answer meant for this question.
func ask(_ text: String, _ port: MessagePort<Never, Question>) async throws -> String? {
    let channel = MessageChannel<Never, String>(limit: 1)
    try await port.send(Question(text: text, answer: channel.port2))
    for try await answer in channel.port1.messages { return answer }
    return nil
}
// snippet.end

let result = try await squares(of: [1, 2, 3])
print(result)
