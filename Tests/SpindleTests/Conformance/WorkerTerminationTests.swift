internal import Spindle
internal import TestSupport
internal import Testing

@Suite(.timeLimit(.minutes(10))) struct `Terminating a worker` {
    @Test(arguments: Isolation.tested)
    func `ends a program that waits for messages, as a cancellation`(isolation: Isolation) async throws {
        let (online, seen) = (try TestGate(), try TestLog())
        let worker = try await Worker.steps([.begin(online), .noteEndOfMessages(seen)], in: isolation)
        try await online.begun()
        #expect(await worker.terminate().description == "terminated")
        #expect(try seen.notes == [.cancellationError, .cancelled])
        #expect(throws: SendError<Int>.self) { try worker.post(1) }
    }

    @Test(arguments: Isolation.tested)
    func `before its program began keeps it from beginning, or ends it`(isolation: Isolation) async throws {
        for _ in 0..<200 {
            let worker = try await Worker.steps([.receiveAll], in: isolation)
            #expect(await worker.terminate().description == "terminated")
        }
    }

    @Test(arguments: Isolation.tested)
    func `twice, or by two at once, is the same exit`(isolation: Isolation) async throws {
        for _ in 0..<100 {
            let worker = try await Worker(Echo.self, isolation: isolation.value)
            async let first = worker.terminate()
            async let second = worker.terminate(within: .seconds(5))
            #expect(await [first, second].map(\.description) == ["terminated", "terminated"])
            #expect(await worker.terminate().description == "terminated")
            let words = try await worker.events.collect().map(\.word)
            #expect(words.last == "terminated" && words.count { $0 == "terminated" } == 1)
        }
    }

    @Test(arguments: Isolation.tested)
    func `that has ended by itself returns its own exit`(isolation: Isolation) async throws {
        let worker = try await Worker.steps([.exit(4)], in: isolation)
        _ = try await worker.exit
        #expect(await worker.terminate().code == 4)
    }

    @Test(arguments: Isolation.tested)
    func `delivers what it sent before`(isolation: Isolation) async throws {
        let sent = try TestGate()
        let numbers = Array(0..<100)
        let worker = try await Worker.steps([.send(numbers), .begin(sent), .receiveAll], in: isolation)
        try await sent.begun()
        await worker.terminate()
        #expect(try await worker.events.collect().map(\.word) == ["online"] + numbers.map(String.init) + ["terminated"])
    }

    @Test(arguments: Isolation.tested)
    func `frees it from a blocking wait on shared memory`(isolation: Isolation) async throws {
        let (online, seen) = (try TestGate(), try TestLog())
        let word = try SharedBuffer(byteLength: 4)
        let worker = try await Worker.steps([.begin(online), .noteEndOfWait(word, seen)], in: isolation)
        try await online.begun()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(try seen.notes == [.interrupted])
    }

    @Test(arguments: Isolation.tested)
    func `frees it from a blocking receive, of its owner's messages and of any port`(isolation: Isolation) async throws {
        let channel = MessageChannel<Never, Int>()
        let data = PortListener.WorkerData(gate: try TestGate(), log: try TestLog())
        let worker = try await Worker(PortListener.self, workerData: data, isolation: isolation.value)
        try await worker.send(channel.port1)
        try await data.gate.begun()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(try data.log.notes == [.noMessage, .noMessage])
        // The end that went to a process has gone with it; to a thread went a reference to the one that is here.
        #expect(channel.port2.isOpen || isolation == .process)
    }

    @Test(arguments: Isolation.tested)
    func `frees it from waiting for room in its owner's queue`(isolation: Isolation) async throws {
        let data = Filler.WorkerData(gate: try TestGate(), more: .max, refusals: try TestLog(), sent: try TestLog())
        let worker = try await Worker(
            Filler.self, workerData: data, isolation: isolation.value, options: WorkerOptions(outboxLimit: 1))
        try await data.gate.begun()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(try data.refusals.notes == [.full, .cancelled])
        let sent = try #require(try data.sent.numbers.first)
        // On the way from a process there is room for some more.
        #expect(sent == 1 || isolation == .process && sent > 1)
        let received = try await worker.messages.collect()
        #expect(received.count == sent && received == Array(1...received.count), "\(received.count) of \(sent)")
    }

    @Test(arguments: Isolation.tested)
    func `holds its deadline also when the calling task is cancelled`(isolation: Isolation) async throws {
        let worker = try await Worker(Echo.self, isolation: isolation.value)
        let exit = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await worker.terminate()
        }.value
        #expect(exit.description == "terminated")
    }

    @Test(arguments: Isolation.tested)
    func `happens when its handle is dropped`(isolation: Isolation) async throws {
        let ends = try TestLog()
        do {
            let worker = try await Worker.steps(
                [.noteAtEnd(.worker, ends), .echo], in: isolation, WorkerOptions(name: "dropped-handle"))
            try await worker.send(1)
            var messages = worker.messages.makeAsyncIterator()
            #expect(try await messages.next() == 1)
        }
        #expect(await isolation.isGone("dropped-handle"))
        #expect(try ends.notes == [.worker])
    }

    @Test(arguments: Isolation.tested)
    func `does not happen while an iterator over its messages holds it`(isolation: Isolation) async throws {
        let begin = try TestGate()
        var messages: WorkerMessages<Steps>.Iterator
        do {
            let worker = try await Worker.steps([.pass(begin), .sendIsCancelled], in: isolation)
            messages = worker.messages.makeAsyncIterator()
        }
        try begin.open()
        #expect(try await messages.next() == 0)
        #expect(try await messages.next() == nil)
    }
}
