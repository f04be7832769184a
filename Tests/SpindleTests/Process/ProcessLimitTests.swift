internal import CSpindle
internal import Glibc
internal import Spindle
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(5))) struct `The limits of a worker process` {
    private func limited(_ limits: ProcessLimits) -> ProcessConfiguration { .init(standardError: .discard, limits: limits) }

    @Test func `on address space make allocations fail`() async throws {
        let end = try await WorkerProcess.end(of: "allocate", limited(.init(addressSpace: 1 << 30)))
        #expect(end.cause == .exited(code: 12))
    }

    @Test func `on memory in use end it, and its end says so`() async throws {
        let end = try await WorkerProcess.end(
            of: "allocate", limited(.init(addressSpace: 16 << 30, residentMemory: 64 << 20)))
        #expect(end.cause == .signalled(SIGKILL) && end.limit == .residentMemory)
        #expect(end.maximumResidentMemory > 64 << 20)
    }

    @Test func `on CPU time end it, and its end says so`() async throws {
        let end = try await WorkerProcess.end(of: "spin", limited(.init(cpuSeconds: 1)))
        #expect(end.cause == .signalled(SIGXCPU) && end.limit == .cpuSeconds)
        #expect(end.cpuTime > .milliseconds(500))
    }

    @Test func `on open files make opening fail`() async throws {
        let packets = Packets()
        _ = try await WorkerProcess.errand("open", limited(.init(openFiles: 20)), packets: packets)
        let opened = try #require(await packets.next()?.first)
        #expect(opened > 10 && opened < 18, "3 standard descriptors and the control socket are among the 20")
    }

    @Test func `on the size of files end it, and its end says so`() async throws {
        let path = try TemporaryFile()
        let end = try await WorkerProcess.end(of: "write \(path.name)", limited(.init(fileSize: 8192)))
        #expect(end.cause == .signalled(SIGXFSZ) && end.limit == .fileSize)
    }

    @Test(.enabled(if: getuid() == 0, "needs privileges"))
    func `on processes make forking fail, for a user without privileges`() async throws {
        var configuration = limited(.init(processes: 1))
        configuration.user = 61_000
        configuration.group = 61_001
        #expect(try await WorkerProcess.end(of: "fork", configuration).cause == .exited(code: 11))
        configuration.limits.processes = nil
        #expect(try await WorkerProcess.end(of: "fork", configuration).cause == .exited(code: 0))
    }

    @Test(.enabled(if: getuid() == 0, "needs privileges"))
    func `and its weight, processors and identity are as it was told`() async throws {
        let packets = Packets()
        var configuration = limited(.init(nice: 7, cpuAffinity: [0]))
        configuration.user = 61_000
        configuration.group = 61_001
        _ = try await WorkerProcess.errand("figures", configuration, packets: packets)
        let figures = await packets.nextText()
        #expect(figures == "7 0 61000 61001")
    }

    @Test func `on the network leave local sockets alone`() async throws {
        let hardened = ProcessConfiguration(standardError: .discard, hardening: .init(noNetwork: true))
        for (family, denied) in [(AF_INET, EPERM), (AF_INET6, EPERM), (AF_NETLINK, EPERM), (AF_UNIX, 0)] {
            #expect(try await WorkerProcess.end(of: "socket \(family)", hardened).cause == .exited(code: denied))
        }
        #expect(try await WorkerProcess.end(of: "socket \(AF_INET)").cause == .exited(code: 0))
    }

    @Test func `on writing hold outside the given paths, or are refused by name where the kernel has no Landlock`() async throws {
        let file = try TemporaryFile()
        let elsewhere = try TemporaryFile()
        let hardened = ProcessConfiguration(
            standardError: .discard, hardening: .readOnlyFileSystem(except: [file.directory]))
        guard spindle_landlock_version() >= 3 else {
            let error = await #expect(throws: WorkerStartError.self) { try await WorkerProcess.end(of: "write x", hardened) }
            #expect(error?.code == .unsupported)
            #expect(error?.message.contains("Landlock") == true)
            return
        }
        #expect(try await WorkerProcess.end(of: "write \(file.name)", hardened).cause == .exited(code: 0))
        #expect(try await WorkerProcess.end(of: "write \(elsewhere.name)", hardened).cause == .exited(code: EACCES))
    }

    /// A place for a file, which goes with this.
    private final class TemporaryFile {
        let directory: String
        var name: String { directory + "/file" }

        init() throws {
            let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
            var template = Array("\(root)/spindle-XXXXXX".utf8CString)
            directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        }

        deinit {
            unlink(name)
            rmdir(directory)
        }
    }
}
