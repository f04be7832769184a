internal import CSpindle
internal import Glibc
internal import SpindleCore
package import SpindleMemory
internal import Synchronization

/// A thread of its own for Swift concurrency.
///
/// Tasks that prefer it, actors that live on its ``serialExecutor``, and everything
/// they await without leaving it run on this one thread, so work here may block or
/// compute for long without taking a thread of the cooperative pool. An
/// unstructured `Task {}` started inside does *not* stay; start it with
/// `Task(executorPreference:)`.
///
/// Every worker has one. Make one yourself to give an owner the shortest way to
/// its workers (a wake-up between two such threads skips the cooperative pool):
///
/// ```swift
/// let executor = try ThreadExecutor(name: "owner")
/// try await withTaskExecutorPreference(executor) { … }
/// executor.stop()
/// ```
///
/// Jobs run in the order in which they became ready. After ``stop()`` a late job
/// still runs: it gets a short-lived thread, so that nothing awaits for ever.
///
/// Safe to send: `inbound` is behind its lock; `local`, `deferred`, `watchers` and
/// `moved` are touched by the executor's own thread alone.
public final class ThreadExecutor: TaskExecutor, @unchecked Sendable {
    public let name: String
    /// Ends blocking waits of this thread; see ``ThreadInterrupt``.
    package let interrupt = ThreadInterrupt()

    private let stackSize: Int
    private let nice: Int32
    private let inbound = Lock(Inbound())
    /// A hint that `inbound` holds jobs, read without the lock by the spinning thread.
    private let inboundHint = Atomic<Bool>(false)
    /// When the next sleeper is due, in nanoseconds; a hint like `inboundHint`.
    private let nextTimer = Atomic<Int64>(.max)
    private let wake = FutexWord()
    private let figures = ExecutorFigures()

    private var local: [Job] = []
    private var deferred: [UnsafeContinuation<Void, Never>] = []
    private var watchers: [any WordWatcher] = []
    /// Those that are to be called; empty but for a moment.
    private var moved: [any WordWatcher] = []

    /// A job and the hat it runs under. To run every job as isolated to the serial
    /// executor would be simpler and slow: a task that is isolated to nothing would
    /// leave for "no isolation" at once and come back through the queue.
    fileprivate struct Job {
        let job: UnownedJob
        let isIsolated: Bool
    }

