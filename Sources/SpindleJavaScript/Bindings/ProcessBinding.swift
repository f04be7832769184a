internal import CJavaScriptCore
internal import CSpindle
internal import Dispatch
internal import Glibc
internal import SpindleMemory

/// `process.versions.spindle`, by which a program tells this runtime from Node.js.
private let spindleVersion = "0.1.0"

/// `binding('process')`.
func makeProcessBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let signals = SignalWatch(guest.control)
    return engine.object(of: [
        "info": { [unowned guest] call in
            let engine = call.engine
            let configuration = guest.configuration
            let info = engine.object()
            let program = configuration.programPath.map { [$0] } ?? []
            let argv = [configuration.executable] + program + configuration.arguments
            engine.setProperty("argv", of: info, to: engine.array(argv))
            engine.setProperty("argv0", of: info, to: engine.value(configuration.name))
            engine.setProperty("execArgv", of: info, to: engine.array(configuration.engineArguments))
            engine.setProperty("execPath", of: info, to: engine.value(configuration.executable))
            engine.setProperty("pid", of: info, to: engine.value(Int(getpid())))
            engine.setProperty("ppid", of: info, to: engine.value(Int(getppid())))
            #if arch(x86_64)
                engine.setProperty("arch", of: info, to: engine.value("x64"))
            #else
                engine.setProperty("arch", of: info, to: engine.value("arm64"))
            #endif
            let versions = engine.object()
            engine.setProperty("spindle", of: versions, to: engine.value(spindleVersion))
            let library = [jsc_get_major_version(), jsc_get_minor_version(), jsc_get_micro_version()]
            engine.setProperty(
                "javascriptcore", of: versions, to: engine.value(library.map(\.description).joined(separator: ".")))
            engine.setProperty("versions", of: info, to: versions)
            return info
        },
        "environment": { [unowned guest] call in
            guard guest.sharedEnvironment == nil else { return nil }
            return call.engine.array(guest.configuration.environment.flatMap { [$0.key, $0.value] })
        },
        "shareEnvironment": { [unowned guest] call in
            guest.sharedEnvironment = GuestEnvironment(try call.engine.variables(in: call[0]))
            return nil
        },
        "sharedNames": { [unowned guest] call in
            call.engine.array(guest.sharedEnvironment?.names ?? [])
        },
        "sharedVariable": { [unowned guest] call in
            guest.sharedEnvironment?[try call.string(0)].map { call.engine.value($0) }
        },
        "setSharedVariable": { [unowned guest] call in
            guest.sharedEnvironment?[try call.string(0)] = call.engine.isUndefined(call[1]) ? nil : try call.string(1)
            return nil
        },
        "setHooks": { [unowned guest] call in
            for hook in [Guest.Hook.uncaught, .beforeExit, .exit, .signal, .threadMessage] {
                let function = call.engine.property(hook.rawValue, of: call[0])
                if call.engine.isFunction(function) { guest.hooks[hook] = Retained(function, in: call.engine) }
            }
            return nil
        },
        "printFatal": { [unowned guest] call in
            try call.engine.call(
                call.engine.property("printFatal", of: try guest.builtIn("internal/fatal")), [call[0], call[1]])
        },
        "reallyExit": { [unowned guest] call in
            guest.exitCode = Int32(truncatingIfNeeded: call.int(0))
            throw call.engine.stopNow()
        },
        "abort": { _ in abort() },
        "kill": { call in
            let result = kill(pid_t(truncatingIfNeeded: call.int(0)), Int32(truncatingIfNeeded: call.int(1)))
            return call.engine.outcome(result, errno)
        },
        "watchSignal": { call in
            call.engine.value(Int(signals.watch(Int32(truncatingIfNeeded: call.int(0)), call.bool(1))))
        },
        "hrtime": { call in call.engine.value(Int(spindle_monotonic_now())) },
        "memoryUsage": { call in
            let engine = call.engine
            let statistics = engine.heapStatistics()
            return engine.array([
                ProcessMemory.residentBytes, statistics.capacity, statistics.size, statistics.external, statistics.external,
            ])
        },
        "rss": { call in call.engine.value(ProcessMemory.residentBytes) },
        "availableMemory": { call in
            call.engine.value(sysconf(Int32(_SC_AVPHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))
        },
        "constrainedMemory": { call in call.engine.value(0) },
        "cpuUsage": { call in
            call.engine.array(processorTime(ofThread: call.bool(0)))
        },
        "resourceUsage": { call in
            let usage = resourceUsage(ofThread: false)
            return call.engine.array([
                usage.ru_utime.microseconds, usage.ru_stime.microseconds, usage.ru_maxrss, usage.ru_ixrss, usage.ru_idrss,
                usage.ru_isrss, usage.ru_minflt, usage.ru_majflt, usage.ru_nswap, usage.ru_inblock, usage.ru_oublock,
                usage.ru_msgsnd, usage.ru_msgrcv, usage.ru_nsignals, usage.ru_nvcsw, usage.ru_nivcsw,
            ])
        },
        "cwd": { call in
            guard let path = getcwd(nil, 0) else { throw HostError("ENOENT", "ENOENT: no such file or directory, uv_cwd") }
            defer { free(path) }
            return call.engine.value(String(cString: path))
        },
        "chdir": { call in call.engine.outcome(chdir(try call.string(0)), errno) },
        "umask": { call in
            let mask = call.int(0)
            // There is no call that only reads it.
            let old = umask(mask < 0 ? 0 : mode_t(mask & 0o777))
            if mask < 0 { umask(old) }
            return call.engine.value(Int(old))
        },
        "ids": { call in
            var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
            getgroups(Int32(groups.count), &groups)
            return call.engine.array([getuid(), geteuid(), getgid(), getegid()].map { Int($0) } + groups.map { Int($0) })
        },
    ])
}

/// What the calling thread, or the process, has used: microseconds of its own and of the system's.
func processorTime(ofThread: Bool) -> [Int] {
    let usage = resourceUsage(ofThread: ofThread)
    return [usage.ru_utime.microseconds, usage.ru_stime.microseconds]
}

private func resourceUsage(ofThread: Bool) -> rusage {
    var usage = rusage()
    // RUSAGE_THREAD and RUSAGE_SELF (getrusage(2)).
    getrusage(ofThread ? 1 : 0, &usage)
    return usage
}

extension timeval {
    fileprivate var microseconds: Int { tv_sec * 1_000_000 + Int(tv_usec) }
}

/// The signals that a guest listens to. Each is told to the guest's loop; none keeps it alive.
private final class SignalWatch {
    private let control: GuestControl
    private var sources: [Int32: any DispatchSourceSignal] = [:]

    init(_ control: GuestControl) { self.control = control }

    private static let longestRegistration = DispatchTimeInterval.seconds(5)

    /// - Returns: 0 or a negative error number.
    func watch(_ number: Int32, _ on: Bool) -> Int32 {
        if !on {
            sources.removeValue(forKey: number)?.cancel()
            signal(number, SIG_DFL)
            return 0
        }
        guard number != SIGKILL, number != SIGSTOP, number > 0, number < NSIG else { return -EINVAL }
        guard sources[number] == nil else { return 0 }
        // The queue sees it all the same.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [control] in
            control.inbox.post { guest in
                guard let hook = guest.hooks[.signal] else { return }
                guest.call(hook, [guest.engine.value(Int(number))])
            }
        }
        let isRegistered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { isRegistered.signal() }
        source.resume()
        // A signal that came before would be ignored and lost.
        _ = isRegistered.wait(timeout: .now() + Self.longestRegistration)
        sources[number] = source
        return 0
    }
}
