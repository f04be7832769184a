internal import DequeModule
internal import SpindleCore
internal import Testing

/// Elements, receivers and senders are numbers; a front queue stands for the receiver's side.
private typealias Machine = MailboxStateMachine<Int, Int, Int>

@Suite struct `The mailbox state machine` {
    @Test func `queues messages up to its limit and gives the next one back`() {
        var machine = Machine(limit: 2)
        #expect(machine.post(1, frontCount: 0).isQueued)
        #expect(machine.post(2, frontCount: 0).isQueued)
        #expect(machine.post(3, frontCount: 0).refused == Refused(3, .full))
        #expect(machine.acceptedCount == 2)
    }

    @Test func `counts the receiver's batch towards the limit`() {
        var machine = Machine(limit: 2)
        #expect(machine.post(1, frontCount: 1).isQueued)
        #expect(machine.post(2, frontCount: 1).refused == Refused(2, .full))
        #expect(machine.post(2, frontCount: 0).isQueued)
    }

    @Test func `hands a message to the receiver that waited longest`() {
        var machine = Machine(limit: 1)
        #expect(machine.enqueueReceiver(10, frontCount: 0).suspendedID != nil)
        #expect(machine.enqueueReceiver(11, frontCount: 0).suspendedID != nil)
        guard case .handOver(10, 7) = machine.post(7, frontCount: 0) else {
            Issue.record("not handed to receiver 10")
            return
        }
        #expect(machine.waitingReceiverCount == 1)
        #expect(machine.acceptedCount == 1)
    }

    @Test func `lets no receiver wait while there is something to receive`() {
        var machine = Machine(limit: 1)
        #expect(machine.enqueueReceiver(1, frontCount: 1).isRetry)
        _ = machine.post(5, frontCount: 0)
        #expect(machine.enqueueReceiver(1, frontCount: 0).isRetry)
        // The queue is taken over and empty, but a sender is still at the door.
        #expect(machine.enqueueSender(9, 6, frontCount: 0).suspendedID != nil, "the box was full")
        var front = Deque<Int>()
        machine.exchange(with: &front)
        #expect(front == [5])
        #expect(machine.enqueueReceiver(1, frontCount: 0).isRetry)
        #expect(machine.waitingReceiverCount == 0)
    }

    @Test func `admits waiting senders in order and only as far as there is room`() {
        var machine = Machine(limit: 2)
        for element in 0..<2 { _ = machine.post(element, frontCount: 0) }
        for sender in 2..<5 {
            let waiting = machine.enqueueSender(sender, sender, frontCount: 0)
            #expect(waiting.suspendedID != nil, "sender \(sender) did not have to wait")
        }
        #expect(machine.admitWaitingSenders(frontCount: 0) == [])
        var front = Deque<Int>()
        machine.exchange(with: &front)
        #expect(machine.admitWaitingSenders(frontCount: 1) == [2])
        #expect(machine.admitWaitingSenders(frontCount: 0) == [3])
        #expect(machine.waitingSenderCount == 1)
    }

    @Test func `lets nobody overtake a waiting sender, even when there is room`() {
        var machine = Machine(limit: 1)
        _ = machine.post(1, frontCount: 0)
        #expect(machine.enqueueSender(2, 2, frontCount: 0).suspendedID != nil, "the box was full")
        var front = Deque<Int>()
        machine.exchange(with: &front)
        #expect(machine.post(3, frontCount: 0).refused == Refused(3, .full))
        #expect(machine.admitWaitingSenders(frontCount: 0) == [2])
    }

    @Test func `takes a sender at once when room came between its two looks`() {
        var machine = Machine(limit: 1)
        guard case .done(.queued, 4) = machine.enqueueSender(4, 40, frontCount: 0) else {
            Issue.record("there was room")
            return
        }
        #expect(machine.waitingSenderCount == 0)
    }

    @Test func `gives a cancelled sender its message back, once`() throws {
        var machine = Machine(limit: 1)
        _ = machine.post(1, frontCount: 0)
        let waiting = machine.enqueueSender(2, 20, frontCount: 0)
        let id = try #require(waiting.suspendedID)
        let cancelled = machine.cancelSender(id)
        let (element, sender) = try #require(cancelled)
        #expect(element == 20 && sender == 2)
        #expect(machine.cancelSender(id) == nil)
        #expect(machine.acceptedCount == 1)
    }

    @Test func `takes a cancelled receiver out, once`() throws {
        var machine = Machine(limit: 1)
        let waiting = machine.enqueueReceiver(3, frontCount: 0)
        let id = try #require(waiting.suspendedID)
        #expect(machine.cancelReceiver(id) == 3)
        #expect(machine.cancelReceiver(id) == nil)
        #expect(machine.post(1, frontCount: 0).isQueued)
    }

    @Test func `closing refuses who waits to send, keeps what is queued and is final`() {
        var machine = Machine(limit: 1)
        _ = machine.post(1, frontCount: 0)
        _ = machine.enqueueSender(2, 20, frontCount: 0)
        let action = machine.close()
        #expect(action.senders.map(\.0) == [20] && action.senders.map(\.1) == [2])
        #expect(action.discarded.isEmpty && machine.queue == [1])
        #expect(machine.post(3, frontCount: 0).refused == Refused(3, .closed))
        #expect(machine.enqueueReceiver(1, frontCount: 0).isRetry)
        #expect(machine.close().senders.isEmpty)
        #expect(!machine.isOpen && !machine.isDiscarded)
    }

    @Test func `closing ends receivers that wait`() {
        var machine = Machine(limit: 1)
        _ = machine.enqueueReceiver(8, frontCount: 0)
        #expect(machine.close().receivers == [8])
        #expect(machine.enqueueReceiver(9, frontCount: 0).isFinished)
    }

    @Test func `discarding drops and counts what is queued on both sides`() {
        var machine = Machine(limit: 4)
        for element in 0..<2 { _ = machine.post(element, frontCount: 1) }
        let action = machine.discard(frontCount: 1)
        #expect(action.discarded == [0, 1])
        #expect(machine.discardedCount == 3)
        #expect(machine.isDiscarded)
        #expect(machine.discard(frontCount: 0).discarded.isEmpty)
        #expect(machine.discardedCount == 3)
    }

    @Test func `discarding after closing drops what was left to receive`() {
        var machine = Machine(limit: 4)
        _ = machine.post(1, frontCount: 0)
        _ = machine.close()
        #expect(machine.discard(frontCount: 0).discarded == [1])
        #expect(machine.enqueueReceiver(9, frontCount: 0).isFinished)
    }
}

struct Refused: Equatable {
    let element: Int
    let reason: MailboxRefusal
    init(_ element: Int, _ reason: MailboxRefusal) {
        self.element = element
        self.reason = reason
    }
}

extension MailboxStateMachine.SendAction where Element == Int {
    var isQueued: Bool { if case .queued = self { true } else { false } }
    var refused: Refused? { if case .refuse(let element, let reason) = self { Refused(element, reason) } else { nil } }
}

extension MailboxStateMachine.WaitAction {
    var suspendedID: UInt64? { if case .suspended(let id) = self { id } else { nil } }
}

extension MailboxStateMachine.ReceiveAction {
    var isRetry: Bool { if case .retry = self { true } else { false } }
    var isFinished: Bool { if case .finished = self { true } else { false } }
    var suspendedID: UInt64? { if case .suspended(let id) = self { id } else { nil } }
}
