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
            var configuration = GuestConfiguration(
                entry: flag("isSource") ? .source(program, name: "[worker eval]", printsResult: false) : .file(program))
            configuration.arguments = try texts("argv")
            configuration.executable = guest.configuration.executable
            configuration.programPath = flag("isSource") ? "[worker eval]" : program
            configuration.name = try engine.string(engine.property("name", of: options))
            configuration.closesDescriptors = flag("closesDescriptors")
            let environment = try texts("env")
            for index in stride(from: 0, to: environment.count - 1, by: 2) {
                configuration.environment[environment[index]] = environment[index + 1]
            }
            let stackSize = engine.int(engine.property("stackSize", of: options))
            if stackSize > 0 { configuration.stackSize = stackSize }
            let heapLimit = engine.int(engine.property("heapLimit", of: options))
            configuration.heapLimit = guest.configuration.heapLimit
            if heapLimit > 0 { configuration.heapLimit = min(heapLimit, configuration.heapLimit ?? heapLimit) }
            let data = try guest.takeMessage(call, from: 2)
            do {
                let (threadID, port) = try guest.startWorker(
                    configuration, data: data, capturesOutput: (flag("stdout"), flag("stderr")), handler: call[1])
                return engine.array([threadID, port])
            } catch {
                throw HostError("ERR_WORKER_INIT_FAILED", "Worker initialization failure: \(error)")
            }
        },
        "terminate": { [unowned guest] call in
            guest.workers[call.int(0)]?.life.terminate(within: GuestWorker.deadline)
            return nil
        },
        "ref": { [unowned guest] call in
            guest.setReference(toWorker: call.int(0), call.bool(1))
            return nil
        },
        "online": { [unowned guest] _ in
            guest.configuration.worker?.tell(.online)
            return nil
        },
        "fail": { [unowned guest] call in
            let message = try guest.takeMessage(call, from: 0)
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
