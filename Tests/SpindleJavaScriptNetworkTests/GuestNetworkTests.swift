import Foundation
import SpindleJavaScript
import SpindleJavaScriptNetwork
import Synchronization
import Testing

/// Runs the guest programs in `Guest`, each of which also passes under Node.js, and looks at who may reach the network.
@Suite struct GuestNetworkTests {
    static let directory = URL(filePath: #filePath).appending(path: "../Guest").standardized.path
    static let files: [String] = {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return all.filter { $0.hasSuffix(".test.cjs") }.sorted()
    }()

    @Test(arguments: files) func `a guest program passes`(file: String) async throws {
        var configuration = GuestConfiguration(entry: .file(Self.directory + "/" + file))
        configuration.environment = ["PATH": "/usr/bin:/bin", "TEST_CERTIFICATES": try Self.certificates.get()]
        let outcome = try await run(configuration)
        let failures = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.hasPrefix("not ok") }
        #expect(outcome.code == 0, "\(failures.isEmpty ? outcome.output : failures.prefix(40).joined(separator: "\n"))")
        #expect(outcome.output.contains("passed"))
    }

    @Test func `there are guest programs`() { #expect(Self.files.count >= 4) }

    @Test func `a guest without a network is told so, and one with it serves itself`() async throws {
        let program = """
            try {
                const net = require('net');
                const server = net.createServer((socket) => socket.end('served')).listen(0, '127.0.0.1', () => {
                    net.connect(server.address().port, '127.0.0.1').on('data', (data) => {
                        console.log(String(data));
                        server.close();
                    });
                });
            } catch (error) {
                console.log(error.code);
            }
            """
        var configuration = GuestConfiguration(entry: .source(program, name: "[test]", printsResult: false))
        #expect(try await run(configuration).output == "ERR_ACCESS_DENIED\n")
        configuration.network = .sockets
        #expect(try await run(configuration).output == "served\n")
    }

    @Test(arguments: [nil, GuestNetwork.sockets])
    func `a policy says whether there is a network`(network: GuestNetwork?) async throws {
        var options = JavaScriptOptions()
        options.policy.modules = nil
        options.policy.network = network
        let worker = try await JavaScriptWorker(
            .source(
                """
                const { parentPort } = require('worker_threads');
                try {
                    const server = require('net').createServer().listen(0, '127.0.0.1');
                    parentPort.postMessage('listening');
                    server.close();
                } catch (error) {
                    parentPort.postMessage(error.code);
                }
                """), options: options)
        var told: String?
        for try await message in worker.messages(as: String.self) { told = message }
        #expect(told == (network == nil ? "ERR_ACCESS_DENIED" : "listening"))
    }

    @Test func `a guest that is stopped closes its sockets`() async throws {
        let program = """
            const server = require('net').createServer(() => {}).listen(0, '127.0.0.1', () => {
                const { port } = server.address();
                require('net').connect(port, '127.0.0.1', () => console.log(port));
            });
            """
        var configuration = GuestConfiguration(entry: .source(program, name: "[test]", printsResult: false))
        configuration.network = .sockets
        let control = GuestControl()
        let port = try await run(configuration, control) { _ in control.terminate() }.output.dropLast()
        #expect(Int(port) != nil)
        configuration.entry = .source(
            "require('net').connect(\(port), '127.0.0.1').on('error', (error) => console.log(error.code))", name: "[test]",
            printsResult: false)
        #expect(try await run(configuration).output == "ECONNREFUSED\n")
    }

    // MARK: Support

    /// A key and a certificate for this machine, made for this run.
    static let certificates = Result<String, any Error> {
        let folder = NSTemporaryDirectory() + "spindle-certificates-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem",
            "-days",
            "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.3",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        return folder
    }

    struct Outcome {
        var code: Int32
        var output: String
    }

    func run(
        _ configuration: GuestConfiguration, _ control: GuestControl = GuestControl(),
        printed: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Outcome {
        let output = Output()
        var configuration = configuration
        if case .file(let path) = configuration.entry { configuration.programPath = path }
        if configuration.environment["TEST_CERTIFICATES"] != nil { configuration.network = .sockets }
        configuration.write = { _, bytes in
            output.bytes.withLock { $0 += Array(bytes) }
            printed(String(decoding: bytes, as: UTF8.self))
            return 0
        }
        let ended = AsyncStream<Int32>.makeStream()
        try Guest.start(configuration, control: control) { code in
            ended.continuation.yield(code)
            ended.continuation.finish()
        }
        var code: Int32 = -1
        for await ending in ended.stream { code = ending }
        return Outcome(code: code, output: String(decoding: output.bytes.withLock { $0 }, as: UTF8.self))
    }

    private final class Output: Sendable {
        let bytes = Mutex([UInt8]())
    }
}
