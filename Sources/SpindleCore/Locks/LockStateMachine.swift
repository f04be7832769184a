internal import DequeModule

/// How a named lock is held.
public enum LockMode: Sendable, Hashable, Codable {
    /// By one holder alone.
    case exclusive
    /// By any number of shared holders.
    case shared
}

/// The named locks of a program as a pure value (Web Locks API, section 4).
///
/// Requests for one name are granted in the order in which they came: a shared
/// request never overtakes an exclusive one that waits. `Waiter` is whatever the
/// driver resumes when its request is granted.
package struct LockStateMachine<Waiter> {
    package typealias ID = UInt64

    package struct Request {
        package let id: ID
        package let mode: LockMode
        let waiter: Waiter?
    }

    private struct Entry {
        var held: [Request] = []
        var pending = Deque<Request>()

        func canGrant(_ mode: LockMode) -> Bool {
            held.isEmpty || (mode == .shared && held.allSatisfy { $0.mode == .shared })
        }
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    package enum RequestAction: Equatable {
        case granted
        case suspended
        case unavailable
    }

    /// Asks for a lock and, where it is taken, waits in line.
    package mutating func request(_ name: String, id: ID, mode: LockMode, waiter: Waiter) -> RequestAction {
        if tryRequest(name, id: id, mode: mode) == .granted { return .granted }
        entries[name, default: Entry()].pending.append(Request(id: id, mode: mode, waiter: waiter))
        return .suspended
    }

    /// Asks for a lock only if it is free and nobody waits for it.
    package mutating func tryRequest(_ name: String, id: ID, mode: LockMode) -> RequestAction {
        let entry = entries[name, default: Entry()]
        guard entry.pending.isEmpty, entry.canGrant(mode) else { return .unavailable }
        entries[name, default: Entry()].held.append(Request(id: id, mode: mode, waiter: nil))
        return .granted
    }

    /// Takes the lock at once, ahead of all who wait. Returns those who lose it.
    package mutating func steal(_ name: String, id: ID) -> [ID] {
        var entry = entries[name, default: Entry()]
        let losers = entry.held.map(\.id)
        entry.held = [Request(id: id, mode: .exclusive, waiter: nil)]
        entries[name] = entry
        return losers
    }

    /// Gives a lock back; returns those whose turn it is now. Of no effect for one that was stolen.
    package mutating func release(_ name: String, id: ID) -> [Waiter] {
        guard let index = entries[name]?.held.firstIndex(where: { $0.id == id }) else { return [] }
        entries[name]?.held.remove(at: index)
        return grant(name)
    }

    /// Takes a waiting request out. Nil when it was granted already; otherwise its
    /// waiter, and those whose turn it is now that it no longer stands before them.
    package mutating func cancel(_ name: String, id: ID) -> (cancelled: Waiter, granted: [Waiter])? {
        guard let index = entries[name]?.pending.firstIndex(where: { $0.id == id }),
            let waiter = entries[name]?.pending.remove(at: index).waiter
        else { return nil }
        return (waiter, grant(name))
    }

    private mutating func grant(_ name: String) -> [Waiter] {
        guard var entry = entries[name] else { return [] }
        var granted: [Waiter] = []
        while let next = entry.pending.first, entry.canGrant(next.mode) {
            entry.pending.removeFirst()
            entry.held.append(Request(id: next.id, mode: next.mode, waiter: nil))
            if let waiter = next.waiter { granted.append(waiter) }
        }
        entries[name] = entry.held.isEmpty && entry.pending.isEmpty ? nil : entry
        return granted
    }

    /// Every lock that is held or waited for, by name.
    package func snapshot() -> [(name: String, held: [LockMode], pending: [LockMode])] {
        entries.map { ($0.key, $0.value.held.map(\.mode), $0.value.pending.map(\.mode)) }.sorted { $0.name < $1.name }
    }
}
