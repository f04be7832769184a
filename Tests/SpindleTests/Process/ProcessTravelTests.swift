internal import Glibc
internal import Spindle
internal import TestSupport
internal import Testing

/// What a ``Traveller`` answers next, when it is a number.
private func number(_ worker: Worker<Traveller>) async throws -> Int? {
    guard case .number(let number) = try await worker.next() else { return nil }
    return number
}

extension Worker {
    fileprivate func next() async throws -> Program.Outbound? {
        var messages = messages.makeAsyncIterator()
        return try await messages.next()
    }
}

private func traveller() async throws -> Worker<Traveller> { try await Worker(Traveller.self, isolation: .process) }

@Suite(.timeLimit(.minutes(5))) struct `A shared buffer between processes` {
    @Test func `has its words counted by two processes at once, and wakes who waits there`() async throws {
        let buffer = try SharedBuffer(byteLength: 4)
        let workers = (try await traveller(), try await traveller())
        try await workers.0.send(.count(buffer, 50_000))
        try await workers.1.send(.count(buffer, 50_000))
        #expect(try await number(workers.0) == 50_000)
        #expect(try await number(workers.1) == 50_000)
        let words = try buffer.view(of: Int32.self)
        #expect(try words.load(at: 0) == 100_000)
        try words.store(0, at: 0)
        try await workers.0.send(.wait(buffer))
        // Only when it sleeps in the kernel is there somebody to wake.
        try words.store(7, at: 0)
        try words.notify(at: 0)
        #expect(try await number(workers.0) == 7)
    }

    @Test func `lies in structs, arrays and optionals, and stays the same memory there and back`() async throws {
        let worker = try await traveller()
        let buffers = try (0..<3).map { try SharedBuffer(byteLength: 8 * ($0 + 1), maximumByteLength: 4_096) }
        try await worker.send(.handBack(.init(label: "here", buffer: buffers[0], more: [buffers[1], nil, buffers[2]])))
        guard case .baggage(let baggage) = try await worker.next() else { Issue.record("no baggage"); return }
        #expect(baggage.label == "here" && baggage.more.count == 3 && baggage.more[1] == nil)
        let back = [baggage.buffer, try #require(baggage.more[0]), try #require(baggage.more[2])]
        for (index, (mine, its)) in zip(buffers, back).enumerated() {
            #expect(its.byteLength == 8 * (index + 1) && its.maximumByteLength == 4_096)
            try mine.view(of: Int.self).store(index + 40, at: 0)
            #expect(try its.view(of: Int.self).load(at: 0) == index + 40)
            try its.grow(to: 100)
            #expect(mine.byteLength == 100)
        }
    }

    @Test func `goes to a process and back 10,000 times and leaves nothing`() async throws {
        let name = "travel-round-trips"
        let worker = try await Worker(BufferEcho.self, isolation: .process)
        var buffer = try SharedBuffer(byteLength: 50 << 20, name: name)
        for _ in 0..<10_000 {
            try await worker.send(buffer)
            buffer = try #require(try await worker.next())
        }
        #expect(ProcessCensus.descriptors(ofMemoryFile: name).count == 1)
        #expect(ProcessCensus.mappings(ofMemoryFile: name) == 1)
    }

    @Test func `is let go by the process that received it`() async throws {
        let name = "travel-let-go"
        let worker = try await traveller()
        try await worker.send(.handBack(.init(label: "", buffer: SharedBuffer(byteLength: 1, name: name), more: [])))
        _ = try await worker.next()
        try await worker.send(.census(name))
        #expect(try await number(worker) == 0)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `A port between processes` {
    @Test func `carries messages both ways, with what was queued before it left`() async throws {
        let worker = try await traveller()
        let channel = MessageChannel<Int, Int>()
        for number in 0..<100 { try channel.port1.post(number) }
        try await worker.send(.answer(channel.port2))
        for number in 100..<1_000 { try await channel.port1.send(number) }
        for number in 1...1_000 { #expect(try await channel.port1.next() == number) }
        #expect(!channel.port2.isOpen)
        channel.port1.close()
        #expect(try await number(worker) == 1_000)
    }

    @Test func `joins two worker processes by a channel made here`() async throws {
        let (first, second) = (try await traveller(), try await traveller())
        let channel = MessageChannel<Int, Int>()
        try await first.send(.answer(channel.port2))
        try await second.send(.throwIn(channel.port1, 1_000))
        // The first answered a thousand times, and the second heard each of them.
        #expect(try await number(second) == 1_000)
        #expect(try await number(first) == 1_000)
    }

    @Test func `is passed on by a process that received it, to a third`() async throws {
        let (first, second) = (try await traveller(), try await traveller())
        let channel = MessageChannel<Int, Int>()
        let way = MessageChannel<MessagePort<Int, Int>, Never>()
        try await first.send(.passOn(channel.port2, through: way.port1))
        let port = try #require(try await way.port2.next())
        try await second.send(.answer(port))
        try await channel.port1.send(41)
        #expect(try await channel.port1.next() == 42)
        // It does not depend on who passed it on.
        await first.terminate()
        try await channel.port1.send(42)
        #expect(try await channel.port1.next() == 43)
        channel.port1.close()
        #expect(try await number(second) == 2)
    }

    @Test func `keeps working when its other end moves to another process`() async throws {
        let (first, second) = (try await traveller(), try await traveller())
        let channel = MessageChannel<Int, Int>()
        try await first.send(.answer(channel.port2))
        try await channel.port1.send(1)
        #expect(try await channel.port1.next() == 2)
        // Used here before; now it comes back from a second process, and works as it did.
        try await second.send(.handPortBack(channel.port1))
        guard case .port(let moved) = try await second.next() else { Issue.record("no port"); return }
        try await moved.send(10)
        #expect(try await moved.next() == 11)
        moved.close()
        #expect(try await number(first) == 2)
    }

    @Test func `ends when its process is killed`() async throws {
        let worker = try await traveller()
        let channel = MessageChannel<Int, Int>()
        try await worker.send(.answer(channel.port2))
        try await channel.port1.send(1)
        #expect(try await channel.port1.next() == 2)
        try await worker.send(.identify)
        kill(pid_t(try #require(try await number(worker))), SIGKILL)
        #expect(try await channel.port1.next() == nil)
        #expect(throws: SendError<Int>.self) { try channel.port1.post(1) }
    }

    @Test func `ends for the process when it is dropped here`() async throws {
        let worker = try await traveller()
        var channel: MessageChannel<Int, Int>? = MessageChannel()
        try await worker.send(.answer(try #require(channel?.port2)))
        try channel?.port1.post(1)
        channel = nil
        #expect(try await number(worker) == 1)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `A descriptor between processes` {
    @Test func `of a pipe is written to there and read here, until both have closed it`() async throws {
        let worker = try await traveller()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { close(ends[0]) }
        try await worker.send(.write("from a process", SharedDescriptor(adopting: ends[1])))
        #expect(try await number(worker) == 14)
        var bytes = [UInt8](repeating: 0, count: 100)
        #expect(read(ends[0], &bytes, bytes.count) == 14)
        #expect(String(decoding: bytes[..<14], as: UTF8.self) == "from a process")
        #expect(read(ends[0], &bytes, bytes.count) == 0)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `Locks between processes` {
    @Test func `exclude each other, whoever takes them`() async throws {
        let (locks, gate) = (LockManager(), try TestGate())
        let (first, second) = (try await traveller(), try await traveller())
        try await first.send(.hold(locks, gate))
        try await gate.begun()
        try await second.send(.tryHold(locks))
        #expect(try await number(second) == 0)
        #expect(try await locks.query().map(\.held) == [[.exclusive]])
        let waiting = Task { try await locks.request("travel") { _ in 5 } }
        try gate.open()
        #expect(try await number(first) == 1)
        #expect(try await waiting.value == 5)
        try await second.send(.tryHold(locks))
        #expect(try await number(second) == 1)
    }

    @Test func `are released when their holder is killed`() async throws {
        let (locks, gate) = (LockManager(), try TestGate())
        let worker = try await traveller()
        try await worker.send(.hold(locks, gate))
        try await gate.begun()
        let waiting = Task { try await locks.request("travel") { _ in 5 } }
        try await worker.send(.identify)
        kill(pid_t(try #require(try await number(worker))), SIGKILL)
        #expect(try await waiting.value == 5)
    }

    @Test func `are stolen from a process`() async throws {
        let (locks, gate) = (LockManager(), try TestGate())
        let worker = try await traveller()
        try await worker.send(.holdUntilStolen(locks, gate))
        try await gate.begun()
        #expect(try await locks.request("travel", acquisition: .steal) { _ in 5 } == 5)
        #expect(try await number(worker) == 0)
    }

    @Test func `are given up by a task of a process that is cancelled`() async throws {
        let locks = LockManager()
        let worker = try await traveller()
        try await locks.request("travel") { _ in
            try await worker.send(.giveUp(locks))
            #expect(try await number(worker) == -1)
        }
        #expect(try await locks.query().isEmpty)
    }
}

extension MessagePort {
    fileprivate func next() async throws -> Inbound? {
        var messages = messages.makeAsyncIterator()
        return try await messages.next()
    }
}
