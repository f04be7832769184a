internal import SpindleMemory
internal import Testing
internal import TestSupport

@Suite struct `Atomic operations on a shared view` {
    @Test func `are right for every width and sign`() throws {
        try check(Int8.self)
        try check(UInt8.self)
        try check(Int16.self)
        try check(UInt16.self)
        try check(Int32.self)
        try check(UInt32.self)
        try check(Int64.self)
        try check(UInt64.self)
        try check(Int.self)
        try check(UInt.self)
    }

    /// Every operation on the middle one of three elements, against plain arithmetic, with the extremes.
    private func check<Element: SharedAtomicInteger>(_ type: Element.Type) throws {
        let view = try SharedBuffer(byteLength: 3 * MemoryLayout<Element>.stride).view(of: type)
        let values: [Element] = [0, 1, 2, 0x55, .max, .min, .max - 1, .min + 1, ~0]
        for start in values {
            for operand in values {
                func expect(_ name: String, _ result: Element, _ operation: () throws -> Element) throws {
                    try view.store(start, at: 1)
                    #expect(try operation() == start, "\(name) on \(type) returns the value before")
                    #expect(try view.load(at: 1) == result, "\(name) on \(type): \(start), \(operand)")
                }
                try expect("add", start &+ operand) { try view.add(operand, at: 1) }
                try expect("sub", start &- operand) { try view.sub(operand, at: 1) }
                try expect("and", start & operand) { try view.and(operand, at: 1) }
                try expect("or", start | operand) { try view.or(operand, at: 1) }
                try expect("xor", start ^ operand) { try view.xor(operand, at: 1) }
                try expect("exchange", operand) { try view.exchange(operand, at: 1) }
                try expect("compareExchange", operand) { try view.compareExchange(expected: start, desired: operand, at: 1) }
                try expect("a failing compareExchange", start) {
                    try view.compareExchange(expected: start ^ 1, desired: operand, at: 1)
                }
            }
        }
        #expect(try view.load(at: 0) == 0 && view.load(at: 2) == 0, "a neighbour of \(type) was touched")
    }

    @Test func `count exactly over four threads and a million additions each`() async throws {
        let buffer = try SharedBuffer(byteLength: 64)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        let wide = try buffer.view(of: UInt64.self)
                        let narrow = try buffer.view(of: Int8.self)
                        for _ in 0..<1_000_000 {
                            try wide.add(3, at: 0)
                            try narrow.sub(1, at: 9)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try buffer.view(of: UInt64.self).load(at: 0) == 12_000_000)
        // 4,000,000 is a multiple of 256, and the neighbours of the byte are untouched.
        #expect(try buffer.view(of: UInt64.self).load(at: 1) == 0)
    }

    @Test func `compareExchange lets exactly one of many in`() async throws {
        let view = try SharedBuffer(byteLength: 4_000).view(of: UInt32.self)
        let wins = try await withThrowingTaskGroup(of: Int.self) { group in
            for thread in 1...4 {
                group.addTask {
                    try await onThread {
                        try (0..<view.count).count {
                            try view.compareExchange(expected: 0, desired: UInt32(thread), at: $0) == 0
                        }
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wins == view.count)
    }

    @Test func `publish what was written before them`() async throws {
        let buffer = try SharedBuffer(byteLength: 16)
        let data = try buffer.view(of: UInt64.self)
        let turn = try buffer.view(of: Int32.self, byteOffset: 8)
        async let reader = onThread {
            try (1...2_000).allSatisfy { (round: Int) -> Bool in
                while try turn.load(at: 0) != 1 { _ = try turn.wait(at: 0, expecting: 0) }
                let seen = try data.read(at: 0)
                try turn.store(0, at: 0)
                try turn.notify(at: 0)
                return seen == UInt64(round)
            }
        }
        try await onThread {
            for round in 1...2_000 {
                try data.write(UInt64(round), at: 0)
                try turn.store(1, at: 0)
                try turn.notify(at: 0)
                while try turn.load(at: 0) != 0 { _ = try turn.wait(at: 0, expecting: 1) }
            }
        }
        #expect(try await reader)
    }
}
