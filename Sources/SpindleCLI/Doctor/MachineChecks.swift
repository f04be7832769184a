internal import CSpindle
internal import Glibc

/// Processors, memory and what limits them.
enum MachineChecks {
    static func all() -> [Finding] { [kernel(), cores(), memory(), descriptors(), threadLimit(), nice()] }

    private static func kernel() -> Finding {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return .ok("kernel", "Linux \(release)")
    }

    private static func cores() -> Finding {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        guard let limit = ControlGroup.current.cores, limit < Double(online) else { return .ok("cores", "\(online)") }
        return .limited(
            "cores", "\(Quantity.oneDecimal(limit)) of \(online)",
            "The control group allows no more CPU time (cpu.max); size pools by that, or raise it.")
    }

    private static func memory() -> Finding {
        let installed = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        guard let limit = ControlGroup.current.memory, limit < installed else {
            return .ok("memory", Quantity.bytes(installed))
        }
        return .limited(
            "memory", "\(Quantity.bytes(limit)) of \(Quantity.bytes(installed))",
            "The control group ends the program beyond that (memory.max); raise it for large data.")
    }

    private static func descriptors() -> Finding {
        limit(
            "open files", spindle_limit_descriptors(), enough: 1_024,
            "Connections and shared buffers take one each; raise it with 'ulimit -n 65536'.")
    }

    private static func threadLimit() -> Finding {
        let own = spindle_limit_threads()
        let group = ControlGroup.current.threads.map(UInt64.init) ?? .max
        return limit(
            "threads and processes", min(own, group), enough: 256,
            "Every worker takes one; raise " + (group < own ? "the control group's pids.max." : "it with 'ulimit -u 4096'."))
    }

    private static func limit(_ name: String, _ value: UInt64, enough: UInt64, _ advice: String) -> Finding {
        let text = value == .max ? "unlimited" : "\(value)"
        return value >= enough ? .ok(name, text) : .limited(name, text, advice)
    }

    /// Reads the right instead of trying it: a thread's nice value could not always be put back.
    private static func nice() -> Finding {
        // capabilities(7): CAP_SYS_NICE is bit 23.
        let capabilities = TextFile.read("/proc/self/status")?.split(separator: "\n")
            .first { $0.hasPrefix("CapEff:") }
            .flatMap { UInt64($0.dropFirst("CapEff:".count).drop { $0 == "\t" }, radix: 16) }
        guard let capabilities, capabilities & 1 << 23 != 0 else {
            return .limited(
                "nice values", "0 and above",
                "Workers can be made to yield to others (nice above 0), not to go before them; that takes CAP_SYS_NICE.")
        }
        return .ok("nice values", "any")
    }
}
