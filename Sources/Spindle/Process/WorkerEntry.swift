internal import CSpindle
internal import Glibc

/// Where a parked child goes on when a program was handed to it: the first Swift code of the process.
@_cdecl("spindle_worker_main")
func workerMain(_ control: Int32, _ descriptors: UnsafePointer<Int32>, _ count: Int) -> Never {
    let control = ProcessControl(descriptor: control)
    let descriptors = Array(UnsafeBufferPointer(start: descriptors, count: count))
    do throws(NotApplied) {
        guard let record = LaunchRecord.read(descriptors[0]) else { throw NotApplied("read its launch file", errno: EBADMSG) }
        close(descriptors[0])
        try applyStandardDescriptors(descriptors[1..<SPINDLE_LAUNCH_FIXED])
        try record.configuration.apply()
        guard let program = _typeByName(record.program) as? any ProcessMain.Type else {
            throw NotApplied("find its program \(record.program)", errno: ENOENT)
        }
        program.main(
            ProcessStart(payload: record.payload, descriptors: Array(descriptors[SPINDLE_LAUNCH_FIXED...]), control: control))
    } catch {
        let message = "The worker process could not \(error.what) (\(systemMessage(error.errno)))."
        _ = control.send(.startFailure, withUnsafeBytes(of: error.errno) { Array($0) } + message.utf8)
        _exit(EX_OSERR)
    }
}

/// The steps of a start without their effects, for a child that waits: a fork comes without the
/// pages of the program's files, and touching those of this path for the first time takes a millisecond.
@_cdecl("spindle_worker_rehearse")
func rehearse(_ control: Int32, _ text: UnsafePointer<CChar>) {
    rehearse(Rehearsal(text: String(cString: text)))
    _ = ProcessControl(descriptor: control).send(.rehearsed, [0], waits: false)
}

private func rehearse(_ rehearsal: Rehearsal) {
    // Takes nothing away and sets nothing but the name.
    let configuration = ProcessConfiguration(limits: ProcessLimits(coreFiles: true))
    guard let written = try? LaunchRecord(program: rehearsal.main, configuration: configuration, payload: [0]).write() else {
        return
    }
    defer { close(written) }
    guard let record = LaunchRecord.read(written), (try? record.configuration.apply()) != nil,
        let main = _typeByName(record.program) as? any ProcessMain.Type
    else { return }
    var sockets: [Int32] = [-1, -1]
    guard spindle_packet_pair(&sockets) == 0 else { return }
    defer { for socket in sockets { close(socket) } }
    let start = ProcessStart(payload: record.payload, descriptors: [], control: ProcessControl(descriptor: sockets[0]))
    if start.control.send([1]) { _ = ProcessControl(descriptor: sockets[1]).receive() }
    main.rehearse(rehearsal.subject)
    waitForOtherThreads()
}

/// Waits until this thread is the only one of the process, for a tenth of a second at most: one that ends needs a moment.
///
/// - Returns: whether it is.
@discardableResult
private func waitForOtherThreads() -> Bool {
    let deadline = TimerThread.now + 100_000_000
    while spindle_thread_count() > 1 {
        guard TimerThread.now < deadline else { return false }
        sched_yield()
    }
    return true
}

/// Something of the configuration that the system refused.
private struct NotApplied: Error {
    let what: String
    let errno: Int32

    init(_ what: String, errno: Int32) {
        self.what = what
        self.errno = errno
    }
}

private func applyStandardDescriptors(_ descriptors: ArraySlice<Int32>) throws(NotApplied) {
    for (number, descriptor) in descriptors.enumerated() {
        guard dup2(descriptor, Int32(number)) >= 0 else { throw NotApplied("take on its standard descriptors", errno: errno) }
        close(descriptor)
    }
}

extension ProcessConfiguration {
    /// In the new process. What takes something away comes after what may need it.
    fileprivate func apply() throws(NotApplied) {
        spindle_process_set_name(name ?? "spindle-worker")
        applyEnvironment()
        try limits.apply()
        if user != nil || group != nil || hardening != ProcessHardening(), !waitForOtherThreads() {
            throw NotApplied("be confined, for another thread would not be", errno: EBUSY)
        }
        if user != nil || group != nil {
            try ensure(
                spindle_identity_set(user.map(Int64.init) ?? -1, group.map(Int64.init) ?? -1), "take on its user and group")
            // The kernel drops this with the identity.
            try ensure(spindle_die_with_parent(getppid()), "be tied to its owner")
        }
        if let workingDirectory, chdir(workingDirectory) != 0 {
            throw NotApplied("enter its working directory \(workingDirectory)", errno: errno)
        }
        try hardening.apply()
    }

    private func applyEnvironment() {
        switch environment {
        case .inherit: break
        case .merging(let changes):
            for (name, value) in changes {
                if let value { setenv(name, value, 1) } else { unsetenv(name) }
            }
        case .replacing(let all):
            clearenv()
            for (name, value) in all { setenv(name, value, 1) }
        }
    }
}

extension ProcessLimits {
    fileprivate func apply() throws(NotApplied) {
        if !coreFiles { try ensure(spindle_limit_set(Int32(SPINDLE_LIMIT_CORE), 0, 0), "turn core files off") }
        if let cpuSeconds {
            // The second to come is for a program that ignores the first signal.
            let hard = cpuSeconds.addingReportingOverflow(1)
            try ensure(
                spindle_limit_set(Int32(SPINDLE_LIMIT_CPU_SECONDS), cpuSeconds, hard.overflow ? cpuSeconds : hard.partialValue),
                "limit its CPU time")
        }
        for (limit, value, what) in [
            (SPINDLE_LIMIT_OPEN_FILES, openFiles, "limit its open files"),
            (SPINDLE_LIMIT_PROCESSES, processes, "limit its processes"),
            (SPINDLE_LIMIT_FILE_SIZE, fileSize, "limit the size of its files"),
            (SPINDLE_LIMIT_ADDRESS_SPACE, addressSpace, "limit its address space"),
        ] {
            if let value { try ensure(spindle_limit_set(Int32(limit), value, value), what) }
        }
        if let nice, setpriority(Int32(PRIO_PROCESS.rawValue), 0, Int32(nice)) != 0 {
            throw NotApplied("change its nice value", errno: errno)
        }
        if let cpuAffinity {
            try ensure(spindle_affinity_set(cpuAffinity.map(Int32.init), cpuAffinity.count), "be bound to its processors")
        }
    }
}

extension ProcessHardening {
    fileprivate func apply() throws(NotApplied) {
        if noNewPrivileges { try ensure(spindle_deny_privileges(), "give up new privileges") }
        if let writablePaths {
            let paths = writablePaths.map { UnsafePointer(strdup($0)) }
            var failed = 0
            let result = spindle_make_read_only(paths, paths.count, &failed)
            let place = failed < paths.count ? " but for \(writablePaths[failed])" : ""
            for path in paths { free(UnsafeMutablePointer(mutating: path)) }
            try ensure(result, "make its file system read-only\(place)")
        }
        if noNetwork { try ensure(spindle_deny_network(), "give up the network") }
    }
}

private func ensure(_ result: Int32, _ what: String) throws(NotApplied) {
    if result != 0 { throw NotApplied(what, errno: -result) }
}
