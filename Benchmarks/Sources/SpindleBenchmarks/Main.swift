import Spindle

@main
enum SpindleBenchmarks {
    static func main() async throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        let owner = try ThreadExecutor(name: "owner")
        try await withTaskExecutorPreference(owner) { try await measure(wanted) }
    }

    static func measure(_ wanted: Set<String>) async throws {
        for (name, measure) in metrics where wanted.isEmpty || wanted.contains(name) {
            try await measure().print()
        }
    }
}
