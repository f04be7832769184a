import Spindle

@main
enum SpindleBenchmarks {
    static func main() async throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        let owner = try ThreadExecutor(name: "owner")
        // Not on the main actor, which is where `main` begins.
        try await withTaskExecutorPreference(owner) { try await measure(wanted) }
    }

    @concurrent
    static func measure(_ wanted: Set<String>) async throws {
        for (name, measure) in metrics where wanted.isEmpty || wanted.contains(name) {
            try await measure().print()
        }
    }
}
