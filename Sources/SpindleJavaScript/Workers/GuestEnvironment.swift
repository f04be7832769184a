internal import SpindleMemory

/// Environment variables that several guests have in common.
final class GuestEnvironment: Sendable {
    private let variables: Lock<[String: String]>

    init(_ variables: [String: String]) { self.variables = Lock(variables) }

    var names: [String] { variables.withLock { $0.keys.sorted() } }

    /// Nil where there is none of that name, and to remove it.
    subscript(name: String) -> String? {
        get { variables.withLock { $0[name] } }
        set { variables.withLock { $0[name] = newValue } }
    }
}

extension Engine {
    /// The members of a list that alternates names and values.
    func variables(in list: GuestValue) throws(GuestException) -> [String: String] {
        let values = elements(of: list)
        var result: [String: String] = [:]
        for index in stride(from: 0, to: values.count - 1, by: 2) {
            result[try string(values[index])] = try string(values[index + 1])
        }
        return result
    }
}
