//! The examples of the guide "Exchange values, buffers and ports with a guest".
import Spindle
import SpindleJavaScript

// snippet.values
struct Order: Codable {
    var article: String
    var count: Int
}

/// Asks a guest for the price of orders, one after the other.
func prices(of orders: [Order]) async throws -> [Double] {
    let worker = try await JavaScriptWorker(
        .source(
            """
            const { parentPort, workerData: prices } = require('node:worker_threads');
            parentPort.on('message', ({ article, count }) => parentPort.postMessage(prices[article] * count));
            """), workerData: ["tea": 4.5, "cake": 3])
    for order in orders { try await worker.send(order) }
    worker.finishSending()
    var sums: [Double] = []
    for try await sum in worker.messages(as: Double.self) { sums.append(sum) }
    return sums
}
// snippet.end

// snippet.buffer
/// Has a guest invert a picture. Between threads its bytes are copied neither there nor back.
func invert(_ picture: TransferBuffer) async throws -> TransferBuffer? {
    let worker = try await JavaScriptWorker(
        .source(
            """
            const { parentPort } = require('node:worker_threads');
            parentPort.once('message', (picture) => {
                const pixels = new Uint8Array(picture);
                for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - pixels[i];
                parentPort.postMessage(picture, [picture]);
            });
            """))
    try await worker.send(picture)
    for try await inverted in worker.messages(as: TransferBuffer.self) { return inverted }
    return nil
}
// snippet.end

// snippet.shared
/// Lets a guest count in memory that both see, and waits until it is done.
func countTogether() async throws -> Int32 {
    let memory = try SharedBuffer(byteLength: 8)
    let words = try memory.view(of: Int32.self)
    let worker = try await JavaScriptWorker(
        .source(
            """
            const words = new Int32Array(require('node:worker_threads').workerData);
            for (let i = 0; i < 1_000_000; i++) Atomics.add(words, 0, 1);
            Atomics.store(words, 1, 1);
            Atomics.notify(words, 1);
            """), workerData: memory)
    for _ in 0..<1_000_000 { try words.add(1, at: 0) }
    _ = try await words.waitAsync(at: 1, expecting: 0)
    _ = try await worker.exit
    return try words.load(at: 0)
}
// snippet.end

// snippet.port
/// A connection of its own with a guest: questions go there, numbers come back.
func connect(to worker: JavaScriptWorker) async throws -> MessagePort<Int, String> {
    let channel = MessageChannel<String, Int>()
    try await worker.send(["connection": channel.port2])
    return channel.port1
}
// snippet.end

// snippet.functions
/// Lends a guest a function and a value.
func options(stock: @escaping @Sendable (String) async throws -> Int) -> JavaScriptOptions {
    var options = JavaScriptOptions()
    options.functions["inStock"] = HostFunction { (article: String) async throws -> Bool in try await stock(article) > 0 }
    options.values["currency"] = "EUR"
    return options
}
// snippet.end

print(try await prices(of: [Order(article: "tea", count: 2), Order(article: "cake", count: 1)]))
print(try await invert(TransferBuffer([0, 255, 5]))?.byteCount ?? 0)
print(try await countTogether())
let listener = try await JavaScriptWorker(
    .source(
        """
        require('node:worker_threads').parentPort.once('message', ({ connection }) => {
            connection.on('message', (text) => connection.postMessage(text.length));
        });
        """), options: options { _ in 1 })
let port = try await connect(to: listener)
try await port.send("four")
for try await length in port.messages {
    print(length)
    break
}
await listener.terminate()
