//! The examples of the guide "JavaScript guests".
import SpindleJavaScript

// snippet.worker
/// Multiplies numbers in JavaScript, on a thread of its own.
func triple(_ numbers: [Int]) async throws -> [Int] {
    let program = JavaScriptSource.source(
        """
        const { parentPort, workerData } = require('node:worker_threads');
        parentPort.on('message', (numbers) => parentPort.postMessage(numbers.map((n) => n * workerData.factor)));
        """)
    let worker = try await JavaScriptWorker(program, workerData: ["factor": 3])
    try await worker.send(numbers)
    worker.finishSending()
    for try await result in worker.messages(as: [Int].self) { return result }
    return []
}
// snippet.end

// snippet.untrusted
/// Runs what a user has written: for a second at most, in 64 MiB, with one way out.
func runRule(_ text: String, prices: @escaping @Sendable (String) async throws -> Double) async throws -> Double {
    var options = JavaScriptOptions()
    options.policy.lifetimeLimit = .seconds(1)
    options.policy.memoryLimit = 64 << 20
    options.functions["price"] = HostFunction { (article: String) async throws -> Double in try await prices(article) }
    let pool = try await JavaScriptPool(.module(text), options: options)
    let result: Double = try await pool.run("tea")
    await pool.shutdownNow()
    return result
}
// snippet.end

print(try await triple([1, 2, 3]))
print(try await runRule("export default async (article) => 2 * await price(article);") { _ in 4.5 })
