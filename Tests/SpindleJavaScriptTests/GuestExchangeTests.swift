import Spindle
import SpindleJavaScript
import SpindleStructuredClone
import Testing

/// What a Swift program and its guests exchange beside values: memory that moves, memory that is shared, ports.
@Suite(.serialized) struct GuestExchangeTests {
    static let isolations: [WorkerIsolation] = [.thread, .process]

    /// A guest whose `parentPort` is `port`.
    static func guest(
        _ program: String, _ isolation: WorkerIsolation = .thread, _ options: JavaScriptOptions = JavaScriptOptions()
    ) async throws -> JavaScriptWorker {
        try await JavaScriptWorker(
            .source("const port = require('node:worker_threads').parentPort;\n" + program), isolation: isolation, options: options
        )
    }

    // MARK: Buffers that move

    struct Picture: Codable {
        var name: String
        var pixels: TransferBuffer
        var mask: TransferBuffer?
    }

    @Test(arguments: isolations) func `a buffer moves to the guest, and back as it is then`(isolation: WorkerIsolation)
        async throws
    {
        let worker = try await Self.guest(
            """
            port.on('message', ({ name, pixels }) => {
                const bytes = new Uint8Array(pixels);
                for (let i = 0; i < bytes.length; i++) bytes[i] += 1;
                port.postMessage({ name: `${name} ${pixels instanceof ArrayBuffer} ${pixels.byteLength}`, pixels }, [pixels]);
            });
            """, isolation)
        let pixels = TransferBuffer(byteCount: 1 << 20) { bytes in
            for index in 0..<bytes.byteCount {
                bytes.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self)
            }
        }
        try await worker.send(Picture(name: "a", pixels: pixels))
        await #expect(throws: EncodingError.self) { try await worker.send(Picture(name: "b", pixels: pixels)) }
        var pictures = worker.messages(as: Picture.self).makeAsyncIterator()
        let picture = try #require(try await pictures.next())
        #expect(pixels.byteCount == 0 && picture.name == "a true 1048576" && picture.mask == nil)
        #expect(picture.pixels.withBytes { $0.unsafeLoad(fromByteOffset: 1023, as: UInt8.self) } == 0)
        #expect(picture.pixels.withBytes { $0.unsafeLoad(fromByteOffset: 77, as: UInt8.self) } == 78)
        await worker.terminate()
    }

    @Test func `between threads the memory of a buffer is the same on both sides`() async throws {
        let worker = try await Self.guest("port.on('message', (buffer) => port.postMessage(buffer, [buffer]));")
        let buffer = TransferBuffer([1, 2, 3])
        func address(_ buffer: TransferBuffer) -> UInt {
            buffer.withBytes { $0.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
        }
        let before = address(buffer)
        try await worker.send(buffer)
        var buffers = worker.messages(as: TransferBuffer.self).makeAsyncIterator()
        let back = try #require(try await buffers.next())
        #expect(address(back) == before && buffer.byteCount == 0)
        await worker.terminate()
    }

    @Test func `a buffer in a message that was not sent can be sent with it again`() async throws {
        var options = JavaScriptOptions()
        options.worker.inboxLimit = 1
        let busy = try await Self.guest("for (;;);", .thread, options)
        let buffer = TransferBuffer([7])
        var failure: SendError<StructuredMessage>?
        while failure == nil {
            do { try busy.post(0) } catch let error as SendError<StructuredMessage> { failure = error }
        }
        let refused = #expect(throws: SendError<StructuredMessage>.self) { try busy.post(buffer) }
        #expect(buffer.byteCount == 1)
        await busy.terminate()
        let echo = try await Self.guest("port.on('message', (buffer) => port.postMessage(new Uint8Array(buffer)));")
        try await echo.send(try #require(try refused?.message.value()))
        for try await bytes in echo.messages(as: [UInt8].self) {
            #expect(bytes == [7])
            break
        }
        #expect(buffer.byteCount == 0)
        await echo.terminate()
    }

    @Test func `bytes are read from buffers and views that went along, whole and in part`() async throws {
        let worker = try await Self.guest(
            """
            const large = () => new Uint8Array(100_000).fill(5);
            const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
            for (const value of [large(), large().buffer, part, part.buffer, new Float64Array([1])]) port.postMessage(value);
            const moved = large(); port.postMessage(moved.subarray(99_999), [moved.buffer]);
            const growing = new ArrayBuffer(2, { maxByteLength: 9 }); port.postMessage(growing, [growing]);
            """)
        var counts: [Int] = []
        for try await value in worker.messages {
            let bytes = try StructuredDecoder().decode([UInt8].self, from: value)
            let buffer = try StructuredDecoder().decode(TransferBuffer.self, from: value)
            #expect(buffer.withBytes { $0.withUnsafeBytes { Array($0) } } == bytes)
            counts.append(bytes.count)
        }
        #expect(counts == [100_000, 100_000, 2, 4, 8, 1, 2])
    }

    // MARK: Memory that is shared

    struct Memory: Codable {
        var memory: SharedBuffer
    }

    @Test(arguments: isolations) func `a shared buffer is the same memory, and each side wakes the other`(
        isolation: WorkerIsolation
    ) async throws {
        let worker = try await Self.guest(
            """
            port.on('message', ({ memory }) => {
                const words = new Int32Array(memory);
                for (let i = 0; i < 100_000; i++) Atomics.add(words, 0, 1);
                Atomics.store(words, 1, 1);
                Atomics.notify(words, 1);
                const outcome = Atomics.wait(words, 2, 0);
                port.postMessage(`${memory instanceof SharedArrayBuffer} ${memory.byteLength} ${outcome} ${words[0]}`);
            });
            """, isolation)
        let buffer = try SharedBuffer(byteLength: 4096)
        let words = try buffer.view(of: Int32.self)
        try await worker.send(Memory(memory: buffer))
        for _ in 0..<100_000 { try words.add(1, at: 0) }
        _ = try await words.waitAsync(at: 1, expecting: 0)
        #expect(try words.load(at: 1) == 1)
        // It may not wait yet: until it does, there is nobody to wake.
        while try words.notify(at: 2) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        for try await text in worker.messages(as: String.self) {
            #expect(text == "true 4096 ok 200000")
            break
        }
        await worker.terminate()
    }

    @Test(arguments: isolations) func `shared memory that the guest made is shared with the owner`(
        isolation: WorkerIsolation
    ) async throws {
        let worker = try await Self.guest(
            """
            const words = new Int32Array(new SharedArrayBuffer(16));
            const waiting = Atomics.waitAsync(words, 1, 0);
            port.postMessage({ memory: words.buffer });
            port.on('message', async () => {
                Atomics.store(words, 3, 9);
                const woken = Atomics.notify(words, 3);
                port.postMessage(`${await waiting.value} ${woken}`);
            });
            """, isolation)
        var messages = worker.messages.makeAsyncIterator()
        let memory = try StructuredDecoder().decode(Memory.self, from: try #require(try await messages.next())).memory
        #expect(memory.byteLength == 16)
        let words = try memory.view(of: Int32.self)
        // Waits as the guest does, and is woken by it.
        let waiting = Task { try await words.waitAsync(at: 3, expecting: 0) }
        if isolation.description == "thread" {
            try words.store(5, at: 1)
            #expect(try words.notify(at: 1) == 1)
            try await worker.send("go")
            let answer = try #require(try await messages.next())
            #expect(answer == "ok 1" || answer == "ok 0", "\(answer)")
        } else {
            try await worker.send("go")
        }
        #expect([.notified, .notEqual].contains(try await waiting.value))
        #expect(try words.load(at: 3) == 9)
        await worker.terminate()
    }

    @Test func `memory that a guest on a thread made does not go to a process`() async throws {
        let worker = try await Self.guest("port.postMessage(new SharedArrayBuffer(8));")
        var messages = worker.messages(as: SharedBuffer.self).makeAsyncIterator()
        let memory = try #require(try await messages.next())
        let other = try await Self.guest("port.on('message', () => {});", .process)
        await #expect(throws: MessageCodingError.self) { try await other.send(memory) }
        await other.terminate()
    }

    // MARK: Ports

    struct Question: Codable, Sendable, Equatable {
        var id: Int
        var text: String
    }
    struct Answer: Codable, Sendable, Equatable {
        var id: Int
        var length: Int
    }
    struct Connection: Codable, Sendable {
        var port: MessagePort<Question, Answer>
    }

    @Test(arguments: isolations) func `a port of the program is a port of the guest, typed on this side`(
        isolation: WorkerIsolation
    ) async throws {
        let worker = try await Self.guest(
            """
            port.once('message', ({ port: channel }) => {
                channel.on('message', ({ id, text }) => channel.postMessage({ id, length: text.length }));
                channel.on('close', () => { port.postMessage('closed'); port.close(); });
            });
            """, isolation)
        let channel = MessageChannel<Question, Answer>()
        let connection = Connection(port: channel.port2)
        try await channel.port1.send(Question(id: 0, text: "before"))
        try await worker.send(connection)
        await #expect(throws: (any Error).self) { try await worker.send(connection) }
        #expect(!connection.port.isOpen)
        for id in 1..<1000 { try await channel.port1.send(Question(id: id, text: String(repeating: "x", count: id))) }
        var answers = channel.port1.messages.makeAsyncIterator()
        for id in 0..<1000 { #expect(try await answers.next() == Answer(id: id, length: id == 0 ? 6 : id)) }
        channel.port1.close()
        var messages = worker.messages(as: String.self).makeAsyncIterator()
        #expect(try await messages.next() == "closed")
        #expect(try await worker.exit.code == 0)
    }

    @Test(arguments: isolations) func `a port of the guest is a port of the program`(isolation: WorkerIsolation) async throws {
        let worker = try await Self.guest(
            """
            const { port1, port2 } = new MessageChannel();
            port1.postMessage({ id: 1, text: 'early' });
            port.postMessage({ port: port2 }, [port2]);
            port1.on('message', ({ id, length }) => {
                if (id === 3) port1.close();
                else port1.postMessage({ id: id + 1, text: 'é'.repeat(length) });
            });
            """, isolation)
        var messages = worker.messages(as: Connection.self).makeAsyncIterator()
        let port = try #require(try await messages.next()).port
        var seen: [Question] = []
        for try await question in port.messages {
            seen.append(question)
            try await port.send(Answer(id: question.id, length: question.id + 1))
        }
        #expect(seen == [Question(id: 1, text: "early"), Question(id: 2, text: "éé"), Question(id: 3, text: "ééé")])
        #expect(!port.isOpen)
        #expect(try await worker.exit.code == 0)
    }

    @Test func `what a guest sends that is of another shape ends the channel and nothing else`() async throws {
        let worker = try await Self.guest(
            """
            port.on('message', ({ port: channel }) => {
                channel.on('close', () => port.postMessage('closed'));
                channel.postMessage('no answer');
            });
            """)
        let channel = MessageChannel<Question, Answer>()
        try await worker.send(Connection(port: channel.port2))
        for try await _ in channel.port1.messages { Issue.record("a message of another shape arrived") }
        for try await text in worker.messages(as: String.self) {
            #expect(text == "closed")
            break
        }
        await worker.terminate()
    }

    @Test func `a guest that floods a port waits for the program`() async throws {
        let worker = try await Self.guest(
            """
            const { port1, port2 } = new MessageChannel();
            port.postMessage({ port: port2 }, [port2]);
            for (let id = 0; id < 20_000; id++) port1.postMessage({ id, text: 'x'.repeat(1000) });
            port.postMessage('through'); port1.close();
            """)
        var messages = worker.messages.makeAsyncIterator()
        let port = try StructuredDecoder().decode(Connection.self, from: try #require(try await messages.next())).port
        var expected = 0
        for try await question in port.messages {
            if expected == 10_000 { #expect(worker.statistics.messagesOut == 1, "it did not wait") }
            #expect(question.id == expected)
            expected += 1
        }
        #expect(expected == 20_000)
    }

    @Test func `what one guest sends goes on to another as it is, with memory and ports`() async throws {
        let first = try await Self.guest(
            """
            const { port1, port2 } = new MessageChannel();
            const memory = new SharedArrayBuffer(4);
            port.postMessage({ memory, channel: port2, moved: new Uint8Array([4, 2]).buffer }, [port2]);
            port1.once('message', (text) => port.postMessage(`${text} ${new Int32Array(memory)[0]}`));
            """)
        let second = try await Self.guest(
            """
            port.once('message', ({ memory, channel, moved }) => {
                new Int32Array(memory)[0] = new Uint8Array(moved)[1];
                channel.postMessage('hello');
            });
            """)
        var messages = first.messages.makeAsyncIterator()
        let message = try #require(try await messages.next())
        try await second.send(message)
        #expect(try await messages.next() == "hello 2")
        await #expect(throws: EncodingError.self) { try await second.send(message) }
        await first.terminate()
        await second.terminate()
    }

    // MARK: The queue

    @Test func `a program that takes nothing holds up its owner`() async throws {
        var options = JavaScriptOptions()
        options.worker.inboxLimit = 10
        let worker = try await Self.guest(
            "port.postMessage('up'); setTimeout(() => port.on('message', (n) => { if (n === 2999) port.close(); }), 200);",
            .thread, options)
        var messages = worker.messages.makeAsyncIterator()
        _ = try await messages.next()
        var sent = 0
        while (try? worker.post(sent)) != nil || sent < 256 {
            sent += 1
            // The relay needs a moment to take what it may.
            if sent <= 256 { try await Task.sleep(for: .microseconds(100)) }
            if sent > 1000 { break }
        }
        #expect(sent < 300, "\(sent) messages were taken")
        for number in sent..<3000 { try await worker.send(number) }
        #expect(try await worker.exit.code == 0)
    }
}
