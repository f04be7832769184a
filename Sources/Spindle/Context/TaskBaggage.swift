internal import Instrumentation
internal import Logging
internal import ServiceContextModule

/// What travels with a task besides its input: the tracing context and the log metadata of who submitted it.
struct TaskBaggage: Codable, Sendable {
    /// The tracing context as the owner's instrument injects it; empty without one.
    var trace: [String: String] = [:]
    /// What the owner's metadata provider adds to log messages.
    var metadata: [String: String] = [:]

    var isEmpty: Bool { trace.isEmpty && metadata.isEmpty }

    @TaskLocal static var current = TaskBaggage()

    /// What is around the calling task.
    static func captured() -> TaskBaggage {
        var baggage = TaskBaggage.current
        if let context = ServiceContext.current {
            baggage.trace = [:]
            InstrumentationSystem.instrument.inject(context, into: &baggage.trace, using: CarrierInjector())
        }
        if let provided = LoggingSystem.metadataProvider?.get(), !provided.isEmpty {
            baggage.metadata = provided.mapValues(\.description)
        }
        return baggage
    }

    /// Runs `body` with it around, in a worker process.
    func around<Value>(_ body: () async -> Value) async -> Value {
        guard !isEmpty else { return await body() }
        return await TaskBaggage.$current.withValue(self) {
            await ServiceContext.$current.withValue(serviceContext) { await body() }
        }
    }

    /// The tracing context on the side of the worker process, whose program may have an instrument of its own.
    private var serviceContext: ServiceContext {
        var context = ServiceContext.current ?? .topLevel
        InstrumentationSystem.instrument.extract(trace, into: &context, using: CarrierExtractor())
        return context
    }

    /// Adds the metadata of the current task to what a worker process logs.
    static var metadataProvider: Logger.MetadataProvider {
        Logger.MetadataProvider { current.metadata.mapValues { .string($0) } }
    }
}

private struct CarrierInjector: Injector {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

private struct CarrierExtractor: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}
