internal import Glibc

/// `binding('os')`.
func makeSystemBinding(_ guest: Guest) -> GuestValue {
    guest.engine.object(of: [
        "hostname": { call in
            var name = [CChar](repeating: 0, count: 256)
            gethostname(&name, name.count - 1)
            return call.engine.value(text(of: name))
        },
        "uptime": { call in
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return call.engine.value(Double(time.tv_sec) + Double(time.tv_nsec / 10_000_000) / 100)
        },
        "totalmem": { call in call.engine.value(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) },
        "freemem": { call in
            let available = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
            let kibibytes = available.flatMap { Int($0.split(separator: " ")[1]) }
            return call.engine.value((kibibytes ?? 0) * 1024)
        },
        "parallelism": { call in call.engine.value(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) },
        "uname": { call in
            var names = utsname()
            uname(&names)
            let fields = withUnsafeBytes(of: names) { bytes in
                // Six fields of one size, one after the other.
                let size = MemoryLayout.size(ofValue: names.sysname)
                return [0, 2, 3, 4].map { index in
                    String(decoding: bytes[(index * size)...].prefix(size).prefix { $0 != 0 }, as: UTF8.self)
                }
            }
            return call.engine.array(fields)
        },
        "loadavg": { call in
            var averages = [0.0, 0.0, 0.0]
            getloadavg(&averages, 3)
            return call.engine.array(averages)
        },
        "cpus": { call in processors(call.engine) },
        "interfaces": { call in interfaces(call.engine) },
        "userInfo": { call in
            guard let user = getpwuid(getuid()) else { return call.engine.value(-Int(errno == 0 ? ENOENT : errno)) }
            let engine = call.engine
            return engine.array([
                engine.value(String(cString: user.pointee.pw_name)), engine.value(Int(user.pointee.pw_uid)),
                engine.value(Int(user.pointee.pw_gid)), engine.value(String(cString: user.pointee.pw_dir)),
                engine.value(String(cString: user.pointee.pw_shell)),
            ])
        },
        "getPriority": { call in
            errno = 0
            // PRIO_PROCESS is 0 (setpriority(2)).
            let priority = getpriority(0, id_t(truncatingIfNeeded: call.int(0)))
            return call.engine.array([-Int(errno), Int(priority)])
        },
        "setPriority": { call in
            let result = setpriority(
                0, id_t(truncatingIfNeeded: call.int(0)), Int32(truncatingIfNeeded: call.int(1)))
            return call.engine.outcome(result, errno)
        },
    ])
}

private func text(of characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func lines(of path: String) -> [Substring] {
    guard case .bytes(let memory, let count) = FileOperations.readFile(.path(path), flags: O_RDONLY, asText: false) else {
        return []
    }
    return String(decoding: memory.bytes.prefix(count), as: UTF8.self).split(separator: "\n")
}

/// Flat: model, MHz, then milliseconds of user, nice, system, idle and interrupts (proc(5)).
private func processors(_ engine: Engine) -> GuestValue {
    var models: [String] = []
    var speeds: [Int] = []
    for line in lines(of: "/proc/cpuinfo") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { continue }
        if line.hasPrefix("model name") { models.append(String(parts[1].drop { $0 == " " })) }
        if line.hasPrefix("cpu MHz") { speeds.append(Int(Double(parts[1].drop { $0 == " " }) ?? 0)) }
    }
    var values: [GuestValue] = []
    let tick = 1000 / max(1, sysconf(Int32(_SC_CLK_TCK)))
    let times = lines(of: "/proc/stat").filter { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") }
    for (index, line) in times.enumerated() {
        let fields = line.split(separator: " ").dropFirst().map { (Int($0) ?? 0) * tick }
        guard fields.count >= 6 else { continue }
        values.append(engine.value(index < models.count ? models[index] : "unknown"))
        values.append(engine.value(index < speeds.count ? speeds[index] : 0))
        values += [0, 1, 2, 3, 5].map { engine.value(fields[$0]) }
    }
    return engine.array(values)
}

/// Flat: name, address, netmask, family, MAC, whether it is internal, scope (getifaddrs(3)).
private func interfaces(_ engine: Engine) -> GuestValue {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return engine.array([GuestValue]()) }
    defer { freeifaddrs(first) }
    var addresses: [String: String] = [:]
    let entries = sequence(first: first, next: { $0?.pointee.ifa_next }).compactMap { $0?.pointee }
    for entry in entries {
        guard let address = entry.ifa_addr, address.pointee.sa_family == AF_PACKET else { continue }
        // sockaddr_ll: the hardware address begins at byte 12.
        let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + 12, count: 6)
        addresses[String(cString: entry.ifa_name)] = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(
            separator: ":")
    }
    var values: [GuestValue] = []
    for entry in entries where entry.ifa_flags & UInt32(IFF_RUNNING) != 0 {
        guard let address = entry.ifa_addr, let mask = entry.ifa_netmask else { continue }
        let family = Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { continue }
        let name = String(cString: entry.ifa_name)
        let scope =
            family == AF_INET6
            ? address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { Int($0.pointee.sin6_scope_id) } : 0
        values += [
            engine.value(name), engine.value(numeric(address)), engine.value(numeric(mask)),
            engine.value(family == AF_INET ? 4 : 6), engine.value(addresses[name] ?? "00:00:00:00:00:00"),
            engine.value(entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0), engine.value(scope),
        ]
    }
    return engine.array(values)
}

private func numeric(_ address: UnsafeMutablePointer<sockaddr>) -> String {
    let isVersion4 = Int32(address.pointee.sa_family) == AF_INET
    // Where the address lies in sockaddr_in and sockaddr_in6.
    let bytes = UnsafeRawPointer(address) + (isVersion4 ? 4 : 8)
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(isVersion4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
