internal import Spindle
internal import TestSupport

extension Step {
    func take(_ parent: WorkerScope<Steps>) async throws {
        switch self {
        case .post(let number): try parent.post(number)
        case .send(let numbers): for number in numbers { try await parent.send(number) }
        case .echo: for try await number in parent.messages { try await parent.send(number) }
        case .answerBlocking: while let number = parent.receive() { try parent.post(number + 1) }
        case .receiveOne:
            var messages = parent.messages.makeAsyncIterator()
            _ = try await messages.next()
        case .receiveAll: for try await _ in parent.messages {}
        case .sendSum:
            var sum = 0
            for try await number in parent.messages { sum += number }
            try await parent.send(sum)

        case .begin(let gate): try gate.begin()
        case .pass(let gate): try await gate.pass()
        case .blockStubbornly(let gate): try gate.blockStubbornly()
        case .awaitBegin(let gate): try await gate.begun()

        case .exit(let code): try parent.exit(code)
        case .fail(let error): throw error
        case .spin(let duration):
            let end = ContinuousClock.now + duration
            while ContinuousClock.now < end {}

        case .noteEndOfMessages(let log): await noteEndOfMessages(parent, log)
        case .noteEndOfWait(let buffer, let log): try noteEndOfWait(buffer, log)
        case .notePost(let log):
            do throws(SendError<Int>) { try parent.post(0) } catch { log.append(Note(error.reason)) }
        case .sendIsCancelled: try await parent.send(Task.isCancelled ? 1 : 0)
        case .sendIdentity: try await parent.send(Int(parent.id.number))
        case .sendParent: try await parent.send(Int(parent.parentID.number))
        case .sendIsNamed(let name): try await parent.send(parent.name == name ? 1 : 0)
        case .sendIsHere: try await sendIsHere(parent)
        case .sendDepth: try await parent.send(EnvironmentData[.depth] ?? -1)
        case .setDepth(let depth): EnvironmentData[.depth] = depth

        case .forwardChild(let isolation, let steps):
            let child = try await Worker.steps(steps, in: isolation)
            for try await number in child.messages { try await parent.send(number) }
        case .awaitChild(let isolation, let steps):
            _ = try await Worker.steps(steps, in: isolation).exit

        case .keepChild(let isolation, let steps):
            let child = try await Worker.steps(steps, in: isolation)
            Task { _ = try? await child.exit }

        case .postAtEnd, .noteAtEnd, .withChild:
            preconditionFailure("Steps that enclose others are taken with them.")
        }
    }

    private func noteEndOfMessages(_ parent: WorkerScope<Steps>, _ log: TestLog) async {
        do throws(CancellationError) {
            for try await _ in parent.messages {}
            log.append(.endOfMessages)
        } catch {
            log.append(.cancellationError)
        }
        log.append(Task.isCancelled ? .cancelled : .notCancelled)
    }

    private func noteEndOfWait(_ buffer: SharedBuffer, _ log: TestLog) throws {
        let view = try buffer.view(of: Int32.self)
        do throws(SharedBufferError) {
            _ = try view.wait(at: 0, expecting: 0)
            log.append(.notified)
        } catch {
            log.append(error.code == .interrupted ? .interrupted : .otherError)
        }
    }

    private func sendIsHere(_ parent: WorkerScope<Steps>) async throws {
        func isHere() -> Bool { parent.executor.serialExecutor.isIsolatingCurrentContext() == true }
        try await parent.send(isHere() ? 1 : 0)
        for try await _ in parent.messages { try await parent.send(isHere() ? 1 : 0) }
        async let child = isHere()
        try await parent.send(await child ? 1 : 0)
    }
}
