internal import SpindleMessaging

/// `binding('worker')`: starting workers, and what a worker has of its own.
func makeWorkerBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let binding = engine.object(of: [
        "start": { [unowned guest] call in
            let engine = call.engine
            let options = call[0]
            func flag(_ name: String) -> Bool { engine.bool(engine.property(name, of: options)) }
            func texts(_ name: String) throws -> [String] {
                try engine.elements(of: engine.property(name, of: options)).map { try engine.string($0) }
            }
            let program = try engine.string(engine.property("program", of: options))
            let name = "[worker eval]"
            let entry: GuestConfiguration.Entry =
                switch try engine.string(engine.property("kind", of: options)) {
                case "module": .module(program, name: name)
                case "source": .source(program, name: name, printsResult: false)
                case "url": .url(program)
                default: .file(program)
                }
            var configuration = GuestConfiguration(entry: entry)
            configuration.programPath = if case .file = entry { program } else if case .url = entry { program } else { name }
            configuration.arguments = try texts("argv")
            configuration.engineArguments = try texts("execArgv")
            configuration.executable = guest.configuration.executable
            configuration.name = try engine.string(engine.property("name", of: options))
            let environment = engine.property("env", of: options)
            if engine.isUndefined(environment) {
                configuration.sharedEnvironment = guest.sharedEnvironment
            } else {
                configuration.environment = try engine.variables(in: environment)
            }
            let stackSize = engine.int(engine.property("stackSize", of: options))
            if stackSize > 0 { configuration.stackSize = stackSize }
            let data = guest.takeMessage(call, from: 2)
            do {
                let (threadID, port) = try guest.startWorker(
                    configuration, data: data, hasInput: flag("stdin"), capturesOutput: (flag("stdout"), flag("stderr")),
                    handler: call[1])
                return engine.array([threadID, port])
            } catch {
                throw HostError("ERR_WORKER_INIT_FAILED", "Worker initialization failure: \(error)")
            }
        },
        "terminate": { [unowned guest] call in
            guest.workers[call.int(0)]?.control.terminate()
            return nil
        },
        "ref": { [unowned guest] call in
            guest.setReference(toWorker: call.int(0), call.bool(1))
            return nil
        },
        // (threadId, text, whether each character is a byte, done)
        "feed": { [unowned guest] call in
            let done = Once(guest.expectLater(then: call[3]), otherwise: noAnswer)
            let bytes = try call.bytes(1)
            guest.workers[call.int(0)]?.input.feed(bytes) { done(noAnswer) }
            return nil
        },
        "endInput": { [unowned guest] call in
            guest.workers[call.int(0)]?.input.finish()
            return nil
        },
        // (threadId, done, …message)
        "postToThread": { [unowned guest] call in
            let message = guest.takeMessage(call, from: 2)
            let sender = guest.configuration.worker?.threadID ?? 0
            guest.ask(call.int(0), then: call[1]) { receiver in
                let outcome = receiver.receive(message, fromThread: sender)
                return { $0.value(outcome) }
            }
            return nil
        },
        // (threadId, whether of processor time, done)
        "figures": { [unowned guest] call in
            let isOfTime = call.bool(1)
            guest.ask(call.int(0), then: call[2]) { other in
                let figures = isOfTime ? processorTime(ofThread: true) : other.engine.heapStatistics().all
                return { $0.array(figures) }
            }
            return nil
        },
        "online": { [unowned guest] _ in
            guest.configuration.worker?.tell(.online)
            return nil
        },
        "fail": { [unowned guest] call in
            let message = guest.takeMessage(call, from: 0)
            guest.configuration.worker?.tell(.error(message))
            return nil
        },
        "data": { [unowned guest] _ in
            guest.configuration.worker.map { guest.hand(over: $0.data) }
        },
        "usage": { [unowned guest] call in
            let usage = guest.workers[call.int(0)]?.control.figures.usage()
            return usage.map { call.engine.array([Double($0.idle) / 1e6, Double($0.active) / 1e6]) }
        },
    ])
    let worker = guest.configuration.worker
    engine.setProperty("threadId", of: binding, to: engine.value(worker?.threadID ?? 0))
    engine.setProperty("port", of: binding, to: engine.value(worker.map { guest.adoptPort($0.port) } ?? 0))
    return binding
}

extension Guest {
    /// Has the program process a message of another guest.
    ///
    /// - Returns: what its handler says; 1 when it has none.
    fileprivate func receive(_ message: GuestMessage, fromThread threadID: Int) -> Int {
        guard let handler = hooks[.threadMessage] else { return 1 }
        var outcome = 1
        perform {
            outcome = engine.int(try engine.call(handler.value, [engine.value(threadID), hand(over: message)]))
        }
        return outcome
    }
}

extension HeapStatistics {
    fileprivate var all: [Int] { [size, capacity, external, objects] }
}
