import Foundation
import Synchronization
import Testing

/// A headless Chromium, driven by DevTools messages through a pipe.
///
/// Messages are JSON, each ended by a NUL; the browser reads them from descriptor 3 and
/// writes to 4. The shell moves our pipes there, since Foundation only fills 0 to 2.
final class Chromium: Sendable {
    static let path = "/usr/bin/chromium"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// A message from the browser. Its values come from JSONSerialization and are never changed.
    struct Message: @unchecked Sendable {
        let json: [String: Any]
        var method: String? { json["method"] as? String }
        var parameters: [String: Any] { json["params"] as? [String: Any] ?? [:] }
        var result: [String: Any] { json["result"] as? [String: Any] ?? [:] }
    }

    private struct State {
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Message, any Error>] = [:]
        var isClosed = false
    }

    private let process: pid_t
    private let input: FileHandle
    private let profile: URL
    private let state = Mutex(State())
    /// What the browser tells without being asked.
    let events: AsyncStream<Message>
    private let eventSource: AsyncStream<Message>.Continuation

    /// Runs `body` with a browser, which is gone when this returns: by its own end, or killed by its number.
    static func with(_ body: (Chromium) async throws -> Void) async throws {
        let profile = FileManager.default.temporaryDirectory.appending(path: "spindle-chromium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: profile) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", path, "--headless=new", "--no-sandbox",
            "--remote-debugging-pipe", "--user-data-dir=\(profile.path)", "--no-first-run", "--disable-gpu",
            "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
            "--window-size=1280,900", "--hide-scrollbars",
        ]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        let (ended, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        let browser = Chromium(process.processIdentifier, input.fileHandleForWriting, profile)
        browser.listen(to: output.fileHandleForReading)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(browser))
        } catch {
            outcome = .failure(error)
        }
        // Asked to end, it takes its children along; their profile can be deleted then.
        let deadline = Task {
            try await Task.sleep(for: .seconds(10))
            // Its own number: the shell became the browser.
            kill(process.processIdentifier, SIGKILL)
        }
        _ = try? await browser.call("Browser.close")
        for await _ in ended {}
        deadline.cancel()
        browser.close()
        try outcome.get()
    }

    private init(_ process: pid_t, _ input: FileHandle, _ profile: URL) {
        self.process = process
        self.input = input
        self.profile = profile
        (events, eventSource) = AsyncStream.makeStream()
    }

    /// Sends a command and waits for its result, 30 seconds at most.
    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:], session: String? = nil) async throws -> Message {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        var json: [String: Any] = ["id": id, "method": method, "params": parameters]
        json["sessionId"] = session
        let data = try JSONSerialization.data(withJSONObject: json) + Data([0])
        let deadline = Task { [self] in
            try await Task.sleep(for: .seconds(30))
            resume(id, .failure(Failure(description: "\(method): no answer within 30 seconds")))
        }
        defer { deadline.cancel() }
        let answer = try await withCheckedThrowingContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting[id] = continuation }
                return state.isClosed
            }
            guard !isClosed else { return continuation.resume(throwing: Failure(description: "The browser has ended.")) }
            do {
                try input.write(contentsOf: data)
            } catch {
                resume(id, .failure(error))
            }
        }
        if let error = answer.json["error"] { throw Failure(description: "\(method): \(error)") }
        return answer
    }

    private func resume(_ id: Int, _ result: Result<Message, any Error>) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(with: result)
    }

    /// Reads on a thread of its own until the browser ends.
    private func listen(to output: FileHandle) {
        Thread.detachNewThread { [self] in
            var rest = Data()
            while case let data = output.availableData, !data.isEmpty {
                rest += data
                while let end = rest.firstIndex(of: 0) {
                    if let json = try? JSONSerialization.jsonObject(with: rest[..<end]) as? [String: Any] {
                        receive(Message(json: json))
                    }
                    rest = Data(rest[(end + 1)...])
                }
            }
            close()
        }
    }

    private func receive(_ message: Message) {
        if let id = message.json["id"] as? Int { resume(id, .success(message)) } else { eventSource.yield(message) }
    }

    private func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(throwing: Failure(description: "The browser has ended.")) }
        eventSource.finish()
    }
}
