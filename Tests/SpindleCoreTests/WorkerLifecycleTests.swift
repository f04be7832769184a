internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `The worker lifecycle` {
    @Test func `a program that returns ends the worker as it says`() {
        var lifecycle = WorkerLifecycle()
        #expect(lifecycle.state == .starting && !lifecycle.hasExited)
        #expect(lifecycle.programStarted() == true)
        #expect(lifecycle.state == .online)
        #expect(lifecycle.programEnded(.exited(code: 3)).exit?.code == 3)
        #expect(lifecycle.state == .exited && lifecycle.hasExited)
    }

    @Test func `a program that is told to stop ends as terminated, whatever it returns`() {
        var lifecycle = WorkerLifecycle()
        _ = lifecycle.programStarted()
        #expect(lifecycle.terminateRequested() == true)
        #expect(lifecycle.terminateRequested() == false)
        #expect(lifecycle.programEnded(.completed).exit?.description == "terminated")
        #expect(lifecycle.deadlinePassed() == false)
    }

    @Test func `a program that is told to stop before it began does not begin`() {
        var lifecycle = WorkerLifecycle()
        #expect(lifecycle.terminateRequested() == true)
        #expect(lifecycle.programStarted() == false)
        #expect(lifecycle.programEnded(.terminated).exit?.description == "terminated")
    }

    @Test func `a program that has not stopped by the deadline is abandoned, and its end then only counted`() {
        var lifecycle = WorkerLifecycle()
        _ = lifecycle.programStarted()
        _ = lifecycle.terminateRequested()
        #expect(lifecycle.deadlinePassed() == true)
        #expect(lifecycle.deadlinePassed() == false)
        #expect(lifecycle.state == .abandoned && lifecycle.hasExited)
        #expect(lifecycle.terminateRequested() == false)
        #expect(lifecycle.programEnded(.completed).exit == nil)
        #expect(lifecycle.state == .abandonedEnded && lifecycle.hasExited)
    }

    @Test func `a deadline without a request to stop does nothing`() {
        var lifecycle = WorkerLifecycle()
        #expect(lifecycle.deadlinePassed() == false)
        _ = lifecycle.programStarted()
        #expect(lifecycle.deadlinePassed() == false)
        #expect(lifecycle.state == .online)
    }

    @Test func `nothing moves a worker that has ended`() {
        var lifecycle = WorkerLifecycle()
        _ = lifecycle.programStarted()
        _ = lifecycle.programEnded(.completed)
        #expect(lifecycle.terminateRequested() == false)
        #expect(lifecycle.deadlinePassed() == false)
        #expect(lifecycle.programStarted() == false)
        #expect(lifecycle.state == .exited)
    }

    @Test(arguments: SeededRandom.seeds(200))
    func `every course has exactly one exit`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var lifecycle = WorkerLifecycle()
        var exits = 0
        var thread = ["start", "end"][...]
        var wasTold = false
        while !thread.isEmpty {
            switch random.below(4) {
            case 0:
                wasTold = true
                let hadExited = lifecycle.hasExited
                if lifecycle.terminateRequested() { #expect(!hadExited) }
            case 1:
                if lifecycle.deadlinePassed() {
                    #expect(wasTold)
                    exits += 1
                }
            default:
                if thread.removeFirst() == "start" {
                    #expect(lifecycle.programStarted() == !wasTold)
                } else if case .exit(let exit) = lifecycle.programEnded(.completed) {
                    #expect((exit.code == 0) == !wasTold)
                    exits += 1
                }
            }
            #expect(exits == (lifecycle.hasExited ? 1 : 0))
        }
        #expect(exits == 1)
    }

    @Test func `exits have the codes and words that a log needs`() {
        struct Broken: Error {}
        #expect(WorkerExit.completed.code == 0)
        #expect(WorkerExit.exited(code: 78).code == 78)
        #expect([WorkerExit.failed(Broken()), .terminated, .abandoned].map(\.code) == [1, 1, 1])
        #expect(WorkerExit.failed(Broken()).description == "failed: Broken()")
        #expect(WorkerExit.exited(code: 78).description == "exited with code 78")
    }
}

extension WorkerLifecycle.EndAction {
    var exit: WorkerExit? { if case .exit(let exit) = self { exit } else { nil } }
}
