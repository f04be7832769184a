package import SpindleMemory
internal import Synchronization

/// Waits for a shared word to move, on the thread of an executor that looks after many at once.
///
/// See ``ThreadExecutor/watch(_:)``.
@usableFromInline
package protocol WordWatcher: AnyObject, Sendable {
    /// What is watched. Always the same.
    var watched: WatchedWord { get }
    /// What to do when the word has moved: on the executor's thread, outside any task.
    ///
    /// The executor has let go of the watcher by then.
    func wordMoved()
}

/// A shared word, and how far its watcher has dealt with what it tells.
@usableFromInline
package final class WatchedWord: Sendable {
    let word: SharedWord
    /// Keeps the word's address valid.
    private let memory: RingMemory
    /// The position that was dealt with, or a value that no position has when the watcher is to be called anyway.
    private let seen = Atomic<UInt64>(0)

    package init(_ word: SharedWord, of memory: RingMemory) {
        self.word = word
        self.memory = memory
    }

    /// Whether the word has moved on from what was dealt with, or ``setMoved()`` was called.
    package var hasMoved: Bool {
        // Relaxed: whoever watches looks again and again, and before it sleeps after `announceSleep()`.
        UInt64(word.load()) != seen.load(ordering: .relaxed)
    }

    package func setSeen(_ position: UInt32) { seen.store(UInt64(position), ordering: .relaxed) }

    /// Has ``hasMoved`` be true until ``setSeen(_:)``.
    package func setMoved() { seen.store(.max, ordering: .relaxed) }
}
