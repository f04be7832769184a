internal import ArgumentParser
internal import Glibc
internal import SpindleJavaScript
internal import SpindleJavaScriptNetwork

/// Runs a JavaScript program as this command's own, until it ends.
enum GuestRun {
    /// - Throws: its exit code, always.
    static func run(_ entry: GuestConfiguration.Entry, program: String?, arguments: [String]) async throws -> Never {
        var configuration = GuestConfiguration(entry: entry)
        configuration.programPath = program
        configuration.arguments = arguments
        configuration.environment = environment
        configuration.executable = executable
        configuration.endsProcess = true
        configuration.network = .sockets
        let started = configuration
        let code = try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Int32, any Error>) in
            do {
                // Its own stack is bounded: the engine turns deep recursion into a RangeError before it ends.
                try Guest.start(started, control: GuestControl()) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        // Threads that are blocked in the system are not waited for.
        fflush(nil)
        _exit(code)
    }

    private static var environment: [String: String] {
        var result: [String: String] = [:]
        var variable = environ
        while let text = variable.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty { result[String(parts[0])] = String(parts[1]) }
            variable += 1
        }
        return result
    }

    private static var executable: String {
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(path) }
        return String(cString: path)
    }
}
