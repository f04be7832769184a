internal import SpindleMemory
internal import SpindleMessaging

/// Values that every later worker finds, as Node.js's `setEnvironmentData`.
///
/// The main program and each worker have data of their own. A worker starts with a
/// copy of what its creator had at that moment; later changes on either side do
/// not reach the other.
///
/// ```swift
/// extension EnvironmentData.Key where Value == String {
///     static let region = Self("region")
/// }
/// EnvironmentData[.region] = "north"
/// ```
///
/// Values that are `Codable` reach worker processes too; others stay behind.
///
/// Which data are meant follows the current task: a task started with
/// `Task.detached` inside a worker sees the main program's.
public enum EnvironmentData {
    /// Names a value and says its type.
    public struct Key<Value: Sendable>: Sendable {
        /// What tells keys apart: two keys of the same name mean the same value.
        public let name: String

        /// - Parameter name: unique in the program; prefix it in a library.
        public init(_ name: String) { self.name = name }
    }

    /// The value under a key for the current worker; set nil to remove it. Nil also when the value is of another type.
    public static subscript<Value>(key: Key<Value>) -> Value? {
        get { store.values.withLock { $0[key.name]?.value as? Value } }
        set { store.values.withLock { $0[key.name] = newValue.map { EnvironmentStore.Entry($0) } } }
    }

    /// All of the current worker's, by name.
    package static var all: [String: Any] { store.values.withLock { $0.mapValues(\.value) } }

    private static var store: EnvironmentStore { WorkerContext.current?.environment ?? main }
    private static let main = EnvironmentStore()

    /// A copy for a new worker.
    static func inherited() -> EnvironmentStore {
        EnvironmentStore(store.values.withLock { $0 })
    }
}

final class EnvironmentStore: Sendable {
    let values: Lock<[String: Entry]>
    init(_ values: [String: Entry] = [:]) { self.values = Lock(values) }

    /// A value of some type.
    ///
    /// Safe to send: made of a `Sendable` value, or in a worker process of what its owner held as one.
    struct Entry: @unchecked Sendable {
        let value: Any

        init(_ value: any Sendable) { self.value = value }
        fileprivate init(received value: Any) { self.value = value }
    }

    // MARK: To a worker process

    /// A value with the name of its type.
    struct Encoded: Codable {
        var type: String
        var bytes: [UInt8]
    }

    /// What is `Codable`; the rest stays behind, as ``EnvironmentData`` says.
    func encoded() -> [String: Encoded] {
        values.withLock { $0 }.compactMapValues { entry in
            guard let value = entry.value as? any Codable, let type = try? ProgramName.check(Swift.type(of: value)),
                let message = Self.encode(value), message.attachments.isEmpty
            else { return nil }
            return Encoded(type: type, bytes: message.bytes)
        }
    }

    convenience init(encoded: [String: Encoded]) {
        self.init(
            encoded.compactMapValues { value in
                guard let type = _typeByName(value.type) as? any Codable.Type else { return nil }
                return Self.decode(type, value.bytes)
            })
    }

    private static func encode<Value: Codable>(_ value: Value) -> EncodedMessage? { try? EncodedMessage(value) }

    private static func decode<Value: Codable>(_ type: Value.Type, _ bytes: [UInt8]) -> Entry? {
        (try? EncodedMessage(bytes: bytes).decode(type)).map { Entry(received: $0) }
    }
}
