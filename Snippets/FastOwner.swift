//! The examples of the guide "Performance".
import Spindle

/// Sends back what it is sent.
enum Echo: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int

    static func run(_ parent: WorkerScope<Echo>) async throws {
        for try await number in parent.messages { try await parent.send(number) }
    }
}

// snippet.owner
/// Talks to a worker from a thread of its own.
func converse(times: Int) async throws -> Int {
    let executor = try ThreadExecutor(name: "owner")
    defer { executor.stop() }
    return try await withTaskExecutorPreference(executor) {
        let worker = try await Worker(Echo.self)
        var answers = worker.messages.makeAsyncIterator()
        var number = 0
        while number < times {
            try await worker.send(number + 1)
            guard let answer = try await answers.next() else { break }
            number = answer
        }
        return number
    }
}
// snippet.end

print(try await converse(times: 1_000))
