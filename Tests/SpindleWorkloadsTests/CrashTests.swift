import Glibc
import SpindleWorkloads
import Testing

@Suite(.timeLimit(.minutes(5))) struct CrashTests {
    @Test func `a trap ends the process by a signal`() async {
        #if arch(x86_64)
            await #expect(processExitsWith: .signal(SIGILL)) { Crash.compute(.init(.trap)) }
        #else
            await #expect(processExitsWith: .signal(SIGTRAP)) { Crash.compute(.init(.trap)) }
        #endif
    }

    @Test func `abort ends the process by its signal`() async {
        await #expect(processExitsWith: .signal(SIGABRT)) { Crash.compute(.init(.abort)) }
    }

    @Test func `exit ends the process with the code that was asked for`() async {
        await #expect(processExitsWith: .exitCode(130)) { Crash.compute(.init(.exit, exitCode: 130)) }
    }

    @Test func `endless recursion runs into the end of the stack`() async {
        await #expect(processExitsWith: .signal(SIGSEGV)) { Crash.compute(.init(.stackOverflow)) }
    }
}
