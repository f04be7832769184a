internal import Spindle
internal import TestSupport

/// Takes one step after the other. Steps are values, so the same worker runs on a thread and in a process.
enum Steps: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int
    typealias WorkerData = [Step]

    static func run(_ parent: WorkerScope<Steps>) async throws { try await take(parent.workerData[...], parent) }

    private static func take(_ steps: ArraySlice<Step>, _ parent: WorkerScope<Steps>) async throws {
        guard let step = steps.first else { return }
        let rest = steps.dropFirst()
        switch step {
        case .postAtEnd(let number):
            defer { try? parent.post(number) }
            try await take(rest, parent)
        case .noteAtEnd(let note, let log):
            defer { log.append(note) }
            try await take(rest, parent)
        case .withChild(let name, let isolation, let steps):
            let child = try await Worker.steps(steps, in: isolation, WorkerOptions(name: name))
            try await take(rest, parent)
            withExtendedLifetime(child) {}
        default:
            try await step.take(parent)
            try await take(rest, parent)
        }
    }
}

extension Worker<Steps> {
    static func steps(
        _ steps: [Step], in isolation: Isolation, _ options: WorkerOptions = WorkerOptions()
    ) async throws -> Worker<Steps> {
        try await Worker(Steps.self, workerData: steps, isolation: isolation.value, options: options)
    }
}

/// What a worker does.
enum Step: Codable, Sendable {
    // Messages
    case post(Int)
    case send([Int])
    /// Sends every message back.
    case echo
    /// Sends back each message and one, blocking its thread for the next.
    case answerBlocking
    case receiveOne
    /// Takes messages until they end, and answers none.
    case receiveAll
    /// Takes messages until they end, and sends their sum.
    case sendSum

    // Gates
    case begin(TestGate)
    case pass(TestGate)
    case blockStubbornly(TestGate)
    case awaitBegin(TestGate)

    // Ends
    case exit(Int32)
    case fail(Broken)
    /// Does what follows, and then this, however that ends.
    case postAtEnd(Int)
    case noteAtEnd(Note, TestLog)
    case spin(Duration)

    // What it finds
    case noteEndOfMessages(TestLog)
    case noteEndOfWait(SharedBuffer, TestLog)
    case notePost(TestLog)
    case sendIsCancelled
    case sendIdentity
    case sendParent
    case sendIsNamed(String)
    /// Sends 1 for each place in its code that runs on its own thread: the start, one for each message, a child task.
    case sendIsHere
    case sendDepth
    case setDepth(Int?)

    // Workers of its own
    /// Has another worker while it does what follows.
    case withChild(name: String?, Isolation, [Step])
    /// Starts another worker and sends on what that one sends, until it ends.
    case forwardChild(Isolation, [Step])
    case awaitChild(Isolation, [Step])
    /// Starts another worker, and holds its handle until that one ends.
    case keepChild(Isolation, [Step])

    struct Broken: Error, Codable, Equatable {
        let number: Int
    }
}

/// What a worker notes about itself.
enum Note: Int, Codable, Sendable {
    case cancellationError = -1_000_000, endOfMessages, otherError, cancelled, notCancelled
    case closed, full, interrupted, notified, noMessage, message
    case worker, child, grandchild
}

extension TestLog {
    /// A log that is full is noticed by who reads it.
    func append(_ note: Note) { try? append(note.rawValue) }

    var notes: [Note] {
        get throws { try numbers.compactMap(Note.init) }
    }
}

extension Note {
    init(_ reason: SendError<Int>.Reason) {
        switch reason {
        case .closed: self = .closed
        case .full: self = .full
        case .cancelled: self = .cancelled
        }
    }
}

extension EnvironmentData.Key where Value == Int {
    static let depth = Self("family-depth")
}
