internal import SpindleCore
internal import Testing
internal import TestSupport

private typealias Machine = LockStateMachine<Int>

@Suite struct `The lock state machine` {
    @Test func `grants a free lock at once and makes the next one wait`() {
        var machine = Machine()
        #expect(machine.request("a", id: 1, mode: .exclusive, waiter: 1) == .granted)
        #expect(machine.request("a", id: 2, mode: .exclusive, waiter: 2) == .suspended)
        #expect(machine.request("b", id: 3, mode: .exclusive, waiter: 3) == .granted)
        #expect(machine.release("a", id: 1) == [2])
        #expect(machine.release("a", id: 2) == [])
    }

    @Test func `shared holders hold together, and never overtake an exclusive one that waits`() {
        var machine = Machine()
        #expect(machine.request("a", id: 1, mode: .shared, waiter: 1) == .granted)
        #expect(machine.request("a", id: 2, mode: .shared, waiter: 2) == .granted)
        #expect(machine.request("a", id: 3, mode: .exclusive, waiter: 3) == .suspended)
        #expect(machine.request("a", id: 4, mode: .shared, waiter: 4) == .suspended)
        #expect(machine.release("a", id: 1) == [])
        #expect(machine.release("a", id: 2) == [3])
        #expect(machine.release("a", id: 3) == [4])
    }

    @Test func `grants shared requests that stand next to each other together`() {
        var machine = Machine()
        _ = machine.request("a", id: 1, mode: .exclusive, waiter: 1)
        for id in 2...4 { _ = machine.request("a", id: UInt64(id), mode: .shared, waiter: id) }
        _ = machine.request("a", id: 5, mode: .exclusive, waiter: 5)
        _ = machine.request("a", id: 6, mode: .shared, waiter: 6)
        #expect(machine.release("a", id: 1) == [2, 3, 4])
    }

    @Test func `a request that will not wait gets nothing when another is held or waits`() {
        var machine = Machine()
        #expect(machine.tryRequest("a", id: 1, mode: .shared) == .granted)
        #expect(machine.tryRequest("a", id: 2, mode: .shared) == .granted)
        #expect(machine.tryRequest("a", id: 3, mode: .exclusive) == .unavailable)
        _ = machine.request("a", id: 4, mode: .exclusive, waiter: 4)
        #expect(machine.tryRequest("a", id: 5, mode: .shared) == .unavailable)
        #expect(machine.snapshot().first?.pending == [.exclusive])
    }

    @Test func `stealing names the robbed, whose release then changes nothing`() {
        var machine = Machine()
        _ = machine.request("a", id: 1, mode: .shared, waiter: 1)
        _ = machine.request("a", id: 2, mode: .shared, waiter: 2)
        _ = machine.request("a", id: 3, mode: .exclusive, waiter: 3)
        #expect(machine.steal("a", id: 4) == [1, 2])
        #expect(machine.release("a", id: 1) == [])
        #expect(machine.release("a", id: 2) == [])
        #expect(machine.release("a", id: 4) == [3])
    }

    @Test func `cancelling one that waits lets those behind it in`() throws {
        var machine = Machine()
        _ = machine.request("a", id: 1, mode: .shared, waiter: 1)
        _ = machine.request("a", id: 2, mode: .exclusive, waiter: 2)
        _ = machine.request("a", id: 3, mode: .shared, waiter: 3)
        let cancellation = machine.cancel("a", id: 2)
        let action = try #require(cancellation)
        #expect(action.cancelled == 2 && action.granted == [3])
        #expect(machine.cancel("a", id: 2) == nil)
        #expect(machine.cancel("a", id: 1) == nil)
    }

    @Test func `forgets names that nobody holds or waits for`() {
        var machine = Machine()
        _ = machine.request("a", id: 1, mode: .exclusive, waiter: 1)
        _ = machine.request("a", id: 2, mode: .exclusive, waiter: 2)
        _ = machine.cancel("a", id: 2)
        _ = machine.release("a", id: 1)
        #expect(machine.tryRequest("b", id: 3, mode: .shared) == .granted)
        _ = machine.release("b", id: 3)
        #expect(machine.snapshot().isEmpty)
    }
}

@Suite struct `A random walk of the lock state machine` {
    @Test(arguments: SeededRandom.seeds(40))
    func `agrees with lists of requests`(seed: UInt64) {
        var walk = LockWalk(seed: seed)
        for _ in 0..<600 { walk.step() }
    }
}

/// The model keeps one list of requests for each name; the granted ones stand in front.
private struct LockWalk {
    struct Request: Equatable {
        let id: UInt64
        let mode: LockMode
    }

    var random: SeededRandom
    var machine = LockStateMachine<UInt64>()
    var held: [String: [Request]] = [:]
    var pending: [String: [Request]] = [:]
    var lastID: UInt64 = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func step() {
        let name = ["a", "b", "c"][random.below(3)]
        lastID += 1
        let request = Request(id: lastID, mode: random.chance(50) ? .shared : .exclusive)
        let isFree = pending[name, default: []].isEmpty && fits(request, name)
        switch random.below(100) {
        case ..<40:
            let action = machine.request(name, id: request.id, mode: request.mode, waiter: request.id)
            #expect(action == (isFree ? .granted : .suspended))
            if isFree { held[name, default: []].append(request) } else { pending[name, default: []].append(request) }
        case ..<50:
            #expect(machine.tryRequest(name, id: request.id, mode: request.mode) == (isFree ? .granted : .unavailable))
            if isFree { held[name, default: []].append(request) }
        case ..<53:
            #expect(machine.steal(name, id: request.id) == held[name, default: []].map(\.id))
            held[name] = [Request(id: request.id, mode: .exclusive)]
        case ..<85:
            let holder = held[name, default: []].randomElement(using: &random)?.id ?? lastID
            held[name]?.removeAll { $0.id == holder }
            #expect(machine.release(name, id: holder) == grant(name))
        default:
            let waiter = pending[name, default: []].randomElement(using: &random)?.id
            pending[name]?.removeAll { $0.id == waiter }
            let action = machine.cancel(name, id: waiter ?? lastID)
            #expect(action?.cancelled == waiter)
            if let action { #expect(action.granted == grant(name)) }
        }
        check(name)
    }

    private func fits(_ request: Request, _ name: String) -> Bool {
        let holders = held[name, default: []]
        return holders.isEmpty || (request.mode == .shared && !holders.contains { $0.mode == .exclusive })
    }

    private mutating func grant(_ name: String) -> [UInt64] {
        var granted: [UInt64] = []
        while let first = pending[name]?.first, fits(first, name) {
            pending[name]?.removeFirst()
            held[name, default: []].append(first)
            granted.append(first.id)
        }
        return granted
    }

    private func check(_ name: String) {
        let snapshot = machine.snapshot().first { $0.name == name }
        #expect(snapshot?.held ?? [] == held[name, default: []].map(\.mode))
        #expect(snapshot?.pending ?? [] == pending[name, default: []].map(\.mode))
        // Mutual exclusion, and nobody waits for a lock that could be had.
        let holders = snapshot?.held ?? []
        #expect(holders.count <= 1 || !holders.contains(.exclusive))
        if let first = pending[name]?.first { #expect(!fits(first, name)) }
    }
}
