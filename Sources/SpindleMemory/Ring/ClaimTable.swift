internal import Synchronization

/// Which of the tasks that were given to a worker process it has begun, in the memory that it shares with its owner.
///
/// Each task has a ticket, counted up from 1 for each worker. The owner offers it before it sends the task; the worker
/// claims it before it begins the task; the owner may take it back instead. Whoever changes the word first wins, so that
/// a task that was taken back can be given to another worker at once, without waiting for an answer.
///
/// The worker may write anything here. It harms itself: a task that it calls its own runs until it is answered or its
/// time is up, and an answer to a task that was taken back ends the worker.
///
/// Safe to send: the address never changes, and what it points to is accessed atomically.
package struct ClaimTable: @unchecked Sendable {
    /// So many tickets in a row can be told apart.
    package static let capacity = 64

    /// Keeps the address valid.
    private let memory: RingMemory
    private let words: UnsafeMutablePointer<Atomic<UInt64>>

    private enum Stage {
        static let offered: UInt64 = 1
        static let begun: UInt64 = 2
        static let takenBack: UInt64 = 3
    }

    init(_ memory: RingMemory, at words: UnsafeMutableRawPointer) {
        self.memory = memory
        self.words = words.assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// By the owner, before the task is sent.
    package func offer(_ ticket: UInt64) { word(ticket).pointee.store(ticket << 2 | Stage.offered, ordering: .releasing) }

    /// By the owner: false when the worker has begun it.
    package func takeBack(_ ticket: UInt64) -> Bool { move(ticket, to: Stage.takenBack) }

    /// By the worker: false when the owner has taken it back.
    package func begin(_ ticket: UInt64) -> Bool { move(ticket, to: Stage.begun) }

    private func move(_ ticket: UInt64, to stage: UInt64) -> Bool {
        word(ticket).pointee.compareExchange(
            expected: ticket << 2 | Stage.offered, desired: ticket << 2 | stage, ordering: .acquiringAndReleasing
        ).exchanged
    }

    private func word(_ ticket: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> { words + Int(ticket % UInt64(Self.capacity)) }
}
