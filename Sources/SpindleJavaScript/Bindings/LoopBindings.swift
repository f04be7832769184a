internal import CJavaScriptCore
internal import CSpindle
internal import SpindleMessaging

/// `binding('tasks')`: ticks, microtasks, rejections.
func makeTasksBinding(_ guest: Guest) -> GuestValue {
    let binding = guest.engine.object(of: [
        "setTick": { [unowned guest] call in
            guest.hooks[.ticks] = Retained(call[0], in: call.engine)
            return nil
        },
        "holdForEngine": { [unowned guest] call in
            guest.isHeldForEngine = call.bool(0)
            if call.bool(0) { guest.loop.addReference() } else { guest.loop.removeReference() }
            return nil
        },
        "noteFinalizers": { [unowned guest] _ in
            guest.hasFinalizers = true
            return nil
        },
        // The engine does not tell of handlers that come later.
        "setRejectionTracker": { call in
            JSGlobalContextSetUnhandledRejectionCallback(call.engine.context, call[0], nil)
            return nil
        },
    ])
    guest.engine.add("drainMicrotasks", to: binding) { call in
        call.engine.drainMicrotasks()
        return nil
    }
    return binding
}

/// `binding('timers')`: the one timer of the loop, and its immediates.
func makeTimersBinding(_ guest: Guest) -> GuestValue {
    guest.loop.isTimerReferenced = false
    return guest.engine.object(of: [
        "now": { call in call.engine.value(Int(spindle_monotonic_now() / 1_000_000)) },
        "schedule": { [unowned guest] call in
            let delay = call.int(0)
            // From a whole millisecond, as `now` gives them: a timer must not fire before `now` says it is due.
            let now = spindle_monotonic_now() / 1_000_000
            guest.loop.timerDeadline = delay < 0 ? nil : (now + Int64(delay)) * 1_000_000
            return nil
        },
        "refTimer": { [unowned guest] call in
            guest.loop.isTimerReferenced = call.bool(0)
            return nil
        },
        "toggleImmediate": { [unowned guest] call in
            guest.loop.hasImmediates = call.bool(0)
            return nil
        },
        "setup": { [unowned guest] call in
            guest.hooks[.timers] = Retained(call[0], in: call.engine)
            guest.hooks[.immediates] = Retained(call[1], in: call.engine)
            return nil
        },
    ])
}

/// `binding('performance')`: the clock of this guest.
func makePerformanceBinding(_ guest: Guest) -> GuestValue {
    var lastSampler = 0
    return guest.engine.object(of: [
        // (milliseconds, f) → the number of what measures how late the loop is from now on; f(number) when samples are to be taken
        "startSampling": { [unowned guest] call in
            lastSampler += 1
            guest.hooks[.samples] = Retained(call[1], in: call.engine)
            guest.samplers[lastSampler] = DelaySampler(
                interval: Int64(clamping: call.int(0)).multipliedReportingOverflow(by: 1_000_000).partialValue,
                now: spindle_monotonic_now())
            return call.engine.value(lastSampler)
        },
        // (number) → nanoseconds between the moments that were measured
        "takeSamples": { [unowned guest] call in
            call.engine.array((guest.samplers[call.int(0)]?.take() ?? []).map { Double($0) })
        },
        "stopSampling": { [unowned guest] call in
            guest.samplers[call.int(0)] = nil
            return nil
        },
        "now": { [unowned guest] call in call.engine.value(Double(spindle_monotonic_now() - guest.startedAt) / 1e6) },
        "loopIdle": { [unowned guest] call in call.engine.value(Double(guest.control.figures.usage().idle) / 1e6) },
        "loopStart": { [unowned guest] call in
            call.engine.value(guest.loopStartedAt.map { Double($0 - guest.startedAt) / 1e6 } ?? -1)
        },
        "timeOrigin": { [unowned guest] call in call.engine.value(guest.timeOrigin) },
    ])
}
