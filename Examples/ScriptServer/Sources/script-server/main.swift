import ScriptServer
import Spindle

let runner = try await ScriptRunner()
try await scriptServer(runner).runService()
await runner.close()
