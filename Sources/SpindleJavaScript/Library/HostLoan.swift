internal import Spindle
internal import SpindleStructuredClone

/// A Swift function that a program lends to its guests, which call it as a global of JavaScript.
///
/// ```swift
/// options.functions["price"] = HostFunction { (article: String, count: Int) async throws -> Double in
///     try await shop.price(of: article) * Double(count)
/// }
/// ```
/// ```js
/// const sum = await price('tea', 3);
/// ```
///
/// Arguments and result are turned by the Codable bridge of `StructuredValue`; an argument that may be missing is an
/// optional. What the function throws is thrown in the guest: a ``JavaScriptError`` with its name and message, anything else
/// as an `Error` with its description, and arguments of the wrong kind as a `TypeError`.
///
/// A synchronous function runs on the guest's thread, which waits for it. Of an `async` one the guest gets a promise; its task
/// is cancelled when the guest ends.
public struct HostFunction: Sendable {
    enum Body: Sendable {
        case atOnce(@Sendable ([StructuredValue]) throws -> StructuredValue)
        case later(@Sendable @concurrent ([StructuredValue]) async throws -> StructuredValue)
    }

    let body: Body

    /// A function with a result.
    public init<each Argument: Decodable & Sendable, Result: Encodable & Sendable>(
        _ body: @escaping @Sendable (repeat each Argument) throws -> Result
    ) {
        self.body = .atOnce { values in
            let arguments = Arguments(values)
            return try StructuredEncoder().encode(try body(repeat try arguments.next((each Argument).self)))
        }
    }

    /// A function without a result.
    public init<each Argument: Decodable & Sendable>(_ body: @escaping @Sendable (repeat each Argument) throws -> Void) {
        self.body = .atOnce { values in
            let arguments = Arguments(values)
            try body(repeat try arguments.next((each Argument).self))
            return .undefined
        }
    }

    /// A function whose result the guest awaits.
    public init<each Argument: Decodable & Sendable, Result: Encodable & Sendable>(
        _ body: @escaping @Sendable @concurrent (repeat each Argument) async throws -> Result
    ) {
        self.body = .later { values in
            let arguments = Arguments(values)
            return try StructuredEncoder().encode(try await body(repeat try arguments.next((each Argument).self)))
        }
    }

    /// A function whose end the guest awaits.
    public init<each Argument: Decodable & Sendable>(
        _ body: @escaping @Sendable @concurrent (repeat each Argument) async throws -> Void
    ) {
        self.body = .later { values in
            let arguments = Arguments(values)
            try await body(repeat try arguments.next((each Argument).self))
            return .undefined
        }
    }
}

/// The arguments of a call, one after the other.
private final class Arguments {
    private let values: [StructuredValue]
    private var taken = 0

    init(_ values: [StructuredValue]) { self.values = values }

    func next<Value: Decodable>(_ type: Value.Type) throws -> Value {
        defer { taken += 1 }
        do {
            return try StructuredDecoder().decode(from: taken < values.count ? values[taken] : .undefined)
        } catch let error as DecodingError {
            throw JavaScriptError(name: "TypeError", message: "Argument \(taken + 1) is no \(type): \(error.words)")
        }
    }
}

extension DecodingError {
    fileprivate var words: String {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.debugDescription
        @unknown default: "\(self)"
        }
    }
}

/// What a program lends to one guest.
struct HostLoan: Sendable {
    var functions: [(name: String, function: HostFunction)] = []
    /// An object: a global for each of its fields.
    var values = StructuredValue.object([StructuredField]())
}

/// `binding('host')`: what the Swift program lends. A function is its index in `names`.
func makeHostBinding(_ guest: Guest) -> GuestValue {
    let loan = guest.configuration.loan
    let engine = guest.engine
    func arguments(_ call: HostCall, from index: Int) throws -> [StructuredValue] {
        guard case .array(let items) = try guest.takeMessage(call, from: index).structured().value() else { return [] }
        return items.map { $0 ?? .undefined }
    }
    let binding = engine.object(
        of: [
            // → a message
            "values": { [unowned guest] _ in guest.hand(over: GuestMessage(try StructuredMessage(loan.values))) },
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
                return call.engine.array([call.engine.value(outcome.isFailure), guest.hand(over: GuestMessage(outcome.message))])
            }
        ])
    engine.setProperty("names", of: binding, to: engine.array(loan.functions.map(\.name)))
    engine.setProperty(
        "areAsync", of: binding,
        to: engine.array(
            loan.functions.map { if case .later = $0.function.body { engine.value(true) } else { engine.value(false) } }))
    return binding
}

/// What came of a call, as the guest gets it.
private struct HostOutcome: Sendable {
    var isFailure = false
    var message: StructuredMessage

    init(_ body: () throws -> StructuredValue) {
        do {
            message = try StructuredMessage(try body())
        } catch {
            isFailure = true
            message = (error as? JavaScriptError ?? JavaScriptError(message: "\(error)")).structured
        }
    }
}

extension JavaScriptError {
    /// The error as a guest sees it.
    fileprivate var structured: StructuredMessage {
        let kind = StructuredError.Name.allCases.first { $0.text == name } ?? .error
        return (try? StructuredMessage(.error(StructuredError(kind, message: message)))) ?? StructuredMessage(bytes: [], text: [])
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
                guest.call(done, [guest.engine.value(outcome.isFailure), guest.hand(over: GuestMessage(outcome.message))])
            }
        }
    }

    /// Cancels the calls of the host that nobody waits for any more.
    func cancelHostCalls() {
        for task in hostCalls.values { task.cancel() }
        hostCalls = [:]
    }
}
