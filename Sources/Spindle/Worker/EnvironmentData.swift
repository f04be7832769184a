internal import SpindleMemory

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
        get { store.values.withLock { $0[key.name] as? Value } }
        set { store.values.withLock { $0[key.name] = newValue } }
    }

    private static var store: EnvironmentStore { WorkerContext.current?.environment ?? main }
    private static let main = EnvironmentStore()

    /// A copy for a new worker.
    static func inherited() -> EnvironmentStore {
        EnvironmentStore(store.values.withLock { $0 })
    }
}

final class EnvironmentStore: Sendable {
    let values: Lock<[String: any Sendable]>
    init(_ values: [String: any Sendable] = [:]) { self.values = Lock(values) }
}
