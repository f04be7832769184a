internal import SpindleCore
internal import SpindleMemory
internal import SpindleMessaging

/// A pool worker in a process of its own.
///
/// Its side of the conversation is a loop on the link's thread: a reply comes in, the
/// driver is told, and what the driver says next is sent out. To stop a task the process is
/// told to cancel it; one that does not stop is killed together with its process.
///
/// Safe to send: everything that changes is behind `state`.
final class ProcessPoolWorker: PoolWorker {
    private let context: WorkerContext
    var id: WorkerID { context.id }
    var name: String { context.name }
    var canBeKilled: Bool { true }

    private let number: PoolStateMachine.WorkerNumber
    private let configuration: ProcessConfiguration
    private let driver: PoolDriver
    private let requests = Mailbox<PoolRequest>(limit: 4)
    private let replies = Mailbox<PoolReply>(limit: 64)
    private let state = Lock(State())

    private struct State {
        var process: WorkerProcess?
        var attempt: Attempt?
        var lastNumber: UInt64 = 0
        var isReady = false
        /// Told to stop its task before it was given the task.
        var isStopPending = false
        var isRetired = false
        var isAbandoned = false
        /// What it did that no worker does; it was killed for it.
        var offence: WorkerCrash.Cause?
    }

    /// What the process runs now.
    private struct Attempt {
        let number: UInt64
        let job: PoolJob
        let assignment: PoolStateMachine.Assignment
        let timer: TimerThread.ID?
    }

    init(_ number: PoolStateMachine.WorkerNumber, _ configuration: ProcessConfiguration, driver: PoolDriver) {
        self.number = number
        self.configuration = configuration
        self.driver = driver
        context = WorkerContext(name: "\(driver.configuration.name)-\(number)")
    }

    // MARK: From the driver

    func start() {
        Workers.update {
            $0.started += 1
            $0.running += 1
        }
        do throws(ThreadStartError) {
            let place = try LinkHub.shared.place()
            Task.detached(executorPreference: place.executor) { [self] in await run(at: place) }
        } catch {
            startFailed(error)
        }
    }

    func assign(_ assignment: PoolStateMachine.Assignment) { begin(assignment) }

    func stopTask() {
        let (process, attempt) = state.withLock { state in
            if state.isReady, state.attempt == nil { state.isStopPending = true }
            return (state.process, state.attempt)
        }
        if let attempt {
            process?.tell(.cancelTask(attempt.number))
        } else {
            process?.tell(.terminate)
        }
    }

    // What told the last task to stop named that task alone: nothing of it clings to the process.
    func renew() {
        state.withLock { $0.isStopPending = false }
        follow(driver.workerRenewed(number))
    }

    // The process ends when its requests do.
    func retire() {
        state.withLock { $0.isRetired = true }
        requests.close()
    }

    func abandon() {
        let (process, attempt) = state.withLock { state in
            state.isAbandoned = true
            defer { state.attempt = nil }
            return (state.process, state.attempt)
        }
        if let timer = attempt?.timer { TimerThread.shared.cancel(timer) }
        requests.discard()
        process?.kill(killingAfter: Self.mercy)
    }

    /// Between SIGTERM and SIGKILL.
    private static let mercy = Duration.milliseconds(20)

    /// How long a process may go on after the end of its replies.
    private static let longestFarewell = Duration.seconds(2)

    // MARK: Its life

    private func run(at place: LinkHub.Place) async {
        let process: WorkerProcess
        do {
            process = try await launch(place)
        } catch {
            return startFailed(error)
        }
        while let reply = await replies.receive() { received(reply) }
        // Nothing more comes: it has ended, or is about to. One that goes on would keep its task for ever.
        let timer = TimerThread.shared.schedule(after: Self.longestFarewell) { [weak self] in
            self?.punish("it takes back its link and goes on.")
        }
        let end = await process.end.valueDespiteCancellation()
        TimerThread.shared.cancel(timer)
        ended(end)
    }

    private func launch(_ place: LinkHub.Place) async throws -> WorkerProcess {
        let pool = driver.configuration
        let settings = PoolLaunch(
            id: id.number, name: name, parentID: context.parentID.number, environment: context.environment.encoded(),
            stackSize: pool.stackSize, nice: pool.nice, warmUp: try pool.warmUpProgram.map { try ProgramName.check($0) })
        let (mine, theirs) = try LinkEndpoint.pair()
        let process = try await WorkerProcess.launch(
            configuration.named(name), main: PoolProcessMain.self, payload: try EncodedMessage(settings).bytes,
            descriptors: theirs.descriptors.map(\.number),
            onControl: { [weak self] packet in self?.received(packet) })
        let link = try Link(mine, inbox: replies, outbox: requests, on: place) { [weak self] in self?.linkFailed($0) }
        link.start()
        let isUnwanted = state.withLock { state in
            state.process = process
            return state.isAbandoned || state.offence != nil
        }
        if isUnwanted { process.kill(killingAfter: .zero) }
        return process
    }

