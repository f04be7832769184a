internal import CSpindle
internal import Foundation
internal import Glibc
internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging
internal import Testing
internal import TestSupport

/// What arrives when a value is sent; both ends are in this process, each with descriptors of its own.
private func sent<Value>(_ value: Value) throws -> Value {
    let message = try EncodedMessage(value)
    let copies = try message.attachments.map { try #require($0.duplicate()) }
    return try EncodedMessage(bytes: message.bytes, attachments: copies).decode()
}

/// A memory file of so many bytes, sealed or not.
private func memoryFile(_ length: Int, isSealed: Bool = true) throws -> OwnedDescriptor {
    let number =
        isSealed
        ? spindle_memfd_create_sealed("travel-test", UInt64(length)) : spindle_memfd_create_open("travel-test")
    let descriptor = OwnedDescriptor(number)
    if !isSealed { try #require(ftruncate(number, off_t(length)) == 0) }
    return descriptor
}

@Suite(.timeLimit(.minutes(5))) struct `A shared buffer that is sent` {
    struct Nest: Codable, Sendable {
        var first: SharedBuffer
        var rest: [SharedBuffer?]
        var byName: [String: [SharedBuffer]]
    }

    /// Encodes its buffer as if it were the buffer itself.
    struct Wrapper: Codable, Sendable {
        let buffer: SharedBuffer
        init(_ buffer: SharedBuffer) { self.buffer = buffer }
        init(from decoder: any Decoder) throws { buffer = try SharedBuffer(from: decoder) }
        func encode(to encoder: any Encoder) throws { try buffer.encode(to: encoder) }
    }

    @Test func `arrives bare, inside values and as the value of another type`() throws {
        let buffer = try SharedBuffer(byteLength: 8)
        try buffer.view(of: Int.self).store(3, at: 0)
        let nest = try sent(Nest(first: buffer, rest: [nil, buffer], byName: ["a": [buffer]]))
        let all = [
            try sent(buffer), nest.first, try #require(nest.rest[1]), try #require(nest.byName["a"]?.first),
            try sent(Wrapper(buffer)).buffer, try #require(try sent([buffer as SharedBuffer?]).first ?? nil),
        ]
        for other in all {
            #expect(try other.view(of: Int.self).load(at: 0) == 3)
            #expect(other !== buffer)
        }
        #expect(nest.rest.count == 2)
    }

    @Test func `is refused by every other encoder and decoder`() throws {
        let buffer = try SharedBuffer(byteLength: 8)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([buffer]) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SharedBuffer].self, from: Data("[0]".utf8)) }
    }

    @Test func `is refused when its descriptor is not what it should be`() throws {
        let bytes = try EncodedMessage(SharedBuffer(byteLength: 8)).bytes
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let pipe = ends.map { OwnedDescriptor($0) }
        for wrong in [try memoryFile(4_095), try memoryFile(0), try memoryFile(8_192, isSealed: false), pipe[0]] {
            let message = EncodedMessage(bytes: bytes, attachments: [wrong])
            #expect(throws: SharedBufferError.self) { try message.decode(SharedBuffer.self) }
        }
        let fit = try memoryFile(8_192)
        #expect(throws: MessageCodingError.self) { try EncodedMessage(bytes: bytes).decode(SharedBuffer.self) }
        #expect(throws: MessageCodingError.self) {
            try EncodedMessage(bytes: bytes, attachments: [fit, fit]).decode(SharedBuffer.self)
        }
        #expect(throws: MessageCodingError.self) {
            try EncodedMessage(bytes: [1], attachments: [fit]).decode(SharedBuffer.self)
        }
        #expect(try EncodedMessage(bytes: bytes, attachments: [fit]).decode(SharedBuffer.self).maximumByteLength == 4_096)
    }

    @Test func `never believes a length above what is mapped`() throws {
        let file = try memoryFile(4_096 + 16)
        let header = try #require(mmap(nil, 4_096, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0))
        defer { munmap(header, 4_096) }
        let bytes = try EncodedMessage(SharedBuffer(byteLength: 8)).bytes
        let buffer = try EncodedMessage(bytes: bytes, attachments: [file]).decode(SharedBuffer.self)
        for length in [17, 1 << 40, UInt64(Int.max) + 1, .max] {
            header.storeBytes(of: length, as: UInt64.self)
            #expect(buffer.byteLength == 16)
            let reached = buffer.withBytes { $0.byteCount }
            #expect(reached == 16)
            #expect(try buffer.view(of: UInt8.self).count == 16)
            #expect(throws: SharedBufferError.self) { try buffer.grow(to: 17) }
            #expect(throws: SharedBufferError.self) { try buffer.grow(to: 8) }
            try buffer.grow(to: 16)
            #expect(header.load(as: UInt64.self) == 16)
        }
    }

    @Test func `leaves nothing behind after 10,000 times`() throws {
        let name = "travel-repeated"
        var buffer = try SharedBuffer(byteLength: 1 << 20, name: name)
        for _ in 0..<10_000 { buffer = try sent(buffer) }
        #expect(ProcessCensus.descriptors(ofMemoryFile: name).count == 1)
        #expect(ProcessCensus.mappings(ofMemoryFile: name) == 1)
        #expect(buffer.byteLength == 1 << 20)
    }
}

