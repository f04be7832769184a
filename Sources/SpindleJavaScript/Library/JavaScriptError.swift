internal import Spindle
internal import SpindleStructuredClone

/// An error of a JavaScript program that nobody caught, or that a task of a ``JavaScriptPool`` threw.
///
/// A ``HostFunction`` that throws one throws it in the guest, with its name, message and code.
public struct JavaScriptError: Error, Sendable, Equatable, Codable {
    /// Its `name`, as "TypeError"; empty if what was thrown is no error.
    public var name: String
    /// What it says; of what is no error, how the console would print it.
    public var message: String
    /// Its `code`, as "ERR_ACCESS_DENIED"; nil if it has none.
    public var code: String?
    /// The lines of its stack in V8's form, the first being "name: message"; nil if it has none.
    public var stack: String?

    public init(name: String = "Error", message: String, code: String? = nil, stack: String? = nil) {
        self.name = name
        self.message = message
        self.code = code
        self.stack = stack
    }
}

extension JavaScriptError: CustomStringConvertible {
    /// The stack, or the name and the message.
    public var description: String { stack ?? (name.isEmpty ? message : "\(name): \(message)") }
}

extension JavaScriptError {
    /// The error as `internal/hosted` describes it: texts, which say what they say whatever the program has done to its classes.
    init(_ fields: StructuredValue) {
        func text(_ name: String) -> String? { if case .string(let text)? = fields[name] { text } else { nil } }
        self.init(name: text("name") ?? "", message: text("message") ?? "", code: text("code"), stack: text("stack"))
    }

    var fields: StructuredValue {
        .object([
            "name": .string(name), "message": .string(message), "code": code.map { .string($0) } ?? .undefined,
        ])
    }
}

/// What a guest in a process of its own failed with: errors arrive from there as text.
enum GuestFailure: Error, CustomStringConvertible {
    case error(JavaScriptError)
    case limit(GuestLimitError)

    init?(_ error: any Error) {
        switch error {
        case let error as JavaScriptError: self = .error(error)
        case let error as GuestLimitError: self = .limit(error)
        default: return nil
        }
    }

    /// The stack comes last: of a very long text the end is missing.
    var description: String {
        switch self {
        case .limit(let error): "limit\0\(error.limit.rawValue)"
        case .error(let error):
            ["error", error.name, error.code ?? "", error.message, error.stack ?? ""]
                .map { $0.replacing("\0", with: " ") }.joined(separator: "\0")
        }
    }

    init?(_ error: RemoteError) {
        guard error.isType(GuestFailure.self) else { return nil }
        let parts = error.message.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "limit" where parts.count == 2:
            guard let limit = GuestLimitError.Limit(rawValue: parts[1]) else { return nil }
            self = .limit(GuestLimitError(limit: limit))
        case "error" where parts.count > 3:
            let stack = parts.count > 4 && !parts[4].isEmpty ? parts[4] : nil
            self = .error(
                JavaScriptError(name: parts[1], message: parts[3], code: parts[2].isEmpty ? nil : parts[2], stack: stack))
        default: return nil
        }
    }

    var underlying: any Error {
        switch self {
        case .error(let error): error
        case .limit(let error): error
        }
    }
}

extension RemoteError {
    /// The error as the guest's thread had it.
    var fromGuest: any Error { GuestFailure(self)?.underlying ?? self }
}
