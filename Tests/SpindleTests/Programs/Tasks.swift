internal import Spindle
internal import TestSupport

/// Gives back what it is given.
enum Same: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int { number }
}

/// Squares a number and reports on the way.
enum Square: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Double>) async throws -> Int {
        context.report(0.5)
        context.report(1)
        return number * number
    }
}

/// The name of the thread it runs on.
enum AskThreadName: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> String? { ThreadExecutor.current?.name }
}

/// Whether it runs in a cancelled Swift task.
enum AskIsCancelled: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Bool { Task.isCancelled }
}

// MARK: Gates

/// Says that it has begun.
enum Begin: WorkerTask {
    static func run(_ gate: TestGate, _ context: TaskContext<Never>) async throws -> Bool {
        try gate.begin()
        return true
    }
}

/// Holds its thread until the gate opens or it is told to stop; whether it was the former.
enum Block: WorkerTask {
    static func run(_ gate: TestGate, _ context: TaskContext<Never>) async throws -> Bool { try gate.block() }
}

/// Holds its thread until the gate opens, whatever it is told.
enum BlockStubbornly: WorkerTask {
    static func run(_ gate: TestGate, _ context: TaskContext<Never>) async throws -> Bool {
        try gate.blockStubbornly()
        return true
    }
}

/// Waits, holding no thread, until the gate opens or it is cancelled.
enum Pass: WorkerTask {
    static func run(_ gate: TestGate, _ context: TaskContext<Never>) async throws -> Bool {
        try await gate.pass()
        return true
    }
}

/// Blocks for a millisecond on a word that nobody changes; whether the time was up.
enum WaitOnWord: WorkerTask {
    static func run(_ buffer: SharedBuffer, _ context: TaskContext<Never>) async throws -> Bool {
        try buffer.view(of: Int32.self).wait(at: 0, expecting: 0, timeout: .milliseconds(1)) == .timedOut
    }
}

// MARK: Failures and notes

struct Odd: Error, Equatable {
    let attempt: Int
}

/// Throws ``Odd`` with the number it is given.
enum Fail: WorkerTask {
    static func run(_ number: Int, _ context: TaskContext<Never>) async throws -> Int { throw Odd(attempt: number) }
}

/// Notes each attempt, and throws in all but the third.
enum SucceedThirdTime: WorkerTask {
    static func run(_ log: TestLog, _ context: TaskContext<Never>) async throws -> Int {
        try log.append(context.attempt)
        guard context.attempt == 3 else { throw Odd(attempt: context.attempt) }
        return 42
    }
}

/// Notes a number, unless it is asked to fail, or to wait until it is stopped.
enum Enter: WorkerTask {
    struct Input: Codable, Sendable {
        enum Kind: Codable { case plain, failing, waiting }
        var kind = Kind.plain
        let number: Int
        let log: TestLog
    }

    static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> Int {
        switch input.kind {
        case .plain: break
        case .failing: throw Odd(attempt: input.number)
        case .waiting: try await TestGate().pass()
        }
        try input.log.append(input.number)
        return input.number
    }
}

// MARK: Workers of a task's own

/// Starts a worker that outlives it, and notes there when that one ends.
enum LeaveChild: WorkerTask {
    struct Input: Codable, Sendable {
        let isolation: Isolation
        let gate: TestGate
        let log: TestLog
    }

    static func run(_ input: Input, _ context: TaskContext<Never>) async throws -> Bool {
        let child = try await Worker.steps(
            [.noteAtEnd(.child, input.log), .begin(input.gate), .receiveAll], in: input.isolation)
        try await input.gate.begun()
        // Holds the handle, whose loss would end the child as well.
        Task { _ = try? await child.exit }
        return true
    }
}

// MARK: Warm-ups

/// Leaves its thread's name for the tasks of the worker.
enum NoteThreadName: WorkerWarmUp {
    static func warmUp() async throws { EnvironmentData[.warmThreadName] = ThreadExecutor.current?.name }
}

/// What ``NoteThreadName`` left on this worker; holds it until the gate opens.
enum AskForWarmth: WorkerTask {
    static func run(_ gate: TestGate, _ context: TaskContext<Never>) async throws -> String? {
        guard try gate.block() else { return nil }
        return EnvironmentData[.warmThreadName]
    }
}

enum FailToWarmUp: WorkerWarmUp {
    static func warmUp() async throws { throw Odd(attempt: 0) }
}

extension EnvironmentData.Key where Value == String {
    static let warmThreadName = Self("warm-thread-name")
}
