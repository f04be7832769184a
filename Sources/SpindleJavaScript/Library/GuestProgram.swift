internal import Logging
internal import Spindle
internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging
internal import SpindleStructuredClone

/// What a guest of a Swift program is started with.
struct GuestLaunch: Sendable, Codable {
    var program: HostedProgram
    var arguments: [String]
    var workerData: StructuredMessage
    var policy: GuestPolicy
    var values: StructuredMessage
    /// Functions stay in the process they are of.
    var functions: [String: HostFunction]
    /// Stays behind when the launch goes to another process, which has a way of its own for what is logged.
    var logger: Logger?

    private enum CodingKeys: CodingKey { case program, arguments, workerData, policy, values }

    init(_ program: HostedProgram, _ options: JavaScriptOptions, workerData: StructuredMessage) throws {
        self.program = program
        self.workerData = workerData
        arguments = options.arguments
        policy = options.policy
        // Its owner named it.
        if program.kind == "file" { policy.readablePaths.append(program.text) }
        values = try StructuredMessage(.object(options.values.map { StructuredField($0.key, $0.value) }))
        functions = options.functions
        logger = options.worker.logger
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        program = try container.decode(HostedProgram.self, forKey: .program)
        arguments = try container.decode([String].self, forKey: .arguments)
        workerData = try container.decode(StructuredMessage.self, forKey: .workerData)
        policy = try container.decode(GuestPolicy.self, forKey: .policy)
        values = try container.decode(StructuredMessage.self, forKey: .values)
        functions = [:]
        logger = Logger(label: "spindle.javascript")
    }

    func encode(to encoder: any Encoder) throws {
        guard functions.isEmpty else {
            throw EncodingError.invalidValue(
                functions, .init(codingPath: [], debugDescription: "Host functions cannot be sent to a worker process."))
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(program, forKey: .program)
        try container.encode(arguments, forKey: .arguments)
        try container.encode(workerData, forKey: .workerData)
        try container.encode(policy, forKey: .policy)
        try container.encode(values, forKey: .values)
    }
}

/// Runs a guest as the program of a Swift worker: it has the worker's thread to itself until it ends.
enum GuestProgram: WorkerProgram {
    typealias Inbound = StructuredMessage
    typealias Outbound = StructuredMessage
    typealias WorkerData = GuestLaunch

    static func run(_ parent: WorkerScope<GuestProgram>) async throws {
        let launch = parent.workerData
        let control = GuestControl()
        let failure = Lock<(any Error)?>(nil)
        let (port, guestPort) = GuestPort.pair { message in send(try message.structured(), to: parent) }
        let given: StructuredValue = [
            "environmentData": .map([]), "name": .string(parent.name), "resourceLimits": .object([StructuredField]()),
            "stdin": false,
            "workerData": try launch.workerData.value(),
        ]
        var configuration = GuestConfiguration(entry: .hosted(launch.program))
        configuration.isMain = false
        configuration.name = parent.name
        configuration.arguments = launch.arguments
        configuration.programPath = launch.program.name
        configuration.environment = launch.policy.environment
        configuration.policy = launch.policy
        configuration.heapLimit = launch.policy.memoryLimit
        configuration.loan = HostLoan(
            functions: launch.functions.map { (name: $0.key, function: $0.value) }, values: try launch.values.value())
        configuration.write = { [logger = launch.logger] descriptor, bytes in
            guard let logger else { return 0 }
            let text = String(decoding: bytes, as: UTF8.self)
            logger.log(level: descriptor == 2 ? .error : .info, "\(text.hasSuffix("\n") ? String(text.dropLast()) : text)")
            return 0
        }
        let input = FedInput(control)
        input.finish()
        configuration.worker = WorkerOrigin(
            threadID: GuestWorker.nextThreadID(), port: guestPort, data: GuestMessage(try StructuredMessage(given)),
            input: input
        ) { event in
            guard case .error(let message) = event else { return }
            let value = try? message.structured().value()
            failure.withLock { $0 = JavaScriptError(value ?? .undefined) }
        }
        // On another thread, as the guest's own is the engine's.
        let relay = Task.detached {
            for try await message in parent.messages { try port.send(GuestMessage(message)) }
            port.finish()
        }
        let ended = FutexWord()
        if let limit = launch.policy.lifetimeLimit {
            // A thread, since a deadline must hold whatever the others are busy with.
            _ = DetachedThread.start(stackSize: 64 << 10) {
                ended.wait(while: 0, timeout: limit.nanoseconds)
                guard ended.load() == 0 else { return }
                failure.withLock { $0 = $0 ?? GuestLimitError(limit: .lifetime) }
                control.terminate()
            }
        }
        let code = await withTaskCancellationHandler {
            Guest.run(configuration, control: control)
        } onCancel: {
            control.terminate()
        }
        ended.store(1)
        ended.wake(1)
        relay.cancel()
        if control.isOutOfMemory { throw GuestLimitError(limit: .memory) }
        if let error = failure.withLock({ $0 }) { throw error }
        if code != 0 { try parent.exit(code) }
    }

    /// Sends a message of the guest to the owner. Blocks the guest's thread while the owner's queue is full.
    private static func send(_ message: StructuredMessage, to parent: WorkerScope<GuestProgram>) {
        do throws(SendError<StructuredMessage>) {
            try parent.post(message)
        } catch {
            guard error.reason == .full else { return }
            let message = error.message
            let word = FutexWord()
            let task = Task.detached {
                try? await parent.send(message)
                word.store(1)
                word.wake(1)
            }
            while word.load() == 0 {
                word.waitInterruptibly(while: 0, timeout: -1)
                if ThreadInterrupt.current?.isRaised == true { return task.cancel() }
            }
        }
    }
}
