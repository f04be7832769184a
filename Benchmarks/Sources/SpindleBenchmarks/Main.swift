@main
enum SpindleBenchmarks {
    static func main() async throws {
        try await measure(Set(CommandLine.arguments.dropFirst()))
    }

    @Owner
    private static func measure(_ wanted: Set<String>) async throws {
        for (name, measure) in metrics where wanted.isEmpty || wanted.contains(name) {
            try await measure().print()
        }
    }
}
