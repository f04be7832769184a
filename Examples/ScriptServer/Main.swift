@main
struct Main {
    static func main() async throws {
        let runner = try await ScriptRunner()
        try await scriptServer(runner).runService()
        await runner.close()
    }
}
