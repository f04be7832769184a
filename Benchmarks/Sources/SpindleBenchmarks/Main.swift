import Foundation
import Spindle

@main
enum SpindleBenchmarks {
    static func main() async throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        // An owner on a thread of its own: a wake-up from a worker then does not go by way of the cooperative pool.
        let owner = try ThreadExecutor(name: "owner")
        let allMeasured = await withTaskExecutorPreference(owner) { await measure(wanted) }
        if !allMeasured { exit(EXIT_FAILURE) }
    }

    /// Concurrent, so as not to run on the main actor, where `main` begins.
    @concurrent
    private static func measure(_ wanted: Set<String>) async -> Bool {
        var allMeasured = true
        for (name, measure) in metrics where wanted.isEmpty || wanted.contains(name) {
            do {
                try await measure().print()
            } catch {
                allMeasured = false
                FileHandle.standardError.write(Data("\(name): \(error)\n".utf8))
            }
        }
        return allMeasured
    }
}