    private func startFailed(_ error: any Error) {
        Workers.update { $0.running -= 1 }
        driver.workerStartFailed(number, error)
        driver.workerEnded(number)
    }

    private func ended(_ end: ProcessEnd) {
        requests.discard()
        Workers.update { $0.running -= 1 }
        let (attempt, isExpected, offence) = state.withLock { state in
            defer { state.attempt = nil }
            return (state.attempt, state.isRetired || state.isAbandoned, state.offence)
        }
        if let timer = attempt?.timer { TimerThread.shared.cancel(timer) }
        if isExpected {
            driver.workerEnded(number)
        } else {
            driver.workerLost(number, end.crash(offence))
        }
    }

    // MARK: Tasks

    private func begin(_ assignment: PoolStateMachine.Assignment) {
        let job = PoolDriver.job(assignment.job)
        let timer = driver.taskStarts(job, assignment)
        let (request, process) = state.withLock { state -> (PoolRequest?, WorkerProcess?) in
            guard let call = job.remoteCall else { return (nil, nil) }
            state.lastNumber += 1
            state.attempt = Attempt(number: state.lastNumber, job: job, assignment: assignment, timer: timer)
            defer { state.isStopPending = false }
            let request = PoolRequest(
                number: state.lastNumber, taskID: job.id.number, attempt: assignment.attempt,
                timeout: job.options.timeout?.nanoseconds, call: call)
            return (request, state.isStopPending ? state.process : nil)
        }
        guard let request else { preconditionFailure("Only remote jobs are given to a pool of processes.") }
        job.started(attempt: assignment.attempt, worker: id)
        // Room for it is certain; what is refused has lost its process, and ends with that.
        try? requests.post(request)
        process?.tell(.cancelTask(request.number))
    }

    private func received(_ reply: PoolReply) {
        switch reply {
        case .ready:
            let isFirst = state.withLock { state in
                defer { state.isReady = true }
                return !state.isReady
            }
            guard isFirst else { return punish("it says twice that it is ready.") }
            follow(driver.workerReady(number))
        case .warmUpFailed(let error):
            let isStarting = state.withLock { state in
                if !state.isReady { state.isRetired = true }
                return !state.isReady
            }
            // It may have a task by now, which must not be lost.
            guard isStarting else { return punish("it says that its start has failed, after it.") }
            driver.workerStartFailed(number, error)
            requests.close()
        case .progress(let task, let message):
            state.withLock { $0.attempt?.number == task ? $0.attempt : nil }?.job.report(message)
        case .completed(let task, let output): finish(task) { try $0.accept(output) }
        case .failed(let task, let error): finish(task) { $0.accept(error) }
        case .cancelled(let task): finish(task) { $0.accept(CancellationError()) }
        }
    }

    private func finish(_ task: UInt64, _ accept: (PoolJob) throws -> AttemptResult) {
        let (attempt, isAbandoned) = state.withLock { ($0.attempt, $0.isAbandoned) }
        guard let attempt, attempt.number == task else {
            // The answer of a task that was given up may still be on its way.
            if !isAbandoned { punish("it answers a task that it was not given.") }
            return
        }
        let result: AttemptResult
        do {
            result = try accept(attempt.job)
        } catch {
            return punish("a task's output: \(error)")
        }
        if let timer = attempt.timer { TimerThread.shared.cancel(timer) }
        state.withLock { $0.attempt = nil }
        follow(driver.taskFinished(attempt.job, attempt.assignment, by: number, result))
    }

    private func follow(_ next: PoolStateMachine.WorkerNext) {
        switch next {
        case .run(let assignment): begin(assignment)
        case .wait, .waitForRenewal: break
        case .renew: renew()
        case .end: retire()
        }
    }

    // MARK: Beside the tasks

    private func received(_ packet: [UInt8]) {
        guard let message = try? EncodedMessage(bytes: packet).decode(WorkerControl.self) else {
            return punish("a control packet that cannot be read.")
        }
        switch message {
        case .log(let record): driver.log(record, of: self)
        case .setUpFailed(let why): state.withLock { $0.offence = $0.offence ?? .setUp(why) }
        case .online, .ended: punish("a control packet that is not a pool worker's.")
        }
    }

    private func linkFailed(_ failure: LinkFailure) {
        switch failure {
        case .peer(let error): punish("\(error)")
        case .unsent(let error): end(.setUp("A task could not be sent: \(error)"))
        }
    }

    private func punish(_ what: String) { end(.malformedMessage(what)) }

    private func end(_ cause: WorkerCrash.Cause) {
        let process = state.withLock { state in
            state.offence = state.offence ?? cause
            return state.process
        }
        process?.kill(killingAfter: .zero)
    }
}
