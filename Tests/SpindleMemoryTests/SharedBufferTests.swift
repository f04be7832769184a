internal import Glibc
internal import SpindleMemory
internal import Testing
internal import TestSupport

@Suite struct `A shared buffer` {
    @Test func `starts zeroed and is written and read through any view of it`() throws {
        let buffer = try SharedBuffer(byteLength: 64)
        let bytes = try buffer.view(of: UInt8.self)
        #expect(bytes.count == 64)
        #expect(try (0..<64).allSatisfy { try bytes.read(at: $0) == 0 })
        try buffer.view(of: UInt32.self, byteOffset: 8).write(0x0403_0201, at: 1)
        #expect(try (12..<16).map { try bytes.read(at: $0) } == [1, 2, 3, 4])
        #expect(buffer.withBytes { $0.unsafeLoad(fromByteOffset: 12, as: UInt32.self) } == 0x0403_0201)
        buffer.withMutableBytes { $0.storeBytes(of: 9, toByteOffset: 63, as: UInt8.self) }
        #expect(try bytes.read(at: 63) == 9)
    }

    @Test func `of no bytes is a buffer too`() throws {
        let buffer = try SharedBuffer(byteLength: 0)
        #expect(try buffer.view(of: UInt64.self).count == 0)
        #expect(code { try buffer.view(of: UInt8.self).read(at: 0) } == .outOfRange)
        #expect(buffer.withBytes { $0.byteCount } == 0)
    }

    @Test(arguments: [(-1, nil), (8, 4), (0, -1), (0, SharedBuffer.largestByteLength + 1), (Int.max, nil), (0, Int.max)])
    func `of an impossible length is refused`(length: Int, maximum: Int?) {
        #expect(code { try SharedBuffer(byteLength: length, maximumByteLength: maximum) } == .invalidLength)
    }

    @Test func `may reserve the largest length there is, and use its far end`() throws {
        let buffer = try SharedBuffer(byteLength: 8, maximumByteLength: SharedBuffer.largestByteLength)
        try buffer.grow(to: SharedBuffer.largestByteLength)
        let far = try buffer.view(of: UInt64.self, byteOffset: SharedBuffer.largestByteLength - 8)
        #expect(try far.load(at: 0) == 0)
        try far.store(7, at: 0)
        #expect(try far.load(at: 0) == 7)
    }

    // MARK: Bounds

    @Test(arguments: [-1, 4, Int.max, Int.min])
    func `refuses an index outside a view`(index: Int) throws {
        let view = try SharedBuffer(byteLength: 32).view(of: UInt32.self, byteOffset: 8, count: 4)
        #expect(code { try view.read(at: index) } == .outOfRange)
        #expect(code { try view.write(1, at: index) } == .outOfRange)
        #expect(code { try view.load(at: index) } == .outOfRange)
        #expect(code { try view.compareExchange(expected: 0, desired: 1, at: index) } == .outOfRange)
        #expect(code { try view.notify(at: index) } == .outOfRange)
        let whole = try view.buffer.view(of: UInt8.self)
        #expect(try (0..<32).allSatisfy { try whole.read(at: $0) == 0 })
    }

    @Test func `refuses a view that does not lie inside it`() throws {
        let buffer = try SharedBuffer(byteLength: 30, maximumByteLength: 4096)
        #expect(try buffer.view(of: UInt32.self).count == 7)
        #expect(try buffer.view(of: UInt64.self, byteOffset: 24).count == 0)
        for (offset, count) in [(0, 8), (28, 1), (31, nil), (-4, nil), (0, -1), (Int.min, nil), (Int.max, nil), (0, Int.max)] {
            #expect(code { try buffer.view(of: UInt32.self, byteOffset: offset, count: count) } == .outOfRange)
        }
    }