    fileprivate struct Inbound {
        var jobs: [Job] = []
        var watchers: [any WordWatcher] = []
        var timers = TimerQueue<UnsafeContinuation<Bool, Never>>()
        var isParked = false
        var hasThread = true
        var isStopped = false
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: the thread's name, of which the system shows 15 bytes.
    ///   - stackSize: in bytes; 16 KiB or more.
    ///   - nice: 0 (normal) to 19 (only when nothing else wants to run) for this thread
    ///     alone; negative values need privileges (setpriority(2)) and are otherwise ignored.
    /// - Throws: ``ThreadStartError`` when the system has no thread left.
    public init(name: String, stackSize: Int = defaultStackSize, nice: Int = 0) throws(ThreadStartError) {
        self.name = name
        self.stackSize = max(16 << 10, stackSize)
        self.nice = Int32(clamping: nice)
        serialExecutor.thread = self
        try startThread()
    }

    /// 2 MiB of address space, used page by page.
    public static let defaultStackSize = 2 << 20

    /// Ends the thread once it has run what is ready now. Does not wait for it.
    public func stop() {
        let wasParked = inbound.withLock { inbound in
            inbound.isStopped = true
            return inbound.takeParked()
        }
        if wasParked { unpark() }
    }

    /// The executor whose thread this is, if any.
    package static var current: ThreadExecutor? {
        guard let slot = spindle_thread_slot_get() else { return nil }
        return Unmanaged<ThreadExecutor>.fromOpaque(slot).takeUnretainedValue()
    }

    fileprivate var isCurrent: Bool {
        spindle_thread_slot_get() == Unmanaged.passUnretained(self).toOpaque()
    }

    // MARK: Executor

    public func enqueue(_ job: consuming ExecutorJob) {
        enqueue(Job(job: UnownedJob(job), isIsolated: false))
    }

    fileprivate func enqueueIsolated(_ job: consuming ExecutorJob) {
        enqueue(Job(job: UnownedJob(job), isIsolated: true))
    }

    private func enqueue(_ job: Job) {
        if isCurrent {
            local.append(job)
            return
        }
        addInbound { $0.jobs.append(job) }
    }

    @inline(__always)
    private func addInbound(_ add: (inout Inbound) -> Void) {
        enum Next { case nothing, unpark, startThread }
        let next: Next = inbound.withLock { inbound in
            add(&inbound)
            if inbound.takeParked() { return .unpark }
            guard !inbound.hasThread else { return .nothing }
            inbound.hasThread = true
            return .startThread
        }
        inboundHint.store(true, ordering: .releasing)
        switch next {
        case .nothing: break
        case .unpark: unpark()
        case .startThread: restartThread()
        }
    }

    /// The same thread for actors: return it, as unowned, from an actor's `unownedExecutor`, and keep
    /// this executor alive as long as the actor.
    public let serialExecutor = ThreadSerialExecutor()

    /// Lets every other ready job of this thread run first. `Task.yield()` would go by way of the global executor.
    package func yield() async {
        await withUnsafeContinuation { deferred.append($0) }
    }

    /// Suspends the calling task, at least for `duration`.
    ///
    /// As `Task.sleep`, but timed by this executor's own thread: it holds its time also
    /// when every thread of the cooperative pool is busy. A stopped executor keeps
    /// its thread until the last sleeper has woken.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        let deadline = spindle_monotonic_now().addingClamped(max(0, duration.nanoseconds))
        let ticket = WaitTicket()
        let slept = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let id = addTimer(deadline, continuation)
                if ticket.setID(id.number) { cancelTimer(id.number) }
            }
        } onCancel: {
            if let id = ticket.cancel() { cancelTimer(id) }
        }
        if !slept { throw CancellationError() }
    }

    /// Share of time spent running jobs, and CPU time, since the thread started.
    package func usage() -> ExecutorUsage { figures.usage() }

    // MARK: Words that other processes move

    /// Calls the watcher once, on this thread, when its word has moved.
    ///
    /// The thread looks between jobs and while it is idle, and sleeps on all its words at once (futex_waitv(2)). Beyond
    /// ``watchLimit`` of them, or on Linux before 5.16, it looks every millisecond instead of sleeping for longer.
    /// A stopped executor keeps its thread until the last watcher has been called for good.
    package func watch(_ watcher: any WordWatcher) {
        if isCurrent {
            watchers.append(watcher)
            return
        }
        addInbound { $0.watchers.append(watcher) }
    }

    /// Has the thread look at once, for a watcher whose ``WatchedWord/setMoved()`` was called.
    package func lookAtWatchers() {
        if isCurrent { return }
        let wasParked = inbound.withLock { $0.takeParked() }
        inboundHint.store(true, ordering: .releasing)
        if wasParked { unpark() }
    }

    /// How many words the thread can sleep on at once.
    package static let watchLimit = Int(SPINDLE_FUTEX_WORDS) - 1

    private var someWordHasMoved: Bool {
        for watcher in watchers where watcher.watched.hasMoved { return true }
        return false
    }

    private func callWatchers() {
        var index = watchers.count
        while index > 0 {
            index -= 1
            guard watchers[index].watched.hasMoved else { continue }
            watchers.swapAt(index, watchers.count - 1)
            moved.append(watchers.removeLast())
        }
        // Each may ask to be watched again.
        while let watcher = moved.popLast() { watcher.wordMoved() }
    }

    /// Sleeps until the own word or one of the watched ones moves.
    private func sleepOnWords(timeout: Int64) {
        for watcher in watchers { watcher.watched.word.announceSleep() }
        guard !someWordHasMoved else { return }
        var outcome = -ENOSYS
        if watchers.count <= Self.watchLimit {
            var words = [spindle_futex_word(address: wake.address, expected: 0, is_shared: false)]
            for watcher in watchers {
                words.append(
                    spindle_futex_word(address: watcher.watched.word.address, expected: SharedWord.asleep, is_shared: true))
            }
            outcome = spindle_futex_wait_any(words, Int32(words.count), timeout)
        }
        if outcome == -ENOSYS { wake.wait(while: 0, timeout: timeout < 0 ? 1_000_000 : min(timeout, 1_000_000)) }
    }

    // MARK: The thread

    private func startThread() throws(ThreadStartError) {
        // The thread holds the executor, so it outlives every job that runs on it.
        let failed = DetachedThread.start(stackSize: stackSize) { [self] in runThread() }
        if let failed {
            throw ThreadStartError(errno: failed)
        }
    }

    /// For a job that came after `stop()`. Without a thread it could only hang, so
    /// it falls back to the caller's thread, which is better than never.
    private func restartThread() {
        do { try startThread() } catch { occupyThread { runJobs() } }
    }

    private func runThread() {
        spindle_thread_set_name(name)
        if nice != 0 { _ = spindle_thread_set_nice(nice) }
        occupyThread { runJobs() }
    }

    /// Makes the calling thread this executor's while `body` runs.
    private func occupyThread(_ body: () -> Void) {
        let outer = spindle_thread_slot_get()
        spindle_thread_slot_set(Unmanaged.passUnretained(self).toOpaque())
        interrupt.install()
        figures.threadStarted()
        body()
        spindle_thread_slot_set(outer)
        if let outer = Self.current { outer.interrupt.install() } else { ThreadInterrupt.uninstall() }
    }

    private func runJobs() {
        var batch: [Job] = []
        var spin = SpinBudget()
        while true {
            takeInbound()
            if nextTimer.load(ordering: .relaxed) != .max { wakeSleepers() }
            if !watchers.isEmpty { callWatchers() }
            if local.isEmpty {
                guard waitForJobs(&spin) else { return }
                continue
            }
            swap(&batch, &local)
            for job in batch { run(job) }
            batch.removeAll(keepingCapacity: true)
            if !deferred.isEmpty { resumeDeferred() }
        }
    }

    private func run(_ job: Job) {
        if job.isIsolated {
            job.job.runSynchronously(isolatedTo: serialExecutor.asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        } else {
            job.job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }

    private func takeInbound() {
        // Acquiring: pairs with the store after the append in `enqueue`. A stale
        // `false` is harmless, as parking looks again under the lock.
        guard inboundHint.load(ordering: .acquiring) else { return }
        inboundHint.store(false, ordering: .relaxed)
        inbound.withLock { inbound in
            if local.isEmpty {
                swap(&local, &inbound.jobs)
            } else {
                local.append(contentsOf: inbound.jobs)
                inbound.jobs.removeAll(keepingCapacity: true)
            }
            if !inbound.watchers.isEmpty {
                watchers += inbound.watchers
                inbound.watchers = []
            }
        }
    }

    private func resumeDeferred() {
        // Each lands at the end of `local`, behind what was ready already.
        let continuations = deferred
        deferred.removeAll(keepingCapacity: true)
        for continuation in continuations { continuation.resume() }
    }

    private func addTimer(
        _ deadline: Int64, _ continuation: UnsafeContinuation<Bool, Never>
    ) -> TimerQueue<UnsafeContinuation<Bool, Never>>.ID {
        let (id, wasParked) = inbound.withLock { inbound in
            let id = inbound.timers.add(at: deadline, continuation)
            nextTimer.store(inbound.timers.nextDeadline ?? .max, ordering: .relaxed)
            // A parked thread has to learn how long it may sleep now.
            return (id, inbound.takeParked())
        }
        if wasParked { unpark() }
        return id
    }

    private func cancelTimer(_ id: UInt64) {
        let (continuation, wasParked) = inbound.withLock { inbound in
            // A stopped thread may only have been waiting for this one.
            (inbound.timers.cancel(.init(number: id)), inbound.isStopped && inbound.takeParked())
        }
        continuation?.resume(returning: false)
        if wasParked { unpark() }
    }

    /// Resumes whoever has slept long enough; each lands at the end of `local`.
    private func wakeSleepers() {
        let now = spindle_monotonic_now()
        guard nextTimer.load(ordering: .relaxed) <= now else { return }
        let due = inbound.withLock { inbound in
            let due = inbound.timers.takeDue(at: now)
            nextTimer.store(inbound.timers.nextDeadline ?? .max, ordering: .relaxed)
            return due
        }
        for continuation in due { continuation.resume(returning: true) }
    }

    /// Spins a little, then sleeps until jobs came or a sleeper is due. False when the thread is to end.
    private func waitForJobs(_ spin: inout SpinBudget) -> Bool {
        figures.becameIdle()
        // Not with sleepers: a thread that gives its processor away while it spins forfeits its
        // claim to it, and then wakes up to a scheduler tick late when all processors are busy.
        let isTimed = nextTimer.load(ordering: .relaxed) != .max
        if !isTimed, spin.spin(until: { inboundHint.load(ordering: .relaxed) || someWordHasMoved }) {
            figures.becameBusy()
            return true
        }

        enum Next { case run, park(until: Int64?), end }
        let next: Next = inbound.withLock { inbound in
            guard inbound.jobs.isEmpty, inbound.watchers.isEmpty else { return .run }
            guard !inbound.isStopped || inbound.timers.count > 0 || !watchers.isEmpty else {
                // Before another thread can take over.
                figures.threadEnded()
                inbound.hasThread = false
                return .end
            }
            inbound.isParked = true
            wake.store(0)
            return .park(until: inbound.timers.nextDeadline)
        }
        switch next {
        case .end: return false
        case .run: inboundHint.store(true, ordering: .relaxed)
        case .park(let deadline):
            park(until: deadline)
        }
        figures.becameBusy()
        return true
    }

    private func park(until deadline: Int64?) {
        while wake.load() == 0 {
            let remaining = deadline.map { $0 - spindle_monotonic_now() } ?? -1
            guard deadline == nil || remaining > 0, watchers.isEmpty || !someWordHasMoved else {
                _ = inbound.withLock { $0.takeParked() }
                return
            }
            if watchers.isEmpty { wake.wait(while: 0, timeout: remaining) } else { sleepOnWords(timeout: remaining) }
        }
    }

    private func unpark() {
        wake.store(1)
        wake.wake(1)
    }
}

/// The serial executor of a ``ThreadExecutor``: actors that use it live on that thread.
///
/// ```swift
/// actor Index {
///     let thread: ThreadExecutor
///     nonisolated var unownedExecutor: UnownedSerialExecutor { thread.serialExecutor.asUnownedSerialExecutor() }
/// }
/// ```
///
/// Safe to send: `thread` is set once, before the thread executor that owns this can be seen by anyone.
public final class ThreadSerialExecutor: SerialExecutor, @unchecked Sendable {
    fileprivate unowned(unsafe) var thread: ThreadExecutor!

    fileprivate init() {}

    public func enqueue(_ job: consuming ExecutorJob) { thread.enqueueIsolated(job) }
    public func checkIsolated() { precondition(thread.isCurrent, "Not on the thread of executor \(thread.name).") }
    public func isIsolatingCurrentContext() -> Bool? { thread.isCurrent }
}

extension ThreadExecutor.Inbound {
    /// True for the one caller that has to wake the thread.
    fileprivate mutating func takeParked() -> Bool {
        defer { isParked = false }
        return isParked
    }
}

/// The system could not start a thread.
public struct ThreadStartError: Error, Sendable, CustomStringConvertible {
    /// The system's error number, usually `EAGAIN`: a limit on threads was reached (pthread_create(3)).
    public let errno: Int32

    package init(errno: Int32) { self.errno = errno }

    public var description: String {
        "The system gave no thread (error \(errno)); run fewer workers, raise the limits on threads (ulimit -u, pids.max), or choose a smaller stack."
    }
}
