import Spindle

@main
enum SpindleBenchmarks {
    static func main() async throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        // An owner on a thread of its own: a wake-up from a worker then does not go by way of the cooperative pool.
        let owner = try ThreadExecutor(name: "owner")
        try await withTaskExecutorPreference(owner) { try await measure(wanted) }
    }

    /// Concurrent, so as not to run on the main actor, where `main` begins.
    @concurrent
    private static func measure(_ wanted: Set<String>) async throws {
        for (name, measure) in metrics where wanted.isEmpty || wanted.contains(name) {
            try await measure().print()
        }
    }
}
