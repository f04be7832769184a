internal import CSpindle
internal import SpindleMemory
internal import Synchronization

/// What makes a guest a worker: who started it, and what it was given.
struct WorkerOrigin: Sendable {
    let threadID: Int
    /// The worker's end of the channel to the one who started it.
    let port: GuestPort
    /// `workerData` and the options that scripts deal with.
    let data: GuestMessage
    /// What it reads as its standard input.
    let input: FedInput
    /// Where events go. Called from the worker's thread; the value is made on the parent's.
    let tell: @Sendable (WorkerEvent) -> Void
}

enum WorkerEvent: Sendable {
    /// The program is about to begin.
    case online
    /// Nobody caught this; the message is the error.
    case error(GuestMessage)
    /// What was written to descriptor 1 or 2.
    case output(Int32, [UInt8])
    /// The last one.
    case exit(Int32)
}

/// A worker as the guest that started it knows it.
final class GuestWorker {
    let control: GuestControl
    let port: Int
    let input: FedInput
    /// 1 when its thread is through with everything.
    let ended: FutexWord
    let handler: Retained
    var isReferenced = true

    init(control: GuestControl, port: Int, input: FedInput, ended: FutexWord, handler: Retained) {
        self.control = control
        self.port = port
        self.input = input
        self.ended = ended
        self.handler = handler
    }

    private static let lastThreadID = Atomic(0)
    /// Unique in the process; the main thread is 0.
    static func nextThreadID() -> Int { lastThreadID.add(1, ordering: .relaxed).newValue }
}

extension Guest {
    /// Starts a worker on a thread of its own.
    ///
    /// - Parameter handler: `(event, value) => void`.
    /// - Returns: its thread's number and the port to it.
    func startWorker(
        _ configuration: GuestConfiguration, data: GuestMessage, hasInput: Bool, capturesOutput: (Bool, Bool),
        handler: GuestValue
    ) throws -> (threadID: Int, port: Int) {
        let threadID = GuestWorker.nextThreadID()
        let (own, other) = GuestPort.pair()
        let child = GuestControl()
        let input = FedInput(child)
        if !hasInput { input.finish() }
        let ended = FutexWord()
        let parent = control
        let tell: @Sendable (WorkerEvent) -> Void = { event in parent.inbox.post { $0.workerTold(threadID, event) } }
        var configuration = configuration
        configuration.isMain = false
        configuration.policy = self.configuration.policy
        configuration.worker = WorkerOrigin(threadID: threadID, port: other, data: data, input: input, tell: tell)
        configuration.family = self.configuration.family
        let write = self.configuration.write
        configuration.write = { descriptor, bytes in
            let isCaptured = descriptor == 2 ? capturesOutput.1 : capturesOutput.0
            // Its stream in the parent has it in any case. It is printed here and not there, since the parent may be busy.
            let result = isCaptured ? 0 : write(descriptor, bytes)
            tell(.output(descriptor, Array(bytes)))
            return result
        }
        // Before it begins, so that what is sent to it from now on waits for it.
        configuration.family.add(threadID, child)
        do {
            try Guest.start(configuration, control: child) { code in
                tell(.exit(code))
                ended.store(1)
                ended.wake(1)
            }
        } catch {
            configuration.family.remove(threadID)
            throw error
        }
        let port = adoptPort(own)
        workers[threadID] = GuestWorker(
            control: child, port: port, input: input, ended: ended, handler: Retained(handler, in: engine))
        loop.addReference()
        return (threadID, port)
    }

    fileprivate func workerTold(_ threadID: Int, _ event: WorkerEvent) {
        guard let worker = workers[threadID] else { return }
        switch event {
        case .online: call(worker.handler, [engine.value("online")])
        case .error(let message): call(worker.handler, [engine.value("error"), hand(over: message)])
        case .output(let descriptor, let bytes):
            let chunk = bytes.withUnsafeBytes { engine.arrayBuffer(copying: $0) }
            call(worker.handler, [engine.value(descriptor == 2 ? "stderr" : "stdout"), chunk])
        case .exit(let code):
            call(worker.handler, [engine.value("exit"), engine.value(Int(code))])
            setReference(toWorker: threadID, false)
            workers[threadID] = nil
        }
    }

    func setReference(toWorker threadID: Int, _ on: Bool) {
        guard let worker = workers[threadID], worker.isReferenced != on else { return }
        worker.isReferenced = on
        if on { loop.addReference() } else { loop.removeReference() }
    }

    /// Ends the workers that the guest leaves behind; none outlives it by more than the engine needs to notice.
    func endWorkers() {
        for worker in workers.values { worker.control.terminate() }
        let deadline = spindle_monotonic_now() + 1_000_000_000
        for worker in workers.values {
            while worker.ended.load() == 0 {
                let rest = deadline - spindle_monotonic_now()
                if rest <= 0 { break }
                worker.ended.wait(while: 0, timeout: rest)
            }
        }
        workers = [:]
    }
}
