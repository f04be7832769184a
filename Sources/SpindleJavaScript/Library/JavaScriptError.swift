internal import Spindle
internal import SpindleStructuredClone

/// An error of a JavaScript program that nobody caught, or that a task of a ``JavaScriptPool`` threw.
///
/// A ``HostFunction`` that throws one throws it in the guest, with its name and message.
public struct JavaScriptError: Error, Sendable, Equatable, Codable {
    /// Its class, as "TypeError".
    public var name: String
    /// What it says.
    public var message: String
    /// The lines of its stack in V8's form, the first being "name: message"; nil if it has none.
    public var stack: String?

    public init(name: String = "Error", message: String, stack: String? = nil) {
        self.name = name
        self.message = message
        self.stack = stack
    }
}

extension JavaScriptError: CustomStringConvertible {
    /// The stack, or the name and the message.
    public var description: String { stack ?? "\(name): \(message)" }
}

extension JavaScriptError {
    /// Whatever was thrown.
    init(_ value: StructuredValue) {
        switch value {
        case .error(let error):
            let first = error.stack?.prefix { $0 != "\n" && $0 != ":" }
            self.init(name: error.name.text, message: error.message ?? "", stack: error.stack)
            // Classes of the program's own travel as Error; their stacks still say the name.
            if let first, error.name == .error, first.hasSuffix("Error"), !first.contains(" ") { name = String(first) }
        case .string(let text): self.init(name: "", message: text)
        case .number(let number): self.init(name: "", message: "\(number)")
        default: self.init(name: "", message: "\(value)")
        }
    }

    /// What came from a worker process as text.
    init?(_ error: RemoteError) {
        guard error.isType(JavaScriptError.self) else { return nil }
        let text = error.message
        let head = text.prefix(upTo: text.firstRange(of: "\n    at ")?.lowerBound ?? text.endIndex)
        let parts = head.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            name: String(parts[0]), message: parts.count > 1 ? String(parts[1]) : "",
            stack: head.endIndex == text.endIndex ? nil : text)
    }
}

extension StructuredError.Name {
    /// The name of the class.
    var text: String {
        switch self {
        case .error: "Error"
        case .evalError: "EvalError"
        case .rangeError: "RangeError"
        case .referenceError: "ReferenceError"
        case .syntaxError: "SyntaxError"
        case .typeError: "TypeError"
        case .uriError: "URIError"
        }
    }
}
