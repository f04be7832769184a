import Foundation
import Synchronization

@testable import SpindleJavaScript

/// What a guest printed and how it ended.
struct GuestOutcome {
    var code: Int32
    var output: String
}

/// Runs a guest to its end on a thread of its own; what it prints is collected, both streams as one.
///
/// - Parameter started: called once the guest has its thread.
func runGuest(
    _ configuration: GuestConfiguration, control: GuestControl = GuestControl(), started: (GuestControl) async -> Void = { _ in },
    by start: (GuestConfiguration, GuestControl, @escaping @Sendable (Int32) -> Void) throws -> Void = {
        try Guest.start($0, control: $1, ended: $2)
    }
) async throws -> GuestOutcome {
    let printed = Printed()
    var configuration = configuration
    configuration.environment = ["PATH": "/usr/bin:/bin", "HOME": NSTemporaryDirectory()]
    if case .file(let path) = configuration.entry { configuration.programPath = path }
    if let builtCommand { configuration.executable = builtCommand }
    configuration.write = { _, bytes in
        printed.bytes.withLock { $0 += Array(bytes) }
        return 0
    }
    let ended = AsyncStream<Int32>.makeStream()
    try start(configuration, control) { code in
        ended.continuation.yield(code)
        ended.continuation.finish()
    }
    await started(control)
    var code: Int32 = -1
    for await ending in ended.stream { code = ending }
    return GuestOutcome(code: code, output: String(decoding: printed.bytes.withLock { $0 }, as: UTF8.self))
}

/// Runs a piece of JavaScript.
func runGuest(
    _ source: String, control: GuestControl = GuestControl(), started: (GuestControl) async -> Void = { _ in }
) async throws -> GuestOutcome {
    let configuration = GuestConfiguration(entry: .source(source, name: "[test]", printsResult: false))
    return try await runGuest(configuration, control: control, started: started)
}

private final class Printed: Sendable {
    let bytes = Mutex([UInt8]())
}

/// The directory of the guest programs.
let guestDirectory = URL(filePath: #filePath).appending(path: "../../Guest").standardized.path

/// The command `spindle` beside these tests, for guests that start further ones; nil where it is not built.
private let builtCommand: String? = {
    let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "spindle")
        .path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()
