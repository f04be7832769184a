internal import SpindleMemory

/// The threads that look after links whose owner has no thread for it.
///
/// A thread can sleep on a limited number of words, and a link has up to two; so a few dozen links share one.
package final class LinkHub: Sendable {
    package static let shared = LinkHub()

    private static let linksPerThread = ThreadExecutor.watchLimit / 2

    private struct Thread {
        let executor: ThreadExecutor
        var links = 0
    }

    private let threads = Lock<[Thread]>([])

    /// A place on one of the threads, given back with the last reference.
    package final class Place: Sendable {
        package let executor: ThreadExecutor
        private let hub: LinkHub?

        fileprivate init(_ executor: ThreadExecutor, hub: LinkHub?) {
            self.executor = executor
            self.hub = hub
        }

        /// A place on a thread that is not the hub's.
        package convenience init(on executor: ThreadExecutor) { self.init(executor, hub: nil) }

        deinit { hub?.leave(executor) }
    }

    package func place() throws(ThreadStartError) -> Place {
        if let executor = enter() { return Place(executor, hub: self) }
        let executor = try ThreadExecutor(name: "spindle-link", stackSize: 512 << 10)
        threads.withLock { $0.append(Thread(executor: executor, links: 1)) }
        return Place(executor, hub: self)
    }

    private func enter() -> ThreadExecutor? {
        threads.withLock { threads in
            guard let index = threads.firstIndex(where: { $0.links < Self.linksPerThread }) else { return nil }
            threads[index].links += 1
            return threads[index].executor
        }
    }

    /// Threads stay for the next link.
    private func leave(_ executor: ThreadExecutor) {
        threads.withLock { threads in
            guard let index = threads.firstIndex(where: { $0.executor === executor }) else { return }
            threads[index].links -= 1
        }
    }
}
