internal import Spindle
internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging
internal import SpindleStructuredClone

/// Runs a guest as the program of a Swift worker: it has the worker's thread to itself until it ends. In a process it gets
/// one of its own, as the worker's looks after the way to the owner.
enum GuestProgram: WorkerProgram {
    typealias Inbound = StructuredMessage
    typealias Outbound = StructuredMessage
    typealias WorkerData = GuestLaunch

    static func run(_ parent: WorkerScope<GuestProgram>) async throws {
        // The first message is made of the engine's strings.
        EngineRuntime.start
        let launch = parent.workerData
        let control = launch.control
        let failure = Lock<(any Error)?>(nil)
        let (port, guestPort) = GuestPort.pair { message in send(try message.structured(), to: parent) }
        var configuration = try GuestConfiguration(launch, name: parent.name)
        let input = FedInput(control)
        input.finish()
        configuration.worker = WorkerOrigin(
            threadID: GuestWorker.nextThreadID(), port: guestPort, data: try GuestMessage(try launch.given(name: parent.name)),
            input: input
        ) { event in
            guard case .error(let message) = event else { return }
            let fields = try? message.structured().value()
            failure.withLock { $0 = JavaScriptError(fields ?? .undefined) }
        }
        // On another thread, as the guest's own is the engine's. It takes no more than the guest does.
        let relay = Task.detached {
            for try await message in parent.messages {
                try port.send(GuestMessage(message))
                await port.waitForRoom()
            }
            port.finish()
        }
        let ended = FutexWord()
        if let limit = launch.settings.policy.lifetimeLimit {
            // A thread, since a deadline must hold whatever the others are busy with.
            _ = DetachedThread.start(stackSize: 64 << 10) {
                ended.wait(while: 0, timeout: limit.nanoseconds)
                guard ended.load() == 0 else { return }
                failure.withLock { $0 = $0 ?? GuestLimitError(limit: .lifetime) }
                control.terminate()
            }
        }
        let code = try await withTaskCancellationHandler {
            guard launch.isInProcess else { return Guest.run(configuration, control: control) }
            let code = Promise<Int32>()
            try Guest.start(configuration, control: control) { code.fulfil($0) }
            return await code.valueDespiteCancellation()
        } onCancel: {
            control.terminate()
        }
        ended.store(1)
        ended.wake(1)
        relay.cancel()
        if control.isOutOfMemory { failure.withLock { $0 = GuestLimitError(limit: .memory) } }
        if let error = failure.withLock({ $0 }) { throw launch.isInProcess ? GuestFailure(error) ?? error : error }
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

extension GuestLaunch {
    /// What the guest finds in `node:worker_threads`.
    fileprivate func given(name: String) throws -> StructuredMessage {
        try StructuredMessage([
            "environmentData": try environmentData.value(), "name": .string(name),
            "resourceLimits": .object([StructuredField]()), "stdin": false, "workerData": try workerData.value(),
        ])
    }
}

extension GuestConfiguration {
    fileprivate init(_ launch: GuestLaunch, name: String) throws {
        let (program, policy) = (launch.settings.program, launch.settings.policy)
        self.init(entry: .hosted(program))
        isMain = false
        self.name = name
        stackSize = launch.settings.stackSize
        arguments = launch.settings.arguments
        programPath = program.name
        environment = policy.environment
        self.policy = policy
        closesDescriptors = true
        network = policy.network
        heapLimit = policy.memoryLimit
        sharesWithProcesses = launch.isInProcess
        loan = HostLoan(functions: launch.functions, values: launch.values, callLimit: policy.hostCallLimit)
        let output = GuestOutput(launch.logger, limit: policy.outputLimit)
        write = { descriptor, bytes in
            output.write(bytes, isError: descriptor == 2)
            return 0
        }
    }
}
