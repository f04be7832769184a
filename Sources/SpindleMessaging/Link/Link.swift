internal import SpindleMemory

/// Joins two mailboxes of this process with two of another.
///
/// What is put into the outbox comes out of the other side's inbox and the other way round, in order and without
/// loss. A full inbox there lets the ring fill up, and then the outbox here; so every place is bounded. Closing the
/// outbox ends the other side's inbox behind the last message; closing or discarding the inbox has the other side's
/// outbox refuse. When the other process dies or lets go of its side, what it had published is still received.
///
/// No task and no thread of its own stands behind it: a sender writes into the ring itself, a receiver reads for
/// itself, and the executor only does what nobody is there to do. So messages come and go also while a thread computes
/// or blocks. The mailboxes hold what the link needs; the link itself may be dropped.
///
/// Nothing is used before the first message, ``start()`` or the closing of a mailbox; until then ``takeUnused()``
/// gives the endpoint back.
package final class Link<Inbound: Sendable, Outbound: Sendable>: Sendable {
    private let core: LinkCore
    private let inlet: LinkInlet<Inbound>
    private let outlet: LinkOutlet<Outbound>
    private let inbox: Mailbox<Inbound>
    private let outbox: Mailbox<Outbound>
    /// The outlet's place in the outbox's line, if nothing was sent before.
    private let place: UInt64?

    /// - Parameters:
    ///   - place: the executor that watches the rings; it has to outlive the link.
    ///   - noticesHangUp: whether to end when nobody holds the other side any more; not needed where that
    ///     ends the whole process.
    ///   - onFailure: told of what goes wrong, on any thread.
    ///   - onHangUp: told when nobody holds the other side any more, on any thread.
    ///   - onSent: told when the outbox is closed and everything in it has been published, on any thread.
    /// - Throws: ``MessageCodingError`` with `notSendable` for a type that cannot be sent to a process.
    package init(
        _ endpoint: LinkEndpoint, inbox: Mailbox<Inbound>, outbox: Mailbox<Outbound>, on place: LinkHub.Place,
        noticesHangUp: Bool = true, onFailure: @escaping @Sendable (LinkFailure) -> Void = { _ in },
        onHangUp: @escaping @Sendable () -> Void = {},
        onSent: @escaping @Sendable () -> Void = {}
    ) throws(MessageCodingError) {
        let core = LinkCore(endpoint, place, noticesHangUp: noticesHangUp, onHangUp: onHangUp, onFailure: onFailure)
        let outlet = try LinkOutlet(core, outbox: outbox, onSent: onSent)
        inlet = try LinkInlet(core, inbox: inbox) { [weak outlet] in outlet?.peerEnded() }
        self.core = core
        self.outlet = outlet
        self.inbox = inbox
        self.outbox = outbox
        // In the order in which they are told of the peer's end: who has seen the messages end finds sending refused too.
        core.setDirections([outlet, inlet])
        inbox.setSource(inlet)
        self.place = outlet.begin()
        if !inbox.isOpen { inlet.mailboxClosed() }
    }

    /// Receives from now on also while nobody asks for a message.
    package func start() { _ = inlet.pull() }

    /// The other process has died: delivers what it had published, then closes the inbox, and refuses what is sent.
    ///
    /// The link notices it by itself when the last descriptor of the other side's socket goes.
    package func peerEnded() { core.peerEnded() }

    /// Ends both directions: what was sent before still arrives.
    package func close() {
        outbox.close()
        inbox.close()
    }

    /// The endpoint, if nothing was sent or received here; the mailboxes are closed then.
    package func takeUnused() -> LinkEndpoint? {
        guard let place, outbox.detach(place) else { return nil }
        guard core.takeAway() else {
            _ = outlet.begin()
            return nil
        }
        inbox.setSource(nil)
        close()
        return core.endpoint
    }
}