@Suite(.timeLimit(.minutes(5))) struct `A port that is sent` {
    @Test func `is used up, and its channel goes on with the one that arrives`() async throws {
        let channel = MessageChannel<Int, String>()
        try channel.port1.post(1)
        let waiting = Task { try await channel.port2.messages.first() }
        #expect(try await waiting.value == 1)
        let cutOff = Task { try await channel.port2.messages.first() }
        try channel.port1.post(2)
        #expect(try await cutOff.value == 2)
        let late = Task { try await channel.port2.messages.first() }
        let port = try sent(channel.port2)
        #expect(try await late.value == nil)
        #expect(!channel.port2.isOpen)
        #expect(channel.port2.tryReceive() == nil)
        #expect(channel.port2.receive() == nil)
        #expect(throws: SendError<String>.self) { try channel.port2.post("no") }
        await #expect(throws: SendError<String>.self) { try await channel.port2.send("no") }
        channel.port2.close()
        #expect(throws: MessageCodingError.self) { try EncodedMessage(channel.port2) }
        try channel.port1.post(3)
        #expect(try await port.messages.first() == 3)
        try port.post("yes")
        #expect(try await channel.port1.messages.first() == "yes")
    }

    @Test func `takes what was queued along, in order, and ends after it`() async throws {
        var channel: MessageChannel<Int, Never>? = MessageChannel(limit: 2_000)
        for number in 0..<1_500 { try channel?.port1.post(number) }
        let port = try sent(try #require(channel?.port2))
        channel = nil
        var received: [Int] = []
        for try await number in port.messages { received.append(number) }
        #expect(received == Array(0..<1_500))
    }

    @Test func `tells a sender that only sends when nobody receives any more`() async throws {
        let channel = MessageChannel<Int, Int>(limit: 4)
        let port = try sent(channel.port2)
        channel.port1.close()
        await #expect(throws: SendError<Int>.self) { while true { try await port.send(1) } }
    }

    @Test func `is handed on as it is when it was not used, and by another link otherwise`() async throws {
        let channel = MessageChannel<Int, Int>()
        var port = try sent(channel.port2)
        for _ in 0..<5 { port = try sent(port) }
        try channel.port1.post(1)
        for number in 1..<6 {
            #expect(try await port.messages.first() == number)
            port = try sent(port)
            try channel.port1.post(number + 1)
        }
        try port.post(-1)
        #expect(try await channel.port1.messages.first() == -1)
        port.close()
        #expect(try await channel.port1.messages.first() == nil)
    }

    @Test func `carries ports, buffers and what is no Codable but plain`() async throws {
        struct Plain: Sendable, Equatable { var x: Int; var y: Double }
        let outer = MessageChannel<MessagePort<Plain, SharedBuffer>, Never>()
        let inner = MessageChannel<Plain, SharedBuffer>()
        let port = try sent(outer.port2)
        try await outer.port1.send(inner.port2)
        let received = try #require(try await port.messages.first())
        try await inner.port1.send(Plain(x: 1, y: 2))
        #expect(try await received.messages.first() == Plain(x: 1, y: 2))
        try await received.send(SharedBuffer(byteLength: 77))
        #expect(try await inner.port1.messages.first()?.byteLength == 77)
    }

    @Test func `whose messages cannot be sent stays what it was`() throws {
        final class Local: Sendable {}
        let channel = MessageChannel<Local, Int>()
        #expect(throws: MessageCodingError.self) { try EncodedMessage(channel.port2) }
        try channel.port1.post(Local())
        #expect(channel.port2.tryReceive() != nil)
    }

    @Test func `ends the channel when it does not arrive`() async throws {
        let channel = MessageChannel<Int, Int>()
        var message: EncodedMessage? = try EncodedMessage(channel.port2)
        #expect(message?.attachments.count == 2)
        message = nil
        #expect(try await channel.port1.messages.first() == nil)
    }

    @Test func `is refused when its descriptors are not what they should be`() throws {
        let message = try EncodedMessage(MessageChannel<Int, Int>().port1)
        let (memory, socket) = (message.attachments[0], message.attachments[1])
        for wrong in [
            [socket, memory], [memory], [memory, memory], [try memoryFile(4_096), socket], [memory, socket, socket],
        ] {
            #expect(throws: (any Error).self) {
                try EncodedMessage(bytes: message.bytes, attachments: wrong).decode(MessagePort<Int, Int>.self)
            }
        }
        var bytes = message.bytes
        bytes[0] = 2
        #expect(throws: RingError.self) {
            try EncodedMessage(bytes: bytes, attachments: message.attachments).decode(MessagePort<Int, Int>.self)
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct `A descriptor that is sent` {
    @Test func `is another one of the same file, each with a life of its own`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        var its: SharedDescriptor? = try sent(SharedDescriptor(adopting: ends[1]))
        let written = its?.withDescriptor { write($0, "x", 1) }
        #expect(written == 1)
        its = nil
        var bytes: [UInt8] = [0, 0]
        #expect(read(ends[0], &bytes, 2) == 1)
        #expect(read(ends[0], &bytes, 2) == 0)
    }

    @Test func `is the caller's or a duplicate, as was asked for`() throws {
        let file = try memoryFile(1)
        let shared = try SharedDescriptor(duplicating: file.number)
        let copy = try shared.duplicate()
        defer { close(copy) }
        let own = shared.withDescriptor { $0 }
        #expect(Set([file.number, own, copy]).count == 3)
        #expect(throws: MessageCodingError.self) { try SharedDescriptor(duplicating: -1) }
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([shared]) }
    }
}

