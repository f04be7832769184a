internal import Glibc
internal import Spindle
internal import SpindleMemory

/// A child that the guest's thread waits for: `spawnSync` and its like.
///
/// Waits until the child has ended and nobody holds its outputs any more; or until it was killed, for its end alone.
struct SynchronousRun {
    struct Outcome {
        var errno: Int32 = 0
        var pid: Int32 = 0
        var cause = RunningChild.Cause.unknown
        /// By the child's numbers; nil for what is no pipe.
        var outputs: [[UInt8]?] = []
    }

    private let connections: [Int]
    private let input: UnsafeRawBufferPointer
    private let inputMemory: HostMemory?
    /// In milliseconds; negative for none.
    private let timeout: Int
    /// In bytes, of all outputs together; negative for none.
    private let outputLimit: Int
    private let killSignal: Int32

    private var outcome = Outcome()
    private var outputs: [(number: Int, descriptor: WatchedDescriptor)] = []
    private var inputLeft: (descriptor: WatchedDescriptor, bytes: UnsafeRawBufferPointer)?
    private var outputCount = 0

    init(_ options: GuestValue, of engine: Engine, input: (Int) -> HostMemory?) {
        func number(_ name: String) -> Int { engine.int(engine.property(name, of: options)) }
        connections = engine.numbers("stdio", of: options)
        inputMemory = input(number("input"))
        self.input = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(inputMemory?.bytes ?? .init(start: nil, count: 0)).prefix(number("inputLength")))
        timeout = number("timeout")
        outputLimit = number("maxBuffer")
        killSignal = Int32(truncatingIfNeeded: number("killSignal"))
    }

    /// - Parameter stop: ends the wait, and the child.
    mutating func perform(_ plan: ChildPlan, unless stop: ThreadInterrupt) -> Outcome {
        var pipes = ChildConnections()
        do throws(ChildPlan.Failure) {
            let planned = try pipes.complete(plan, with: connections)
            let child = try RunningChild(unwatched: planned)
            outcome.pid = child.pid
            take(pipes.takeOwnEnds())
            pipes = ChildConnections()
            wait(for: child, unless: stop)
            outcome.cause = child.reap().cause
        } catch {
            outcome.errno = error.errno
        }
        return outcome
    }

    private mutating func take(_ ends: [Int32?]) {
        for (number, end) in ends.enumerated() {
            guard let end else {
                outcome.outputs.append(nil)
                continue
            }
            let descriptor = WatchedDescriptor(adopting: end)
            if number == 0 {
                outcome.outputs.append(nil)
                inputLeft = (descriptor, input)
                writeInput()
            } else {
                outcome.outputs.append([])
                outputs.append((number, descriptor))
            }
        }
    }

    private mutating func wait(for child: RunningChild, unless stop: ThreadInterrupt) {
        let deadline = timeout < 0 ? nil : ContinuousClock.now + .milliseconds(timeout)
        var isRunning = true
        while isRunning || !outputs.isEmpty {
            let descriptors = [child.withDescriptor { $0 }] + outputs.map(\.descriptor.number)
            var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if !isRunning { waits[0].fd = -1 }
            if let inputLeft { waits.append(pollfd(fd: inputLeft.descriptor.number, events: Int16(POLLOUT), revents: 0)) }
            // Now and then it is looked whether the guest is to end.
            poll(&waits, nfds_t(waits.count), 20)
            if waits[0].revents != 0 { isRunning = false }
            if inputLeft != nil, waits[waits.count - 1].revents != 0 { writeInput() }
            for index in outputs.indices.reversed() where waits[1 + index].revents != 0 { read(index) }
            if stop.isRaised {
                kill(child, SIGKILL)
            } else if outputLimit > 0, outputCount > outputLimit, outcome.errno == 0 {
                outcome.errno = ENOBUFS
                kill(child, killSignal)
            } else if let deadline, deadline < .now, outcome.errno == 0 {
                outcome.errno = ETIMEDOUT
                kill(child, killSignal)
            }
        }
    }

    private mutating func kill(_ child: RunningChild, _ signal: Int32) {
        child.signal(signal)
        outputs = []
        inputLeft = nil
    }

    private mutating func writeInput() {
        while let (descriptor, bytes) = inputLeft {
            guard !bytes.isEmpty else { return inputLeft = nil }
            let count = descriptor.write(bytes)
            if count == -Int(EAGAIN) { return }
            guard count >= 0 else { return inputLeft = nil }
            inputLeft = (descriptor, UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count)))
        }
    }

    private mutating func read(_ index: Int) {
        let (number, descriptor) = outputs[index]
        let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
            let count = descriptor.read(into: buffer)
            if count > 0 { outcome.outputs[number]?.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count > 0 { outputCount += count } else if count != -Int(EAGAIN) { outputs.remove(at: index) }
    }
}

extension SynchronousRun.Outcome {
    func value(in engine: Engine) -> GuestValue {
        let (code, signal) = cause.numbers
        let outputs = outputs.map { bytes in
            bytes.map { $0.withUnsafeBytes { engine.arrayBuffer(copying: $0) } } ?? engine.undefined
        }
        return engine.array(
            [-Int(errno), Int(pid), Int(code), Int(signal)].map { engine.value($0) } + [engine.array(outputs)])
    }
}

extension RunningChild.Cause {
    /// The exit code and the signal, as scripts see them; one of them is 0.
    var numbers: (code: Int32, signal: Int32) {
        switch self {
        case .exited(let code): (code, 0)
        case .signalled(let signal, _): (0, signal)
        case .unknown: (0, 0)
        }
    }
}
