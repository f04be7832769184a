internal import Dispatch
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `Terminating a worker` {
    @Test func `ends a program that waits for messages, as a cancellation`() async throws {
        let seen = EventLog<String>()
        let online = Signal()
        let worker = try await Worker.script { parent in
            online.fire()
            do {
                for try await _ in parent.messages {}
                seen.append("end of messages")
            } catch {
                seen.append("\(type(of: error))")
            }
            seen.append("cancelled: \(Task.isCancelled)")
        }
        await online.wait()
        #expect(await worker.terminate().description == "terminated")
        #expect(seen.events == ["CancellationError", "cancelled: true"])
        #expect(throws: SendError<Int>.self) { try worker.post(1) }
    }

    @Test func `before its program began keeps it from beginning, or ends it`() async throws {
        for _ in 0..<200 {
            let worker = try await Worker.script { parent in for try await _ in parent.messages {} }
            #expect(await worker.terminate().description == "terminated")
        }
    }

    @Test func `twice, or by two at once, is the same exit`() async throws {
        for _ in 0..<100 {
            let worker = try await Worker(Echo.self)
            async let first = worker.terminate()
            async let second = worker.terminate(within: .seconds(5))
            #expect(await [first, second].map(\.description) == ["terminated", "terminated"])
            #expect(await worker.terminate().description == "terminated")
            let words = try await worker.events.collect().map(\.word)
            #expect(words.last == "terminated" && words.count { $0 == "terminated" } == 1)
        }
    }

    @Test func `that has ended by itself returns its own exit`() async throws {
        let worker = try await Worker.script { parent in try parent.exit(4) }
        _ = try await worker.exit
        #expect(await worker.terminate().code == 4)
    }

    @Test func `delivers what it sent before`() async throws {
        let sent = Signal()
        let worker = try await Worker.script { parent in
            for number in 0..<100 { try await parent.send(number) }
            sent.fire()
            for try await _ in parent.messages {}
        }
        await sent.wait()
        await worker.terminate()
        #expect(try await worker.events.collect().map(\.word) == ["online"] + (0..<100).map(String.init) + ["terminated"])
    }

    @Test func `frees it from a blocking wait on shared memory`() async throws {
        let view = try SharedBuffer(byteLength: 4).view(of: Int32.self)
        let seen = EventLog<SharedBufferError.Code?>()
        let online = Signal()
        let worker = try await Worker.script { _ in
            online.fire()
            do throws(SharedBufferError) { _ = try view.wait(at: 0, expecting: 0) } catch { seen.append(error.code) }
        }
        await online.wait()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(seen.events == [.interrupted])
    }

    @Test func `frees it from a blocking receive, of its owner's messages and of any port`() async throws {
        let channel = MessageChannel<Int, Never>()
        let seen = EventLog<Int?>()
        let online = Signal()
        let worker = try await Worker.script { parent in
            online.fire()
            seen.append(parent.receive())
            seen.append(channel.port2.receive())
        }
        await online.wait()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(seen.events == [nil, nil])
        #expect(channel.port1.isOpen)
    }

    @Test func `frees it from waiting for room in its owner's queue`() async throws {
        let full = Signal()
        let seen = EventLog<SendError<Int>.Reason>()
        let worker = try await Worker.script(WorkerOptions(outboxLimit: 1)) { parent in
            try parent.post(1)
            full.fire()
            do throws(SendError<Int>) { try await parent.send(2) } catch { seen.append(error.reason) }
        }
        await full.wait()
        #expect(await worker.terminate(within: .seconds(20)).description == "terminated")
        #expect(seen.events == [.cancelled])
        #expect(try await worker.messages.collect() == [1])
    }

    @Test func `holds its deadline also when the calling task is cancelled`() async throws {
        let worker = try await Worker(Echo.self)
        let exit = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await worker.terminate()
        }.value
        #expect(exit.description == "terminated")
    }

    @Test func `happens when its handle is dropped`() async throws {
        let end = Signal()
        do {
            let worker = try await Worker.script(WorkerOptions(name: "dropped-handle")) { parent in
                defer { end.fire() }
                for try await number in parent.messages { try await parent.send(number) }
            }
            try await worker.send(1)
            var messages = worker.messages.makeAsyncIterator()
            #expect(try await messages.next() == 1)
        }
        await end.wait()
        #expect(await ProcessCensus.noThreads(named: "dropped-handle"))
    }

    @Test func `does not happen while an iterator over its messages holds it`() async throws {
        let begin = Signal()
        var messages: WorkerMessages<Script>.Iterator
        do {
            let worker = try await Worker.script { parent in
                await begin.wait()
                try await parent.send(Task.isCancelled ? 0 : 1)
            }
            messages = worker.messages.makeAsyncIterator()
        }
        begin.fire()
        #expect(try await messages.next() == 1)
        #expect(try await messages.next() == nil)
    }
}
