internal import SpindleStructuredClone

/// What a program lends to one guest.
struct HostLoan: Sendable {
    var functions: [(name: String, function: HostFunction)] = []
    /// An object: a global for each of its fields.
    var values = StructuredMessage(bytes: [], text: [])
    /// How many asynchronous calls may be under way.
    var callLimit = 0
}

/// `binding('host')`: what the Swift program lends. A function is its index in `names`.
func makeHostBinding(_ guest: Guest) -> GuestValue {
    let loan = guest.configuration.loan
    let engine = guest.engine
    func arguments(_ call: HostCall, from index: Int) throws -> [StructuredValue] {
        try guest.takeMessage(call, from: index).structured().arguments()
    }
    let binding = engine.object(
        of: [
            // → a message
            "values": { [unowned guest] _ in guest.hand(over: try GuestMessage(loan.values)) },
            // (function, done, message of the arguments); calls done(whether it threw, message)
            "callLater": { [unowned guest] call in
                guard case .later(let body) = loan.functions[call.int(0)].function.body else { return nil }
                guest.callHost(body, try arguments(call, from: 2), then: call[1])
                return nil
            },
        ],
        waiting: [
            // (function, message of the arguments) → [whether it threw, message of what came]
            "call": { [unowned guest] call in
                guard case .atOnce(let body) = loan.functions[call.int(0)].function.body else { return nil }
                let values = try arguments(call, from: 1)
                let outcome = HostOutcome { try body(values) }
                if call.engine.isStopped { throw call.engine.stopNow() }
                return call.engine.array([
                    call.engine.value(outcome.isFailure), guest.hand(over: try GuestMessage(outcome.message)),
                ])
            }
        ])
    engine.setProperty("names", of: binding, to: engine.array(loan.functions.map(\.name)))
    engine.setProperty(
        "areAsync", of: binding, to: engine.array(loan.functions.map { engine.value($0.function.isAsync) }))
    engine.setProperty("callLimit", of: binding, to: engine.value(loan.callLimit))
    return binding
}

extension StructuredMessage {
    /// The arguments of a call, which are sent as an array.
    func arguments() throws -> [StructuredValue] {
        guard case .array(let items) = try value() else { return [] }
        return items.map { $0 ?? .undefined }
    }
}

/// What came of a call, as the guest gets it.
struct HostOutcome: Sendable {
    let isFailure: Bool
    let message: StructuredMessage

    init(isFailure: Bool, message: StructuredMessage) {
        self.isFailure = isFailure
        self.message = message
    }

    init(_ body: () throws -> StructuredValue) {
        do {
            let message = try StructuredMessage(try body())
            try message.claimAttachments()
            self.init(isFailure: false, message: message)
        } catch {
            self.init(error)
        }
    }

    init(_ error: any Error) {
        let error = error as? JavaScriptError ?? JavaScriptError(message: "\(error)")
        // Texts alone can be written, whatever they say.
        let message = (try? StructuredMessage(error.fields)) ?? StructuredMessage(bytes: [], text: [])
        self.init(isFailure: true, message: message)
    }
}

extension Guest {
    fileprivate func callHost(
        _ body: @escaping @Sendable @concurrent ([StructuredValue]) async throws -> StructuredValue,
        _ arguments: [StructuredValue],
        then done: GuestValue
    ) {
        lastOperation += 1
        let operation = lastOperation
        operations[operation] = Retained(done, in: engine)
        loop.addReference()
        hostCalls[operation] = Task.detached { [control] in
            let result: Result<StructuredValue, any Error>
            do {
                result = .success(try await body(arguments))
            } catch {
                result = .failure(error)
            }
            let outcome = HostOutcome { try result.get() }
            control.inbox.post { guest in
                guest.loop.removeReference()
                guest.hostCalls[operation] = nil
                guard let done = guest.operations.removeValue(forKey: operation) else { return }
                guest.perform {
                    try guest.engine.call(
                        done.value,
                        [guest.engine.value(outcome.isFailure), guest.hand(over: try GuestMessage(outcome.message))])
                }
            }
        }
    }

    /// Cancels the calls of the host that nobody waits for any more.
    func cancelHostCalls() {
        for task in hostCalls.values { task.cancel() }
        hostCalls = [:]
    }
}
