/// The messages that arrive at a port or worker, as an asynchronous sequence.
///
/// Holds the port, so that a `for` loop over a port's messages keeps it open.
/// Iterating twice shares the messages between the iterators.
public struct MessageSequence<Element: Sendable>: AsyncSequence, Sendable {
    public typealias Failure = CancellationError

    @usableFromInline let mailbox: Mailbox<Element>
    @usableFromInline let owner: any AnyObject & Sendable

    @inlinable
    package init(_ mailbox: Mailbox<Element>, keepingAlive owner: any AnyObject & Sendable) {
        self.mailbox = mailbox
        self.owner = owner
    }

    @inlinable
    public func makeAsyncIterator() -> Iterator { Iterator(mailbox, owner) }

    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let mailbox: Mailbox<Element>
        @usableFromInline let owner: any AnyObject & Sendable

        @inlinable
        init(_ mailbox: Mailbox<Element>, _ owner: any AnyObject & Sendable) {
            self.mailbox = mailbox
            self.owner = owner
        }

        /// The next message, or nil at the end.
        ///
        /// A `while let` over this is the fastest way to receive: a `for` loop calls ``next(isolation:)``, which makes
        /// sure of its executor at every message.
        @inlinable
        public mutating func next() async throws(CancellationError) -> Element? {
            if let element = await mailbox.receive() { return element }
            if Task.isCancelled { throw CancellationError() }
            return nil
        }

        @inlinable
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(CancellationError) -> Element? {
            if let element = await mailbox.receive() { return element }
            if Task.isCancelled { throw CancellationError() }
            return nil
        }
    }
}
