internal import DequeModule
internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `A random walk of the mailbox state machine` {
    @Test(arguments: SeededRandom.seeds(60))
    func `agrees with a list and answers everybody exactly once`(seed: UInt64) {
        var walk = MailboxWalk(seed: seed)
        for _ in 0..<600 { walk.step() }
        walk.finish()
    }
}

/// Drives a machine as the mailbox does, beside a model of plain lists.
private struct MailboxWalk {
    var random: SeededRandom
    let limit: Int
    var machine: MailboxStateMachine<Int, Int, Int>
    var front = Deque<Int>()
    var lastNumber = 0

    /// The model: accepted and not received; who waits, by the machine's number; whether it is closed.
    var queued: [Int] = []
    var senders: [(id: UInt64, sender: Int, element: Int)] = []
    var receivers: [(id: UInt64, receiver: Int)] = []
    var isClosed = false
    var accepted = 0
    var dropped = 0
    /// How often each suspended sender and receiver was answered.
    var answers: [Int: Int] = [:]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        limit = 1 + random.below(4)
        machine = MailboxStateMachine(limit: limit)
    }

    mutating func step() {
        switch random.below(1_000) {
        case ..<250: post()
        case ..<450: sendWaiting()
        case ..<650: receive(admitting: true)
        case ..<700: receive(admitting: false)
        case ..<750: admit()
        case ..<880: receiveWaiting()
        case ..<930: cancelSender()
        case ..<997: cancelReceiver()
        case ..<998: close()
        default: discard()
        }
        check()
    }

    private mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    private mutating func post() {
        let element = nextNumber()
        expect(machine.post(element, frontCount: front.count), of: element)
    }

    /// Checks a send's action against the model and applies it there.
    private mutating func expect(_ action: MailboxStateMachine<Int, Int, Int>.SendAction, of element: Int) {
        switch action {
        case .refuse(let back, .closed):
            #expect(isClosed && back == element)
        case .refuse(let back, .full):
            #expect(!isClosed && back == element && receivers.isEmpty)
            #expect(queued.count >= limit || !senders.isEmpty)
        case .queued:
            #expect(!isClosed && receivers.isEmpty && senders.isEmpty && queued.count < limit)
            queued.append(element)
            accepted += 1
        case .handOver(let receiver, let handed):
            #expect(!isClosed && queued.isEmpty && handed == element && receiver == receivers.first?.receiver)
            if !receivers.isEmpty { answer(receivers.removeFirst().receiver) }
            accepted += 1
        }
    }

    private mutating func sendWaiting() {
        let element = nextNumber()
        let sender = nextNumber()
        switch machine.enqueueSender(sender, element, frontCount: front.count) {
        case .done(let action, let resumed):
            #expect(resumed == sender)
            if case .refuse(_, .full) = action { Issue.record("a full box must keep the sender") }
            expect(action, of: element)
        case .suspended(let id):
            #expect(!isClosed && receivers.isEmpty && (queued.count >= limit || !senders.isEmpty))
            senders.append((id, sender, element))
            answers[sender] = 0
        }
    }

    private mutating func receive(admitting: Bool) {
        if front.isEmpty { machine.exchange(with: &front) }
        let element = front.popFirst()
        #expect(element == queued.first)
        if !queued.isEmpty { queued.removeFirst() }
        if admitting { admit() }
    }

    private mutating func admit() {
        var expected: [Int] = []
        while let first = senders.first, queued.count < limit {
            senders.removeFirst()
            expected.append(first.sender)
            answer(first.sender)
            queued.append(first.element)
            accepted += 1
        }
        #expect(machine.admitWaitingSenders(frontCount: front.count) == expected)
    }

    private mutating func receiveWaiting() {
        let receiver = nextNumber()
        switch machine.enqueueReceiver(receiver, frontCount: front.count) {
        case .retry: #expect(!queued.isEmpty || !senders.isEmpty)
        case .finished: #expect(isClosed && queued.isEmpty && senders.isEmpty)
        case .suspended(let id):
            #expect(!isClosed && queued.isEmpty && senders.isEmpty)
            receivers.append((id, receiver))
            answers[receiver] = 0
        }
    }

    private mutating func cancelSender() {
        let id = senders.randomElement(using: &random)?.id ?? UInt64(random.below(1_000))
        let index = senders.firstIndex { $0.id == id }
        let cancelled = machine.cancelSender(id)
        #expect((cancelled == nil) == (index == nil))
        guard let cancelled, let index else { return }
        let waiting = senders.remove(at: index)
        #expect(cancelled.0 == waiting.element && cancelled.1 == waiting.sender)
        answer(waiting.sender)
    }

    private mutating func cancelReceiver() {
        let id = receivers.randomElement(using: &random)?.id ?? UInt64(random.below(1_000))
        let index = receivers.firstIndex { $0.id == id }
        #expect(machine.cancelReceiver(id) == index.map { receivers[$0].receiver })
        if let index { answer(receivers.remove(at: index).receiver) }
    }

    private mutating func close() {
        expect(machine.close())
        isClosed = true
    }

    private mutating func discard() {
        let action = machine.discard(frontCount: front.count)
        #expect(Array(front + action.discarded) == queued)
        front = []
        dropped += queued.count
        queued = []
        expect(action)
        isClosed = true
    }

    /// Every waiter of an ended box is told so, in order.
    private mutating func expect(_ action: MailboxStateMachine<Int, Int, Int>.CloseAction) {
        #expect(action.receivers == receivers.map(\.receiver))
        #expect(action.senders.map(\.1) == senders.map(\.sender))
        #expect(action.senders.map(\.0) == senders.map(\.element))
        for receiver in action.receivers { answer(receiver) }
        for (_, sender) in action.senders { answer(sender) }
        receivers = []
        senders = []
    }

    private mutating func answer(_ waiter: Int) { answers[waiter, default: 0] += 1 }

    /// The invariants of the machine's documentation.
    private func check() {
        #expect(Array(front) + Array(machine.queue) == queued)
        #expect(queued.count <= limit)
        #expect(machine.waitingSenderCount == senders.count && machine.waitingReceiverCount == receivers.count)
        #expect(receivers.isEmpty || (queued.isEmpty && senders.isEmpty && !isClosed))
        #expect(machine.isOpen == !isClosed)
        #expect(Int(machine.acceptedCount) == accepted && Int(machine.discardedCount) == dropped)
    }

    mutating func finish() {
        close()
        while !queued.isEmpty { receive(admitting: true) }
        check()
        #expect(answers.values.allSatisfy { $0 == 1 })
    }
}
