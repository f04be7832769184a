internal import Spindle
internal import TestSupport

/// Sends every message back.
enum Echo: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int
    static func run(_ parent: WorkerScope<Echo>) async throws {
        for try await number in parent.messages { try await parent.send(number) }
    }
}

/// Sends 1, 2, 3, … until its owner's queue is full, says so at the gate, and then waits for room for some more.
enum Filler: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int

    struct WorkerData: Codable, Sendable {
        let gate: TestGate
        /// How many to wait for room with.
        let more: Int
        /// Why sending was refused, each time.
        let refusals: TestLog
        /// How many were taken, at the end.
        let sent: TestLog
    }

    static func run(_ parent: WorkerScope<Filler>) async throws {
        let data = parent.workerData
        var sent = 0
        do throws(SendError<Int>) {
            while true {
                try parent.post(sent + 1)
                sent += 1
            }
        } catch {
            data.refusals.append(Note(error.reason))
        }
        try data.gate.begin()
        do throws(SendError<Int>) {
            for _ in 0..<data.more {
                try await parent.send(sent + 1)
                sent += 1
            }
        } catch {
            data.refusals.append(Note(error.reason))
        }
        try data.sent.append(sent)
    }
}

/// Talks over the ports it is sent: answers each number with the next, up to 1,000.
enum Talker: WorkerProgram {
    typealias Inbound = MessagePort<Int, Int>
    typealias Outbound = Int
    static func run(_ parent: WorkerScope<Talker>) async throws {
        for try await port in parent.messages {
            for try await number in port.messages {
                guard number < 1_000 else {
                    try await parent.send(number)
                    return
                }
                try await port.send(number + 1)
            }
        }
    }
}

/// Takes a port, and then blocks for its owner's next message and for one of the port.
enum PortListener: WorkerProgram {
    typealias Inbound = MessagePort<Int, Never>
    typealias Outbound = Never

    struct WorkerData: Codable, Sendable {
        let gate: TestGate
        let log: TestLog
    }

    static func run(_ parent: WorkerScope<PortListener>) async throws {
        var messages = parent.messages.makeAsyncIterator()
        guard let port = try await messages.next() else { return }
        let data = parent.workerData
        try data.gate.begin()
        data.log.append(parent.receive() == nil ? .noMessage : .message)
        data.log.append(port.receive() == nil ? .noMessage : .message)
    }
}

/// Sends ten buffers of the name it is given, and takes one of those it is sent.
enum Hoarder: WorkerProgram {
    typealias Inbound = SharedBuffer
    typealias Outbound = SharedBuffer
    typealias WorkerData = String

    static func run(_ parent: WorkerScope<Hoarder>) async throws {
        for _ in 0..<10 { try parent.post(SharedBuffer(byteLength: 1, name: parent.workerData)) }
        var messages = parent.messages.makeAsyncIterator()
        _ = try await messages.next()
    }
}

/// Sends a buffer of the name it is given and ends.
enum Leaver: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = SharedBuffer
    typealias WorkerData = String

    static func run(_ parent: WorkerScope<Leaver>) async throws {
        try parent.post(SharedBuffer(byteLength: 1, name: parent.workerData))
    }
}

/// Starts one ``Leaver`` after another, takes nothing from them, and says how many of their buffers it still holds.
enum Nursery: WorkerProgram {
    typealias Inbound = Int
    typealias Outbound = Int

    struct WorkerData: Codable, Sendable {
        let isolation: Isolation
        let count: Int
        /// Of the children and of what they leave.
        let name: String
    }

    static func run(_ parent: WorkerScope<Nursery>) async throws {
        let (data, name) = (parent.workerData, parent.workerData.name)
        for _ in 0..<data.count {
            let child = try await Worker(
                Leaver.self, workerData: name, isolation: data.isolation.value, options: WorkerOptions(name: name))
            _ = try await child.exit
        }
        guard await data.isolation.isGone(name) else { return }
        // What a process had sent goes when the link to it has noticed the process's end.
        _ = await ProcessCensus.falls(below: 1) { ProcessCensus.descriptors(ofMemoryFile: name).count }
        try await parent.send(ProcessCensus.descriptors(ofMemoryFile: name).count)
    }
}
