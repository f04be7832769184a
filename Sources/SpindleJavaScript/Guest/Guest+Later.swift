extension Guest {
    /// Has another thread do something that blocks, and hands the outcome to a function of the guest from the loop, which
    /// lives until then.
    ///
    /// - Parameters:
    ///   - done: called with the value of the outcome.
    ///   - work: runs on another thread; what it returns makes the value, on the guest's.
    func performLater(then done: GuestValue, _ work: @escaping @Sendable () -> @Sendable (Engine) -> GuestValue) {
        let finish = expectLater(then: done)
        BlockingPool.shared.run { finish(work()) }
    }

    /// Keeps a function of the guest, and the loop alive, until what is returned is called: on any thread, once.
    func expectLater(then done: GuestValue) -> @Sendable (@escaping @Sendable (Engine) -> GuestValue) -> Void {
        lastOperation += 1
        let operation = lastOperation
        operations[operation] = Retained(done, in: engine)
        loop.addReference()
        return { [control] outcome in
            control.inbox.post { guest in
                guest.loop.removeReference()
                guard let done = guest.operations.removeValue(forKey: operation) else { return }
                guest.call(done, [outcome(guest.engine)])
            }
        }
    }
}
