internal import Synchronization

/// Counts what the tasks of a run have done, and shows it on the standard error.
final class ProgressDisplay: Sendable {
    // Relaxed throughout: the counters order nothing, they are only shown.
    private let bytes = Atomic<Int>(0)
    private let files = Atomic<Int>(0)
    private let totalBytes: Int
    private let totalFiles: Int
    private let start = ContinuousClock.now

    init(totalBytes: Int, totalFiles: Int) {
        self.totalBytes = totalBytes
        self.totalFiles = totalFiles
    }

    func add(bytes count: Int) { bytes.wrappingAdd(count, ordering: .relaxed) }

    func endFile() { files.wrappingAdd(1, ordering: .relaxed) }

    /// Shows the progress while `body` runs, and a summary when it has ended well.
    /// A pipe gets a first line at once: it says that the listing is done.
    func show<Result: Sendable>(during body: () async throws -> Result) async rethrows -> Result {
        if Console.terminalWidth == nil {
            Console.remark("\(Quantity.files(totalFiles)), \(Quantity.bytes(totalBytes)) to read\n")
        }
        let ticker = Task { await tick() }
        do {
            let result = try await body()
            await end(ticker)
            Console.remark("\(line.summary)\n")
            return result
        } catch {
            await end(ticker)
            throw error
        }
    }

    private var line: ProgressLine {
        let elapsed = (ContinuousClock.now - start).components
        return ProgressLine(
            bytes: bytes.load(ordering: .relaxed), totalBytes: totalBytes,
            files: files.load(ordering: .relaxed), totalFiles: totalFiles,
            elapsed: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18)
    }

    /// Ends by cancellation. The width is asked for every time: terminals are resized.
    private func tick() async {
        while (try? await Task.sleep(for: Console.terminalWidth == nil ? .seconds(5) : .milliseconds(100))) != nil {
            if let width = Console.terminalWidth {
                Console.remark(Self.clearLine + line.bar(width: width))
            } else {
                Console.remark(line.plain + "\n")
            }
        }
    }

    /// Waits for the ticker, so that it draws nothing after the line is cleared.
    private func end(_ ticker: Task<Void, Never>) async {
        ticker.cancel()
        await ticker.value
        if Console.terminalWidth != nil { Console.remark(Self.clearLine) }
    }

    /// Back to the first column, and erase to the end (ECMA-48).
    private static let clearLine = "\r\u{1B}[K"
}
