internal import Spindle
internal import SpindleMemory
internal import SpindleMessaging
internal import SpindleStructuredClone
internal import Synchronization

/// The owner's side of the way to a guest in another process: carries out its calls, of which none is believed.
final class GuestService: Sendable {
    private let port: MessagePort<GuestRequest, OwnerAnswer>
    private let functions: [HostFunction]
    private let limit: Int
    private let calls = Lock<[UInt64: Task<Void, Never>]>([:])
    private let measurements = Lock<[UInt64: Promise<HeapStatistics?>]?>([:])
    private let lastMeasurement = Atomic<UInt64>(0)

    /// - Parameter limit: how many calls are carried out at once. What the guest asks beyond waits, and in the end the guest.
    static func start(_ functions: [HostFunction], limit: Int) -> (service: GuestService, guestEnd: OwnerPort) {
        let channel = MessageChannel<OwnerAnswer, GuestRequest>()
        let service = GuestService(channel.port1, functions, limit: max(1, limit))
        Task.detached { await service.serve() }
        return (service, channel.port2)
    }

    private init(_ port: MessagePort<GuestRequest, OwnerAnswer>, _ functions: [HostFunction], limit: Int) {
        self.port = port
        self.functions = functions
        self.limit = limit
    }

    /// Until the guest has gone.
    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            // A port that has ended throws nothing, and nobody cancels this task.
            while let request = try? await nextRequest() {
                switch request {
                case .call(let id, let function, let arguments):
                    if running == limit {
                        await group.next()
                        running -= 1
                    }
                    let task = begin(id, function, arguments)
                    running += 1
                    group.addTask { await task.value }
                case .cancel(let id): calls.withLock { $0[id] }?.cancel()
                case .heap(let id, let figures): measurements.withLock { $0?.removeValue(forKey: id) }?.fulfil(figures)
                }
            }
            for call in calls.withLock({ Array($0.values) }) { call.cancel() }
            let measurements = measurements.withLock { measurements in
                defer { measurements = nil }
                return measurements ?? [:]
            }
            for measurement in measurements.values { measurement.fulfil(nil) }
        }
    }

    private func nextRequest() async throws -> GuestRequest? {
        var requests = port.messages.makeAsyncIterator()
        return try await requests.next()
    }

    private func begin(_ id: UInt64, _ index: UInt32, _ arguments: StructuredMessage) -> Task<Void, Never> {
        // Under the lock, so that the call is in the list before it ends.
        calls.withLock { calls in
            let task = Task.detached { [self] in
                let outcome = await perform(Int(index), arguments)
                _ = self.calls.withLock { $0.removeValue(forKey: id) }
                try? await port.send(.outcome(id: id, outcome))
            }
            calls[id] = task
            return task
        }
    }

    private func perform(_ index: Int, _ message: StructuredMessage) async -> HostOutcome {
        do {
            guard functions.indices.contains(index) else { throw JavaScriptError(message: "There is no such function") }
            let arguments = try message.arguments()
            let value: StructuredValue
            switch functions[index].body {
            case .atOnce(let body): value = try body(arguments)
            case .later(let body): value = try await body(arguments)
            }
            return HostOutcome { value }
        } catch {
            return HostOutcome(error)
        }
    }

    /// What the guest's heap holds, as it says; nil when it has ended.
    func heapStatistics() async -> HeapStatistics? {
        let id = lastMeasurement.add(1, ordering: .relaxed).newValue
        let figures = Promise<HeapStatistics?>()
        let isThere = measurements.withLock { measurements in
            measurements?[id] = figures
            return measurements != nil
        }
        guard isThere, (try? await port.send(.measureHeap(id: id))) != nil else { return nil }
        return await figures.valueDespiteCancellation()
    }
}
