internal import Instrumentation
internal import Logging
internal import ServiceContextModule
internal import Spindle
internal import Testing
internal import TestSupport

/// Carries one word of the tracing context, as tracers carry their identifiers.
struct WordInstrument: Instrument {
    static let installed: Void = InstrumentationSystem.bootstrap(WordInstrument())

    func inject<Carrier, Inject: Injector>(_ context: ServiceContext, into carrier: inout Carrier, using injector: Inject)
    where Inject.Carrier == Carrier {
        if let word = context[Word.self] { injector.inject(word, forKey: "word", into: &carrier) }
    }

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        context[Word.self] = extractor.extract(key: "word", from: carrier)
    }
}

enum Word: ServiceContextKey { typealias Value = String }

/// What the owner's metadata provider adds to every log message.
enum RequestMetadata {
    @TaskLocal static var request: String?

    static let installed: Void = LoggingSystem.bootstrap(
        { label, provider in StreamLogHandler.standardError(label: label, metadataProvider: provider) },
        metadataProvider: Logger.MetadataProvider { request.map { ["request": .string($0)] } ?? [:] })
}

/// Has a worker process understand the tracing context.
enum InstallInstrument: WorkerWarmUp {
    static func warmUp() async throws { WordInstrument.installed }
}

/// Logs something and tells what is around it.
enum LookAround: WorkerTask {
    struct Surroundings: Codable, Sendable, Equatable {
        var word: String?
        var hasDeadline: Bool
        var isDeadlineAhead: Bool
    }

    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Surroundings {
        // Also in a child task.
        async let word = ServiceContext.current?[Word.self]
        var logger = Logger(label: "look-around")
        logger[metadataKey: "number"] = "\(number)"
        logger.notice("looked", metadata: ["own": "yes"])
        let left = context.deadline.map { $0 - .now }
        return await Surroundings(
            word: word, hasDeadline: left != nil, isDeadlineAhead: left.map { $0 > .zero && $0 <= .seconds(50) } ?? false)
    }
}

enum LogAndEnd: WorkerProgram {
    typealias Inbound = Never
    typealias Outbound = Never

    static func run(_ parent: WorkerScope<LogAndEnd>) async throws {
        Logger(label: "worker").debug("ends", metadata: ["list": ["a", "b"]])
    }
}

/// Keeps what is logged, for who waits for it.
struct Recorder: Sendable {
    struct Entry: Sendable, Equatable {
        var level: Logger.Level
        var message: String
        var metadata: [String: String]
    }

    let entries: AsyncStream<Entry>
    private let continuation: AsyncStream<Entry>.Continuation

    init() { (entries, continuation) = AsyncStream.makeStream(of: Entry.self) }

    var logger: Logger {
        var logger = Logger(label: "recorder") { _ in Handler(continuation: continuation) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let continuation: AsyncStream<Entry>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
            continuation.yield(Entry(level: event.level, message: "\(event.message)", metadata: metadata))
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct `The context of a task` {
    private func pool(_ recorder: Recorder) async throws -> WorkerPool {
        WordInstrument.installed
        RequestMetadata.installed
        return try await WorkerPool(
            .init(
                name: "context", size: .fixed(1), isolation: .process(ProcessConfiguration(standardError: .discard)),
                warmUpProgram: InstallInstrument.self),
            logger: recorder.logger)
    }

    @Test func `goes with it to a process: trace, log metadata and deadline`() async throws {
        let recorder = Recorder()
        let pool = try await pool(recorder)
        var context = ServiceContext.topLevel
        context[Word.self] = "trace-7"
        let found = try await ServiceContext.$current.withValue(context) {
            try await RequestMetadata.$request.withValue("request-7") {
                try await pool.run(LookAround.self, 7, options: TaskOptions(timeout: .seconds(50)))
            }
        }
        #expect(found == .init(word: "trace-7", hasDeadline: true, isDeadlineAhead: true))
        var entry = try #require(await recorder.entries.first { _ in true })
        #expect(entry.metadata.removeValue(forKey: "worker")?.hasPrefix("context-") == true)
        #expect(
            entry
                == .init(
                    level: .notice, message: "looked", metadata: ["own": "yes", "number": "7", "request": "request-7"]))
        await pool.shutdownNow()
    }

    @Test func `does not cling to the process: the next task has its own`() async throws {
        let recorder = Recorder()
        let pool = try await pool(recorder)
        try await RequestMetadata.$request.withValue("first") { _ = try await pool.run(LookAround.self, 1) }
        #expect(try await pool.run(LookAround.self, 2) == .init(hasDeadline: false, isDeadlineAhead: false))
        var requests: [String?] = []
        for await entry in recorder.entries {
            requests.append(entry.metadata["request"])
            if requests.count == 2 { break }
        }
        #expect(requests == ["first", nil])
        await pool.shutdownNow()
    }

    @Test func `and what a worker logs reaches its owner's logger before its exit`() async throws {
        let recorder = Recorder()
        let worker = try await Worker(
            LogAndEnd.self, isolation: .process, options: WorkerOptions(name: "logging", logger: recorder.logger))
        guard case .completed = try await worker.exit else { Issue.record("\(try await worker.exit)"); return }
        let entry = try #require(await recorder.entries.first { _ in true })
        #expect(entry.level == .debug && entry.message == "ends")
        #expect(entry.metadata == ["list": #"["a", "b"]"#, "worker": "logging"])
    }
}
