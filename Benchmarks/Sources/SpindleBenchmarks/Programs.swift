import Glibc
import Spindle

struct Small: Codable, Sendable {
    var a: Int
    var b: String
}

/// Says one word and ends.
enum Hello: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Int
    static func run(_ parent: WorkerScope<Hello>) async throws { try parent.post(1) }
}

/// Says in which process it is and waits until nobody needs it.
enum Idle: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Int32
    static func run(_ parent: WorkerScope<Idle>) async throws {
        try parent.post(getpid())
        for try await _ in parent.messages {}
    }
}

/// Sends back what it is sent.
enum Echo<Message: Sendable>: WorkerProgram {
    typealias Inbound = Message
    typealias Outbound = Message
    static func run(_ parent: WorkerScope<Echo>) async throws {
        for try await message in parent.messages { try await parent.send(message) }
    }
}

/// Receives as many messages as it is told and then says so.
enum Sink: WorkerProgram {
    typealias Inbound = String
    typealias Outbound = Int
    typealias WorkerData = Int
    static func run(_ parent: WorkerScope<Sink>) async throws {
        var received = 0
        var messages = parent.messages.makeAsyncIterator()
        while try await messages.next() != nil {
            received += 1
            if received == parent.workerData { try parent.post(received) }
        }
    }
}

/// Adds to one shared counter.
enum Count: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Never
    struct WorkerData: Sendable {
        let counter: SharedView<Int32>
        let times: Int
    }
    static func run(_ parent: WorkerScope<Count>) async throws {
        let counter = parent.workerData.counter
        for _ in 0..<parent.workerData.times { try counter.add(1, at: 0) }
    }
}

/// Counts in the memory it is sent, for ever and whatever it is told.
enum Spin: WorkerProgram {
    typealias Inbound = SharedBuffer
    typealias Outbound = Never
    static func run(_ parent: WorkerScope<Spin>) async throws {
        for try await memory in parent.messages {
            let rounds = try memory.view(of: Int64.self, count: 1)
            while true { try rounds.add(1, at: 0) }
        }
    }
}

/// Computes as long as it is told to.
enum Burn: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Double
    static func run(_ parent: WorkerScope<Burn>) async throws {
        for try await times in parent.messages { try await parent.send(sumOfSquareRoots(times)) }
    }
}

func sumOfSquareRoots(_ times: Int) -> Double {
    var sum = 0.0
    for i in 0..<times { sum += Double(i).squareRoot() }
    return sum
}