@Suite(.timeLimit(.minutes(5))) struct `A lock manager that is sent` {
    @Test func `takes the sender's locks, in the order of the requests`() async throws {
        let mine = LockManager()
        let its = try sent(mine)
        try await mine.request("a") { _ async throws in
            await #expect(throws: LockError.unavailable) { try await its.request("a", acquisition: .ifAvailable) { _ in } }
            #expect(try await its.query() == mine.query())
        }
        let order = EventLog<Int>()
        let held = Signal()
        let asked = Signal()
        let first = Task {
            try await its.request("a") { _ in
                held.fire()
                await asked.wait()
            }
        }
        await held.wait()
        let waiting = Task {
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<10 {
                    group.addTask { try await its.request("a") { _ in order.append(number) } }
                    while try await mine.query().first?.pending.count != number + 1 { await Task.yield() }
                }
                asked.fire()
            }
        }
        try await first.value
        try await waiting.value
        #expect(order.events == Array(0..<10))
        #expect(try await its.request("b", mode: .shared) { $0.mode } == .shared)
    }

    @Test func `releases what it holds when it goes, and forgets who waits`() async throws {
        let mine = LockManager()
        let message = MessageChannel<LockManager, Never>()
        let port = try sent(message.port2)
        try await message.port1.send(mine)
        var its: LockManager? = try await port.messages.first()
        let held = Signal()
        let holding = Task { [its] in
            try await its?.request("a") { lock in
                held.fire()
                await withCheckedContinuation { lost in lock.whenStolen { lost.resume() } }
            }
        }
        await held.wait()
        its = nil
        #expect(try await mine.query().count == 1)
        // Stolen from it: the only holder, who ends then.
        #expect(try await mine.request("a", acquisition: .steal) { _ in 1 } == 1)
        await #expect(throws: LockError.stolen) { try await holding.value }
        #expect(try await mine.request("a") { _ in 2 } == 2)
    }

    @Test func `is handed on, and asks through the one before`() async throws {
        let mine = LockManager()
        let its = try sent(try sent(mine))
        try await its.request("a") { _ async throws in
            #expect(try await mine.query().map(\.held) == [[.exclusive]])
            await #expect(throws: LockError.unavailable) { try await mine.request("a", acquisition: .ifAvailable) { _ in } }
        }
        #expect(try await its.request("a", acquisition: .steal) { $0.name } == "a")
    }
}
