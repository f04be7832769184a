import Foundation
@testable import Spindle
import SpindleCore
@testable import SpindleServer
@testable import SpindleWorkloads
import Testing

@Suite("The reason of a failed task as JSON")
struct FailureTests {
    private func json(_ failure: TaskFailure) throws -> String {
        String(decoding: try JSONCoding.encode(failure), as: UTF8.self)
    }

    private func crash(_ cause: WorkerCrash.Cause, _ lines: [String] = []) throws -> String {
        try json(TaskFailure(.crashed([WorkerCrash(cause: cause, processID: 7, lastErrorLines: lines)])))
    }

    @Test("A signal has its name, and the last lines of standard error come along")
    func signal() throws {
        #expect(
            try crash(.signal(4), ["one", "<b>\"two\"</b>"])
                == #"{"code":"worker-crashed","crash":{"cause":"signal","lastErrorLines":["one","<b>\"two\"</b>"],"#
                + #""signal":"SIGILL"},"message":"The task's worker died at it, and nothing else. "#
                + #"The worker process was ended by signal 4 (SIGILL)."}"#)
        #expect(try crash(.signal(63)).contains(#""signal":"63""#))
    }

    @Test("Every other cause has a name and what belongs to it")
    func causes() throws {
        #expect(try crash(.exitCode(130)).contains(#""crash":{"cause":"exit-code","exitCode":130,"lastErrorLines":[]}"#))
        #expect(try crash(.limit(.memory)).contains(#""crash":{"cause":"limit","lastErrorLines":[],"limit":"memory"}"#))
        #expect(try crash(.limit(.cpuTime)).contains(#""limit":"cpu-time""#))
        #expect(try crash(.limit(.fileSize)).contains(#""limit":"file-size""#))
        #expect(try crash(.malformedMessage("a length of -1")).contains(#""cause":"malformed-message""#))
        #expect(try crash(.setUp("no such directory")).contains(#""cause":"set-up""#))
        #expect(try crash(.unknown).contains(#""cause":"unknown""#))
    }

    @Test("Of several crashes the last is told, and how many there were")
    func poisonous() throws {
        let crashes = [4, 11].map { WorkerCrash(cause: .signal($0), processID: 7) }
        let failure = TaskFailure(.crashed(crashes))
        #expect(failure.code == "poisonous" && failure.crash?.signal == "SIGSEGV")
        #expect(failure.message.contains("2 workers"))
    }

    @Test("What a process wrote is cut to some lines of some length, the last ones")
    func bounded() throws {
        let lines = (1...100).map { "\($0) " + String(repeating: "x", count: 100_000) }
        let told = try #require(TaskFailure(.crashed([WorkerCrash(cause: .unknown, processID: 7, lastErrorLines: lines)])).crash)
        #expect(told.lastErrorLines.count == 16)
        #expect(told.lastErrorLines.last?.hasPrefix("100 x") == true)
        #expect(told.lastErrorLines.allSatisfy { $0.count <= 1_000 })
    }

    @Test("A workload's own words are told from a thread and from a process alike; of other errors nothing is")
    func words() throws {
        let error = WorkloadError(.malformed, "Row 3 has a quote that is never closed.")
        let failure = TaskFailure(code: "failed", message: error.message)
        #expect(TaskFailure(ofWork: error) == failure)
        #expect(TaskFailure(ofWork: RemoteError(error)) == failure)
        #expect(TaskFailure(ofWork: RemoteError(CocoaError(.fileNoSuchFile))) == nil)
        #expect(TaskFailure(ofWork: CocoaError(.fileNoSuchFile)) == nil)
    }

    @Test("A task that no crash ended has no crash in its reason")
    func withoutCrash() throws {
        #expect(try json(TaskFailure(.timedOut(wasAbandoned: false))).hasPrefix(#"{"code":"timed-out","message":"#))
        #expect(TaskFailure(.shutDown()).code == "stopped")
    }
}
