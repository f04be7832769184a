internal import Spindle

extension AsyncSequence {
    /// All elements up to the end.
    func collect() async throws -> [Element] {
        var all: [Element] = []
        for try await element in self { all.append(element) }
        return all
    }
}

extension WorkerEvent {
    /// One word, to compare with.
    var word: String {
        switch self {
        case .online: "online"
        case .message(let message): "\(message)"
        case .exit(let exit): exit.description
        }
    }
}
