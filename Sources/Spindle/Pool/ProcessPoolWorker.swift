internal import DequeModule
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
    private let requests = Mailbox<PoolRequest>(limit: PoolRequest.mostUnread)
    private let replies = Mailbox<PoolReply>(limit: 64)
    private let state = Lock(State())

    private struct State {
        var process: WorkerProcess?
        /// What the process was given, in order; it is at the first, unless that was taken back.
        var attempts: Deque<Attempt> = []
        var isReady = false
        var isRetired = false
        var isAbandoned = false
        /// What it did that no worker does; it was killed for it.
        var offence: WorkerCrash.Cause?
    }

    /// What the process runs, or will run.
    private struct Attempt {
        let assignment: PoolStateMachine.Assignment
        var timer: TimerThread.ID?
        var number: UInt64 { assignment.ticket }
        var job: PoolJob { PoolDriver.job(assignment.job) }
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

    func assign(_ assignment: PoolStateMachine.Assignment) {
        note(assignment)
        // Before it is sent: the answer may come at once, on another thread.
        begin(assignment)
        send(assignment)
    }

    // It may get there before the task does.
    func stopTask(_ ticket: UInt64?) {
        let process = state.withLock { $0.process }
        process?.tell(ticket.map { .cancelTask($0) } ?? .terminate)
    }

    // What told the last task to stop named that task alone: nothing of it clings to the process.
    func renew() { follow(driver.workerRenewed(number)) }

    // The process ends when its requests do.
    func retire() {
        state.withLock { $0.isRetired = true }
        requests.close()
    }

    func abandon() {
        let (process, attempts) = state.withLock { state in
            state.isAbandoned = true
            defer { state.attempts = [] }
            return (state.process, state.attempts)
        }
        if let timer = attempts.first?.timer { TimerThread.shared.cancel(timer) }
        requests.discard()
        process?.kill(killingAfter: Self.mercy)
    }

    private static let mostAnswers = 16

    /// Between SIGTERM and SIGKILL.
    private static let mercy = Duration.milliseconds(20)

    // MARK: Its life

    private func run(at place: LinkHub.Place) async {
        let process: WorkerProcess
        do {
            process = try await launch(place)
        } catch {
            return startFailed(error)
        }
        while let first = await replies.receive() {
            // The owners are told of many at once, so that a thread of theirs that sleeps is woken once for all.
            var answers: [PoolAnswer] = []
            var reply: PoolReply? = first
            while let next = reply {
                received(next, &answers)
                reply = answers.count < Self.mostAnswers ? replies.tryReceive() : nil
            }
            for answer in answers { answer.give() }
        }
        // Nothing more comes: it has ended, or is about to. One that goes on would keep its task for ever.
        let timer = TimerThread.shared.schedule(after: WorkerProcess.longestFarewell) { [weak self] in
            self?.punish("it took back its link and went on.")
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
            descriptors: theirs.descriptors.map(\.number), startTimeout: WorkerProcess.longestStart,
            onControl: { [weak self] packet in self?.received(packet) })
        let link = try Link(mine, inbox: replies, outbox: requests, on: place) { [weak self] in self?.linkFailed($0) }
        link.start()
        // Also when somebody else still holds its side of the link.
        process.end.whenFulfilled { _ in link.peerEnded() }
        driver.claims.add(mine.claims, number)
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
        driver.claims.remove(number)
        let (attempts, isExpected, offence) = state.withLock { state in
            defer { state.attempts = [] }
            return (state.attempts, state.isRetired || state.isAbandoned, state.offence)
        }
        if let timer = attempts.first?.timer { TimerThread.shared.cancel(timer) }
        if isExpected {
            driver.workerEnded(number)
        } else {
            driver.workerLost(number, end.crash(offence))
        }
    }

    // MARK: Tasks

    private func note(_ assignment: PoolStateMachine.Assignment) {
        state.withLock { $0.attempts.append(Attempt(assignment: assignment)) }
    }

    private func send(_ assignment: PoolStateMachine.Assignment) {
        let job = PoolDriver.job(assignment.job)
        guard let call = job.takeCall() else { preconditionFailure("Only remote jobs are given to a pool of processes.") }
        let request = PoolRequest(
            number: assignment.ticket, taskID: job.id.number, attempt: assignment.attempt,
            timeout: job.options.timeout?.nanoseconds, call: call)
        // Room for it is certain; what is refused has lost its process, and ends with that.
        try? requests.post(request)
    }

    /// The process is at this one of those that it was given.
    private func begin(_ assignment: PoolStateMachine.Assignment) {
        let job = PoolDriver.job(assignment.job)
        let timer = driver.taskStarts(job, assignment)
        let isCurrent = state.withLock { state in
            // Those before were taken back.
            while let first = state.attempts.first, first.number != assignment.ticket { state.attempts.removeFirst() }
            guard !state.attempts.isEmpty else { return false }
            state.attempts[0].timer = timer
            return true
        }
        // It may be over already.
        if !isCurrent, let timer { TimerThread.shared.cancel(timer) }
        job.started(attempt: assignment.attempt, worker: id)
    }

    private func received(_ reply: PoolReply, _ answers: inout [PoolAnswer]) {
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
        case .progress(let task, let message): attempt(task)?.job.report(message)
        case .completed(let task, let output): finish(task, &answers) { try $0.accept(output) }
        case .failed(let task, let error): finish(task, &answers) { $0.accept(error) }
        case .cancelled(let task): finish(task, &answers) { $0.accept(CancellationError()) }
        }
    }

    /// What the process is at, if it is that.
    private func attempt(_ ticket: UInt64) -> Attempt? {
        state.withLock { $0.attempts.first.flatMap { $0.number == ticket ? $0 : nil } }
    }

    private func finish(
        _ task: UInt64, _ answers: inout [PoolAnswer], _ accept: (PoolJob) throws -> AttemptResult
    ) {
        guard let attempt = attempt(task) else {
            // The answer of a task that was given up may still be on its way.
            if !state.withLock({ $0.isAbandoned }) { punish("it answers a task that it was not given.") }
            return
        }
        let result: AttemptResult
        do {
            result = try accept(attempt.job)
        } catch {
            return punish("a task's output: \(error)")
        }
        if let timer = attempt.timer { TimerThread.shared.cancel(timer) }
        state.withLock { if !$0.attempts.isEmpty { $0.attempts.removeFirst() } }
        let finished = driver.taskFinished(attempt.job, attempt.assignment, by: number, result)
        if let answer = finished.answer { answers.append(answer) }
        follow(finished.next)
        for assignment in finished.ahead {
            note(assignment)
            send(assignment)
        }
    }

    private func follow(_ next: PoolStateMachine.WorkerNext) {
        switch next {
        case .run(let assignment): assign(assignment)
        case .goOn(let assignment): begin(assignment)
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
        end(failure.crashCause)
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