    @Test func `refuses a view that is not aligned to its elements`() throws {
        let buffer = try SharedBuffer(byteLength: 64)
        #expect(code { try buffer.view(of: UInt16.self, byteOffset: 1) } == .misaligned)
        #expect(code { try buffer.view(of: UInt64.self, byteOffset: 12) } == .misaligned)
        #expect(try buffer.view(of: UInt8.self, byteOffset: 63).count == 1)
    }

    // MARK: Growth

    @Test func `grows up to its maximum, never shrinks, and keeps its contents`() throws {
        let buffer = try SharedBuffer(byteLength: 8, maximumByteLength: 1 << 20)
        let small = try buffer.view(of: UInt8.self)
        try small.write(42, at: 7)
        try buffer.grow(to: 1 << 20)
        try buffer.grow(to: 1 << 20)
        #expect(buffer.byteLength == 1 << 20)
        #expect(code { try buffer.grow(to: 8) } == .invalidLength)
        #expect(code { try buffer.grow(to: 1 << 20 | 1) } == .invalidLength)
        let whole = try buffer.view(of: UInt8.self)
        #expect(whole.count == 1 << 20 && small.count == 8)
        #expect(try whole.read(at: 7) == 42)
        #expect(try (8..<whole.count).allSatisfy { try whole.read(at: $0) == 0 })
    }

    @Test(arguments: SeededRandom.seeds(10))
    func `grown by many at once has the longest length`(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let buffer = try SharedBuffer(byteLength: 0, maximumByteLength: 1 << 20)
        let lengths = (0..<400).map { _ in random.below(1 << 20) }
        await withTaskGroup(of: Void.self) { group in
            for length in lengths {
                group.addTask {
                    let before = buffer.byteLength
                    let refused = code { try buffer.grow(to: length) }
                    // Refused only when another had made it longer already.
                    #expect(refused == nil || (refused == .invalidLength && buffer.byteLength > length))
                    #expect(buffer.byteLength >= max(before, length))
                }
            }
        }
        #expect(buffer.byteLength == lengths.max())
    }

    // MARK: The memory file

    @Test func `cannot be made shorter or longer behind its back`() throws {
        let buffer = try SharedBuffer(byteLength: 100, maximumByteLength: 8192, name: "sealed-test")
        let descriptor = try #require(ProcessCensus.descriptors(ofMemoryFile: "sealed-test").first)
        for length in [0, 100, 1 << 20] {
            #expect(ftruncate(descriptor, length) == -1 && errno == EPERM)
        }
        // F_ADD_SEALS of F_SEAL_WRITE: no further seals either.
        #expect(fcntl(descriptor, 1033, 8) == -1 && errno == EPERM)
        try buffer.grow(to: 8192)
        try buffer.view(of: UInt8.self).write(1, at: 8191)
    }

    @Test func `gives its mapping and its descriptor back with its last reference`() throws {
        let name = "released-test"
        var view: SharedView<UInt8>?
        do {
            let buffer = try SharedBuffer(byteLength: 100, name: name)
            view = try buffer.view(of: UInt8.self)
        }
        // The view keeps the buffer.
        #expect(ProcessCensus.mappings(ofMemoryFile: name) == 1)
        #expect(ProcessCensus.descriptors(ofMemoryFile: name).count == 1)
        try view?.write(1, at: 99)
        view = nil
        #expect(ProcessCensus.mappings(ofMemoryFile: name) == 0)
        #expect(ProcessCensus.descriptors(ofMemoryFile: name) == [])
    }

    @Test func `leaves nothing behind when thousands come and go`() async throws {
        let name = "storm-buffer"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        let buffer = try SharedBuffer(byteLength: 4096, name: name)
                        try buffer.view(of: UInt64.self).store(1, at: 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(ProcessCensus.mappings(ofMemoryFile: name) == 0)
        #expect(ProcessCensus.descriptors(ofMemoryFile: name) == [])
    }
}

/// The code of the error that `body` throws, if it does.
func code<Value>(_ body: () throws -> Value) -> SharedBufferError.Code? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? SharedBufferError)?.code
    }
}
