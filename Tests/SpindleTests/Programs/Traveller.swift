internal import Glibc
internal import Spindle
internal import TestSupport

/// Does something with what it is sent, one thing after the other.
enum Traveller: WorkerProgram {
    struct Baggage: Codable, Sendable {
        var label: String
        var buffer: SharedBuffer
        var more: [SharedBuffer?]
    }

    enum Inbound: Codable, Sendable {
        /// Adds one so many times to the first word.
        case count(SharedBuffer, Int)
        /// Blocks until the first word is no longer 0, and answers with it.
        case wait(SharedBuffer)
        /// Answers with itself.
        case handBack(Baggage)
        /// Answers each number with the next, in a task of its own, and then with how many there were.
        case answer(MessagePort<Int, Int>)
        /// Sends so many numbers, waiting for the answer to each, and answers with how many were right.
        case throwIn(MessagePort<Int, Int>, Int)
        /// Passes a port on without having used it, through another.
        case passOn(MessagePort<Int, Int>, through: MessagePort<Never, MessagePort<Int, Int>>)
        /// Answers with a port.
        case handPortBack(MessagePort<Int, Int>)
        case write(String, SharedDescriptor)
        /// Holds a lock until the gate opens, and answers 1.
        case hold(LockManager, TestGate)
        /// Begins at the gate and holds a lock until it is stolen; answers 0.
        case holdUntilStolen(LockManager, TestGate)
        /// Answers with what a request that does not wait is answered: 1 when it had the lock.
        case tryHold(LockManager)
        /// Waits for the lock, which another holds, in a task that is cancelled then; answers -1.
        case giveUp(LockManager)
        /// Answers with how many descriptors and mappings of that name there are.
        case census(String)
        /// Answers with its process id.
        case identify
    }

    enum Outbound: Codable, Sendable {
        case number(Int)
        case baggage(Baggage)
        case port(MessagePort<Int, Int>)
    }

    static func run(_ parent: WorkerScope<Traveller>) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for try await message in parent.messages {
                switch message {
                case .answer(let port):
                    group.addTask { try await answer(port, parent) }
                case .hold(let locks, let gate):
                    group.addTask {
                        try await locks.request("travel") { _ in try await gate.pass() }
                        try await parent.send(.number(1))
                    }
                case .holdUntilStolen(let locks, let gate):
                    group.addTask {
                        do {
                            try await locks.request("travel") { lock in
                                try gate.begin()
                                await withCheckedContinuation { stolen in lock.whenStolen { stolen.resume() } }
                            }
                        } catch LockError.stolen {
                            try await parent.send(.number(0))
                        }
                    }
                default:
                    try await take(message, parent)
                }
            }
        }
    }

    private static func answer(_ port: MessagePort<Int, Int>, _ parent: WorkerScope<Traveller>) async throws {
        var count = 0
        for try await number in port.messages {
            count += 1
            // The other end may be gone already.
            try? await port.send(number + 1)
        }
        try await parent.send(.number(count))
    }

    private static func take(_ message: Inbound, _ parent: WorkerScope<Traveller>) async throws {
        switch message {
        case .count(let buffer, let times):
            let words = try buffer.view(of: Int32.self)
            for _ in 0..<times { try words.add(1, at: 0) }
            try await parent.send(.number(times))
        case .wait(let buffer):
            let words = try buffer.view(of: Int32.self)
            while try words.load(at: 0) == 0 { _ = try words.wait(at: 0, expecting: 0) }
            try await parent.send(.number(Int(try words.load(at: 0))))
        case .throwIn(let port, let count):
            var (answers, right) = (port.messages.makeAsyncIterator(), 0)
            for number in 0..<count {
                try await port.send(number)
                if try await answers.next() == number + 1 { right += 1 }
            }
            port.close()
            try await parent.send(.number(right))
        case .handBack(let baggage): try await parent.send(.baggage(baggage))
        case .handPortBack(let port): try await parent.send(.port(port))
        case .passOn(let port, let other): try await other.send(port)
        case .write(let text, let descriptor):
            var text = text
            let count = text.withUTF8 { bytes in descriptor.withDescriptor { write($0, bytes.baseAddress, bytes.count) } }
            try await parent.send(.number(count))
        case .tryHold(let locks):
            let had = try? await locks.request("travel", acquisition: .ifAvailable) { _ in 1 }
            try await parent.send(.number(had ?? 0))
        case .giveUp(let locks):
            let waiting = Task { try await locks.request("travel") { _ in } }
            while try await locks.query().first?.pending.isEmpty != false { await Task.yield() }
            waiting.cancel()
            let result = await waiting.result
            if case .failure(let error) = result, error is CancellationError { try await parent.send(.number(-1)) }
        case .census(let name):
            let count = ProcessCensus.descriptors(ofMemoryFile: name).count + ProcessCensus.mappings(ofMemoryFile: name)
            try await parent.send(.number(count))
        case .identify: try await parent.send(.number(Int(getpid())))
        case .answer, .hold, .holdUntilStolen: break
        }
    }
}

/// Sends every buffer back.
enum BufferEcho: WorkerProgram {
    typealias Inbound = SharedBuffer
    typealias Outbound = SharedBuffer
    static func run(_ parent: WorkerScope<BufferEcho>) async throws {
        for try await buffer in parent.messages { try await parent.send(buffer) }
    }
}
