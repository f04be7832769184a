internal import CJavaScriptCore
internal import CSpindle
internal import Glibc
internal import SpindleCore
package import SpindleMemory

/// A value of the guest, alive while it is on the stack or reachable in the guest; ``Retained`` keeps it longer.
package typealias GuestValue = OpaquePointer

/// One JavaScript engine: a heap of its own, used by the thread that made it and by no other.
///
/// Everything a guest does happens inside one call into the engine, ``run(_:)``. The engine looks at
/// its time limit only within such a call and counts it from the call's beginning, and microtasks that the
/// engine drains by itself, when it is left for good, would each be a call of their own. So the host's event loop is
/// called from JavaScript, calls the guest's handlers from there, and drains the microtasks itself.
///
/// **Stopping.** ``stop`` is raised by any thread. The running script looks every few milliseconds of processor time;
/// the host looks after each call (a kill during a drain leaves no exception). Then every call fails until `run` returns.
package final class Engine {
    let group: JSContextGroupRef
    private(set) var context: JSGlobalContextRef
    /// Also what takes the place of an object that could not be made or read, as happens while the engine is being stopped.
    /// Then there is no object to call or to ask, and the engine must not be given it for one.
    package let undefined: GuestValue
    /// How many contexts there were before this one. Functions of the host that an earlier one has are dead.
    private(set) var realm = 0
    /// An empty context, there from the first renewal on.
    private var haven: JSGlobalContextRef?
    /// Ends this engine's guest, and every wait of its thread.
    package private(set) var stop: ThreadInterrupt
    /// Set while the engine goes down: finalizers run then, and nothing may be called any more.
    private(set) var isClosing = false
    /// On its own, since each access to a member that changes is checked.
    let kept = UnsafeMutablePointer<KeptValues>.allocate(capacity: 1)
    /// What the guest can call, until the engine closes; and what the one before could, which nobody calls any more.
    var functions: [FunctionBox] = []
    private var formerFunctions: [FunctionBox] = []
    private(set) var native: NativeDispatch?
    /// Whether ``PlainText`` can be read, once that is known.
    var hasPlainText: Bool?
    /// Bytes of buffers that have gone to other engines, before ``AllocationCount`` was found.
    var passedOn = 0
    /// The built-ins that were evaluated, by their index.
    private var scripts: [Int: JSScriptRef] = [:]

    /// Bytes that count as the engine's and are not in its heap.
    var bytesOutside: () -> Int = { 0 }

    private let glib: OpaquePointer
    private var watch: Unmanaged<Watch>?
    /// What was installed on the thread before, if it is a Swift worker's.
    private let outerStop: ThreadInterrupt?

    /// - Parameters:
    ///   - stop: raised to end the engine; installed on the calling thread for as long as the engine lives.
    ///   - heapLimit: in bytes. An engine that has more in use is stopped; ``isOutOfMemory`` tells.
    package init(stop: ThreadInterrupt = ThreadInterrupt(), heapLimit: Int? = nil) {
        EngineRuntime.start
        EngineRuntime.admitCollector()
        // The engine's timers belong to the context that is current when it is made.
        glib = g_main_context_new()
        g_main_context_push_thread_default(glib)
        group = JSContextGroupCreate()
        context = JSGlobalContextCreateInGroup(group, nil)
        undefined = JSValueMakeUndefined(context)
        kept.initialize(to: KeptValues())
        self.stop = stop
        outerStop = ThreadInterrupt.current
        stop.install()
        let watch = Watch(self, heapLimit: heapLimit)
        self.watch = .passRetained(watch)
        watch.arm(after: Watch.interval)
        native = NativeDispatch(self)
    }

    deinit {
        kept.deinitialize(count: 1)
        kept.deallocate()
    }

    /// From now on `stop` is what ends the engine's guest.
    func heed(_ stop: ThreadInterrupt) {
        stop.install()
        self.stop = stop
    }

    /// Begins anew, with nothing that a script could see of what was before: another context on the same heap, which has the
    /// built-ins' code already. Not for an engine that was stopped, nor while values of the old context are held.
    func renew() {
        let last = context
        native = nil
        formerFunctions = functions
        functions = []
        context = JSGlobalContextCreateInGroup(group, nil)
        realm += 1
        native = NativeDispatch(self)
        heed(ThreadInterrupt())
        // A context holds its handler of rejections for good, and by it itself: it gets one of a context that stays.
        let other = haven ?? JSGlobalContextCreateInGroup(group, nil)
        haven = other
        let ignore = JSObjectMakeFunctionWithCallback(other, nil) { context, _, _, _, _, _ in JSValueMakeUndefined(context) }
        JSGlobalContextSetUnhandledRejectionCallback(last, ignore, nil)
        JSGlobalContextRelease(last)
    }

    /// Releases the engine's memory. The thread may make another one after that.
    package func close() {
        native = nil
        isClosing = true
        for script in scripts.values { JSScriptRelease(script) }
        JSGlobalContextRelease(context)
        if let haven { JSGlobalContextRelease(haven) }
        JSContextGroupRelease(group)
        functions = []
        formerFunctions = []
        if let outerStop { outerStop.install() } else { ThreadInterrupt.uninstall() }
        g_main_context_pop_thread_default(glib)
        g_main_context_unref(glib)
        watch?.release()
    }

    /// Whether the engine is to end; look after each call into the guest.
    package var isStopped: Bool { stop.isRaised }

    /// Whether the engine was stopped since its heap had become larger than allowed.
    package var isOutOfMemory: Bool { watch?.takeUnretainedValue().isOutOfMemory ?? false }

    /// Runs `body` inside the one call that lasts as long as the guest does.
    package func run(_ body: @escaping () -> Void) {
        withUnsafeTemporaryAllocation(of: GuestValue?.self, capacity: KeptValues.capacity) { slots in
            kept.pointee = KeptValues(slots: slots, after: kept.pointee)
            runInside(body)
            kept.pointee = KeptValues(after: kept.pointee)
        }
    }

    private func runInside(_ body: @escaping () -> Void) {
        guard EngineRuntime.drainMicrotasks != nil else { return body() }
        let inside = function("", waits: true) { _ in
            body()
            return nil
        }
        // By way of a function of the guest: the host's own does not count as an entry.
        guard let outer = try? evaluate("(function (inside) { inside(); })", at: "spindle:run") else { return }
        _ = try? call(outer, [inside])
    }

    /// Keeps the engine locked for many calls, each of which would lock it by itself. Not while the thread sleeps: the
    /// collector may have to wait for that.
    func lock() { JSLock(context) }
    func unlock() { JSUnlock(context) }

    /// Runs the microtasks that are ready, and those they make ready.
    package func drainMicrotasks() {
        guard let drain = EngineRuntime.drainMicrotasks else { return }
        lock()
        drain(group)
        unlock()
    }

    /// Ends the guest from within a host function: nothing of it runs any more, not even `finally`.
    ///
    /// - Returns: never in effect; throw what it gives.
    package func stopNow() -> GuestException {
        stop.raise()
        watch?.takeUnretainedValue().arm(after: 0)
        // The engine notices inside a script only. It is noticed at once, so this does not spin.
        do throws(GuestException) {
            _ = try evaluate("for (;;);", at: "spindle:stop")
        } catch {
            return error
        }
        return GuestException(Retained(undefined, in: self))
    }

    /// Runs what the engine has put off: finalization callbacks, asynchronous WebAssembly, idle collections.
    ///
    /// - Returns: whether there was any.
    package func performEngineWork() -> Bool {
        var didWork = false
        while g_main_context_iteration(glib, 0) != 0 { didWork = true }
        return didWork
    }

    /// How long the engine's own timers leave the thread to sleep, in nanoseconds; negative for as long as it likes.
    package func engineTimeout() -> Int64 {
        guard g_main_context_acquire(glib) != 0 else { return -1 }
        defer { g_main_context_release(glib) }
        var priority: Int32 = 0
        if g_main_context_prepare(glib, &priority) != 0 { return 0 }
        var timeout: Int32 = -1
        g_main_context_query(glib, Int32.max, &timeout, nil, 0)
        return timeout < 0 ? -1 : Int64(timeout) * 1_000_000
    }

    // MARK: Scripts and calls

    /// Evaluates a script in the global scope.
    ///
    /// - Parameter url: how stacks name it.
    package func evaluate(_ source: String, at url: String) throws(GuestException) -> GuestValue {
        try evaluate(JSString(source), at: url)
    }

    func evaluate(utf8 text: [UInt8], at url: String) throws(GuestException) -> GuestValue {
        try evaluate(JSString(adopting: text.withUnsafeBufferPointer { JSString.make($0) }), at: url)
    }

    /// Evaluates a built-in, which the engine keeps: another context has it without parsing it again.
    ///
    /// - Returns: its function; nil where there is none of that name.
    func evaluate(builtIn id: String) throws(GuestException) -> GuestValue? {
        guard let (index, text) = BuiltIns.script(id) else { return nil }
        let script =
            scripts[index]
            ?? JSString("node:" + id).use { url in
                JSScriptCreateReferencingImmortalASCIIText(group, url, 1, text.baseAddress, text.count, nil, nil)
            }
        guard let script else {
            throw GuestException(error("node:\(id) does not parse.", code: "ERR_INTERNAL_ASSERTION"), in: self)
        }
        scripts[index] = script
        var exception: GuestValue?
        guard let result = JSScriptEvaluate(context, script, nil, &exception), exception == nil else {
            throw GuestException(exception, in: self)
        }
        return keep(result)
    }

    func evaluate(_ script: borrowing JSString, at url: String) throws(GuestException) -> GuestValue {
        var exception: GuestValue?
        let result = JSString(url).use { url in
            script.use { JSEvaluateScript(context, $0, nil, url, 1, &exception) }
        }
        guard let result, exception == nil else { throw GuestException(exception, in: self) }
        return keep(result)
    }

    /// Calls a function of the guest.
    @discardableResult
    package func call(
        _ function: GuestValue, _ arguments: [GuestValue] = [], this: GuestValue? = nil
    ) throws(GuestException) -> GuestValue {
        guard function != undefined else { throw GuestException(undefined, in: self) }
        var exception: GuestValue?
        let result = arguments.withUnsafeBufferPointer { arguments in
            arguments.withMemoryRebound(to: GuestValue?.self) { arguments in
                JSObjectCallAsFunction(context, function, this, arguments.count, arguments.baseAddress, &exception)
            }
        }
        guard let result, exception == nil else { throw GuestException(exception, in: self) }
        return keep(result)
    }
}

