internal import CJavaScriptCore
internal import CSpindle
internal import Glibc
internal import SpindleMemory

/// What has to be settled in a process before its first engine exists; later is too late, or a fault.
enum EngineRuntime {
    /// Real-time, since programs use SIGUSR1, JavaScriptCore's own choice, for themselves.
    static let collectorSignal = spindle_realtime_signal(6)

    /// The engine's own draining of microtasks. Without it they run whenever the engine is left for good, which costs
    /// more and makes loops of microtasks unstoppable; see ``Engine/run(_:)``.
    static let drainMicrotasks: Drain? = {
        // RTLD_DEFAULT is a macro that Swift does not see.
        guard let symbol = dlsym(nil, "_ZN3JSC2VM15drainMicrotasksEv") else { return nil }
        return unsafeBitCast(symbol, to: Drain.self)
    }()
    typealias Drain = @convention(c) (JSContextGroupRef) -> Void

    /// Has an engine forget the code of all functions; they are parsed again when they are called.
    static let deleteAllCode: DeleteAllCode? = {
        guard let symbol = dlsym(nil, "_ZN3JSC2VM13deleteAllCodeENS_19DeleteAllCodeEffortE") else { return nil }
        return unsafeBitCast(symbol, to: DeleteAllCode.self)
    }()
    /// The effort is 0: whatever the collector is about.
    typealias DeleteAllCode = @convention(c) (JSContextGroupRef, Int32) -> Void

    /// Gives free memory of all engines back to the system at once, which they do by and by.
    static let releaseFreeMemory: (@convention(c) () -> Void)? = {
        guard let symbol = dlsym(nil, "_ZN3WTF27releaseFastMallocFreeMemoryEv") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)
    }()

    /// Happens once, at the first use.
    static let start: Void = {
        // A process without any variable has no list of them either, where the engine expects one: setting one makes it.
        setenv("JSC_none", "", 1)
        // Options from the environment would be those of whoever started us, and apply to every guest.
        var inherited: [String] = []
        var variable = environ
        while let text = variable.pointee {
            let name = String(cString: text).prefix { $0 != "=" }
            if name.hasPrefix("JSC_") { inherited.append(String(name)) }
            variable += 1
        }
        for name in inherited { unsetenv(name) }

        _ = JSConfigureSignalForGC(collectorSignal)
        // Loops look whether they are to stop, instead of having their code thrown away by each look.
        _ = jsc_options_set_boolean("usePollingTraps", 1)
        _ = jsc_options_set_boolean("useSharedArrayBuffer", 1)
        // A thread's stack is as large as was asked for; the engine would use five megabytes of it.
        _ = jsc_options_set_uint("maxPerThreadStackUsage", 1 << 30)
        // How much a small heap allocates between collections: more than a guest needs to begin, where 1 MiB makes it collect
        // once or twice. One that waits collects anyway.
        _ = jsc_options_set_uint("smallHeapSize", 4 << 20)
        provideMainThread()
    }()

    /// Gives the engine the thread that it takes for the program's main one. A collection of the whole heap by its own
    /// timer asks that thread's loop about memory pressure, and dereferences null where nobody has made one.
    ///
    /// The thread sleeps for ever: the loop it made must stay.
    private static func provideMainThread() {
        guard let symbol = dlsym(nil, "_ZN3WTF20initializeMainThreadEv") else { return }
        let initialize = unsafeBitCast(symbol, to: (@convention(c) () -> Void).self)
        let isReady = FutexWord()
        let failure = DetachedThread.start(stackSize: 256 << 10) {
            spindle_thread_set_name("spindle-jsc")
            initialize()
            isReady.store(1)
            isReady.wake(1)
            while true { pause() }
        }
        guard failure == nil else { return }
        while isReady.load() == 0 { isReady.wait(while: 0) }
    }

    /// Lets the collector reach this thread: those that Spindle starts have signals blocked.
    static func admitCollector() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, collectorSignal)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
