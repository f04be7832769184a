internal import SpindleMemory
internal import Testing
internal import TestSupport

@Suite struct `A lock around a value` {
    /// Three words that must always agree; what a torn or unguarded access would break.
    private struct Triple {
        var a = 0
        var b = 0
        var c = 0
    }

    @Test func `lets one thread at a time in`() async throws {
        let lock = Box(Triple())
        let disagreements = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    try await onThread {
                        (0..<30_000).count { _ in
                            lock.value.withLock { triple in
                                let agrees = triple.a == triple.b && triple.b == triple.c
                                triple.a += 1
                                triple.b += 1
                                triple.c += 1
                                return !agrees
                            }
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(disagreements == 0)
        #expect(lock.value.withLock { $0.c } == 180_000)
    }

    @Test func `wakes those who sleep on it`() async throws {
        let lock = Box(0)
        let inside = Signal()
        // Holds the lock far longer than anybody spins.
        async let holder = onThread {
            lock.value.withLock { value in
                inside.fire()
                for step in 0..<2_000_000 { value = step & 0 }
            }
        }
        await inside.wait()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await onThread { lock.value.withLock { $0 += 1 } } } }
            try await group.waitForAll()
        }
        try await holder
        #expect(lock.value.withLock { $0 } == 8)
    }

    @Test func `is free again after an error, and passes it on`() {
        struct Broken: Error {}
        let lock = Lock([1])
        #expect(throws: Broken.self) {
            try lock.withLock { value in
                value.append(2)
                throw Broken()
            }
        }
        #expect(lock.withLock { $0 } == [1, 2])
    }

    @Test func `releases its value with itself`() {
        let count = LifeCount()
        do {
            let lock = Lock([count.token(), count.token()])
            #expect(lock.withLock { $0.count } == 2)
            #expect(count.living == 2)
        }
        #expect(count.living == 0)
    }
}

/// A lock cannot be copied, so closures share it through this.
private final class Box<Value: Sendable>: Sendable {
    let value: Lock<Value>
    init(_ value: Value) { self.value = Lock(value) }
}
