internal import DequeModule
internal import SpindleMemory
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `A ring` {
    @Test func `passes frames of every length, in order, around its end`() throws {
        let memory = try RingMemory(capacity: 256)
        var producer = memory.producer(side: 0)
        var consumer = memory.consumer(side: 1)
        let batch = RingBatch(of: memory)
        for round in 0..<500 {
            let payload = [UInt8](repeating: UInt8(round % 251), count: round % (producer.longestPayload + 1))
            #expect(try payload.withUnsafeBytes { try producer.write(kind: UInt8(round % 7), $0) })
            #expect(try !consumer.read(into: batch), "Nothing is there before it is published.")
            producer.publish()
            #expect(try consumer.read(into: batch))
            consumer.publish()
            let frame = try #require(batch.next())
            #expect(Array(frame.payload) == payload && frame.kind == UInt8(round % 7))
            #expect(batch.next() == nil && producer.isDrained)
        }
    }

    @Test func `refuses a payload that no frame holds, and a frame without room`() throws {
        let memory = try RingMemory(capacity: 64)
        var producer = memory.producer(side: 0)
        let longest = [UInt8](repeating: 1, count: producer.longestPayload)
        let error = #expect(throws: RingError.self) {
            try (longest + [1]).withUnsafeBytes { try producer.write(kind: 0, $0) }
        }
        #expect(error?.code == .tooLong)
        for _ in 0..<4 { #expect(try longest.withUnsafeBytes { try producer.write(kind: 0, $0) }) }
        #expect(try !longest.withUnsafeBytes { try producer.write(kind: 0, $0) })
    }

    @Test(arguments: SeededRandom.seeds(20))
    func `does what a queue does`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let memory = try RingMemory(capacity: 64 << random.below(5))
        var producer = memory.producer(side: 1)
        var consumer = memory.consumer(side: 0)
        let batch = RingBatch(of: memory)
        var model = Deque<[UInt8]>()
        var published = 0
        for _ in 0..<5_000 {
            switch random.below(4) {
            case 0, 1:
                let payload = (0..<random.below(producer.longestPayload + 1)).map { _ in UInt8.random(in: 0...255, using: &random)
                }
                if try payload.withUnsafeBytes({ try producer.write(kind: 9, $0) }) { model.append(payload) }
            case 2:
                producer.publish()
                published = model.count
            default:
                _ = try consumer.read(into: batch)
                consumer.publish()
                while let frame = batch.next() {
                    #expect(Array(frame.payload) == model.popFirst())
                    published -= 1
                }
                #expect(published >= 0)
            }
        }
    }

    @Test func `keeps nobody asleep whose announcement a late producer clears`() async throws {
        let memory = try RingMemory(capacity: 64)
        let arrival = memory.consumer(side: 1).arrival
        arrival.announceSleep()
        // What a producer still has to do that was interrupted after it had published, and what it published was taken.
        arrival.publish(0)
        let began = ContinuousClock.now
        try await onThread { FutexWord().waitInterruptibly(while: 0, or: arrival, timeout: 20_000_000_000) }
        #expect(ContinuousClock.now - began < .seconds(10))
    }

    @Test(arguments: [64, 1_024, 65_536])
    func `loses and doubles nothing between two threads that sleep and wake each other`(capacity: Int) async throws {
        let memory = try RingMemory(capacity: capacity)
        let other = try RingMemory(adopting: try #require(memory.descriptor.duplicate()))
        let count: UInt64 = 20_000
        async let sending: Void = onThread {
            var producer = memory.producer(side: 0)
            for number in 0..<count {
                while try !withUnsafeBytes(of: number, { try producer.write(kind: 0, $0) }) {
                    producer.publish()
                    producer.room.sleep(while: producer.seenHead)
                }
                if number % 3 == 0 { producer.publish() }
            }
            producer.publish()
        }
        async let receiving: UInt64 = onThread {
            var consumer = other.consumer(side: 1)
            let batch = RingBatch(of: other)
            var next: UInt64 = 0
            while next < count {
                guard try consumer.read(into: batch) else {
                    consumer.arrival.sleep(while: consumer.head)
                    continue
                }
                consumer.publish()
                while let frame = batch.next() {
                    #expect(frame.payload.loadUnaligned(as: UInt64.self) == next)
                    next += 1
                }
            }
            return next
        }
        try await sending
        #expect(try await receiving == count)
    }

    @Test func `is adopted only from a memory file of fixed and fitting size`() throws {
        let buffer = try SharedBuffer(byteLength: 100)
        _ = buffer
        let (socket, _) = try DescriptorSocket.pair()
        let error = #expect(throws: RingError.self) { try RingMemory(adopting: socket.descriptor) }
        #expect(error?.code == .malformed)
        let memory = try RingMemory(capacity: 100)
        #expect(memory.capacity == 128)
        #expect(throws: RingError.self) { try DescriptorSocket(adopting: memory.descriptor) }
    }

    /// The words and bytes that a hostile side can reach are all of the file.
    @Test(arguments: SeededRandom.seeds(40))
    func `meets anything that a hostile side writes with an error, and never traps`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let memory = try RingMemory(capacity: 256 << random.below(4))
        var producer = memory.producer(side: 0)
        var consumer = memory.consumer(side: 1)
        var answers = memory.producer(side: 1)
        let batch = RingBatch(of: memory)
        let file = try HostileMapping(memory)
        var errors = 0
        for _ in 0..<3_000 {
            do {
                let payload = [UInt8](repeating: 1, count: random.below(producer.longestPayload + 1))
                _ = try payload.withUnsafeBytes { try producer.write(kind: 1, $0) }
                _ = try payload.withUnsafeBytes { try answers.write(kind: 1, $0) }
                producer.publish()
                answers.publish()
                for _ in 0..<random.below(4) { file.spoil(&random) }
                if try consumer.read(into: batch) {
                    consumer.publish()
                    #expect(batch.attachmentCount <= OwnedDescriptor.packetLimit)
                    while let frame = batch.next() { #expect(frame.payload.count <= memory.capacity / 4) }
                }
            } catch {
                #expect((error as? RingError)?.code == .malformed)
                errors += 1
                // A fresh pair on the same, spoilt memory.
                consumer = memory.consumer(side: 1)
                producer = memory.producer(side: 0)
                answers = memory.producer(side: 1)
            }
        }
        #expect(errors > 0)
    }
}

/// A second mapping of a ring's memory, by which a test plays the hostile side.
final class HostileMapping {
    private let file: SharedMemoryFile

    init(_ memory: RingMemory) throws { file = try SharedMemoryFile(memory) }

    func spoil(_ random: inout SeededRandom) {
        switch random.below(3) {
        case 0:
            let word = [0, 64, 128, 192, 256, 320, 384, 448][random.below(8)]
            let value = random.chance(50) ? UInt32(random.below(256)) : UInt32.random(in: 0 ... .max, using: &random)
            file.store(value, at: word)
        case 1:
            let unit = RingMemory.headerLength + 8 * random.below((file.length - RingMemory.headerLength) / 8)
            file.store(UInt32.random(in: 0 ... .max, using: &random), at: unit)
        default:
            let unit = RingMemory.headerLength + 8 * random.below((file.length - RingMemory.headerLength) / 8)
            file.store(UInt32(random.below(300)), at: unit)
            file.store(UInt32(random.below(256) << 8 | random.below(4)), at: unit + 4)
        }
    }
}
