internal import CSpindle
internal import Glibc

/// How a process ended and what it had used: from the zygote, which reaps it, or as far as others can see it.
struct ProcessReport {
    /// As wait(2) gives it.
    let status: Int32
    /// In bytes; 0 when unknown.
    let maximumResidentMemory: Int64
    let cpuTime: Duration
}

extension ProcessReport {
    /// What /proc (proc(5)) shows of a process that has ended and was not reaped yet.
    ///
    /// Nil when it was, and when it shows an end without fault: so it looks too to who may not see more.
    init?(ofZombie pid: Int32, pidfd: Int32) {
        let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let text = withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
            String(decoding: buffer.prefix(max(0, read(file, buffer.baseAddress, buffer.count))), as: UTF8.self)
        }
        // Still there, so the number has not come to mean another one.
        guard spindle_pidfd_signal(pidfd, 0) == 0 else { return nil }
        // Behind the name, which may hold anything: from the third field on.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst().split(whereSeparator: \.isWhitespace)
        guard fields.count > 49, fields[0] == "Z", let status = Int32(fields[49]), status != 0,
            let user = Int64(fields[11]), let system = Int64(fields[12])
        else { return nil }
        self.init(
            status: status, maximumResidentMemory: 0,
            cpuTime: .milliseconds((user + system) * 1_000 / Int64(max(1, sysconf(Int32(_SC_CLK_TCK))))))
    }
}