/// What a script threw, or the sign that its engine was stopped.
///
/// Safe to send: it is not sent. Errors have to be Sendable, but this one never leaves the engine's thread.
package struct GuestException: Error, @unchecked Sendable {
    let value: Retained

    init(_ value: Retained) { self.value = value }

    init(_ value: GuestValue?, in engine: Engine) {
        self.value = Retained(value ?? engine.undefined, in: engine)
    }
}

/// Looks, every few milliseconds of running, whether the engine is to stop.
private final class Watch {
    /// In seconds of processor time. Costs nothing that can be measured, as loops poll.
    static let interval = 0.002

    // The engine outlives its looks.
    private unowned(unsafe) let engine: Engine
    private var heap: HeapWatch?
    private(set) var isOutOfMemory = false

    init(_ engine: Engine, heapLimit: Int?) {
        self.engine = engine
        heap = heapLimit.map { HeapWatch(limit: $0) }
    }

    /// The limit holds once, so each look sets the next.
    func arm(after seconds: Double) {
        JSContextGroupSetExecutionTimeLimit(
            engine.group, seconds,
            { _, data in
                guard let data else { return false }
                return Unmanaged<Watch>.fromOpaque(data).takeUnretainedValue().look()
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether the script is to end.
    private func look() -> Bool {
        if !engine.isStopped, heap?.isExceeded(engine) == true {
            isOutOfMemory = true
            engine.stop.raise()
        }
        arm(after: Watch.interval)
        return engine.isStopped
    }
}
