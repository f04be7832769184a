internal import SpindleMessaging

/// An error that was thrown in a worker process, as its owner sees it: its type and its words.
///
/// The error itself stays where it was thrown. What a worker process says is not
/// believed further than text, so no type is made of it here.
public struct RemoteError: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The error's type with its module, as "Shop.OutOfStock".
    public let type: String
    /// What it says about itself, at most 4,096 bytes.
    public let message: String

    init(_ error: any Error) {
        if let remote = error as? RemoteError {
            self = remote
        } else {
            type = String(reflecting: Swift.type(of: error))
            message = String(decoding: "\(error)".utf8.prefix(4_096), as: UTF8.self)
        }
    }

    init(type: String, message: String) {
        self.type = type
        self.message = message
    }

    public var description: String { message }

    /// Whether the error is one of this type.
    public func isType<Failure: Error>(_ type: Failure.Type) -> Bool { self.type == String(reflecting: type) }
}
