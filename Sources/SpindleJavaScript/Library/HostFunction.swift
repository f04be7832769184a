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
/// optional. What the function throws is thrown in the guest: a ``JavaScriptError`` with its name, message and code, anything
/// else as an `Error` with its description, and arguments of the wrong kind as a `TypeError`.
///
/// A synchronous function runs on the thread of its guest, which waits for it; for a guest in a process it runs in the owner's,
/// as a task of its own, so it should be brief. Of an `async` one the guest gets a promise; its task is cancelled when the
/// guest ends. ``GuestPolicy/hostCallLimit`` says how many are under way at once.
public struct HostFunction: Sendable {
    enum Body: Sendable {
        case atOnce(@Sendable ([StructuredValue]) throws -> StructuredValue)
        case later(@Sendable @concurrent ([StructuredValue]) async throws -> StructuredValue)
    }

    let body: Body

    init(_ body: Body) { self.body = body }

    var isAsync: Bool { if case .later = body { true } else { false } }

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
