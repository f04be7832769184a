/// The limits of the control group that this process is in; nil stands for none.
///
/// Reads version 2 (cgroups(7)), the present one; a machine with version 1 alone shows no limits.
struct ControlGroup {
    /// In cores.
    let cores: Double?
    /// In bytes.
    let memory: Int?
    let threads: Int?

    static var current: ControlGroup {
        ControlGroup(membership: TextFile.read("/proc/self/cgroup") ?? "") { TextFile.read("/sys/fs/cgroup" + $0) }
    }

    /// - Parameters:
    ///   - membership: the text of `/proc/self/cgroup`.
    ///   - read: the content of a file below the mount point of the control groups, nil if it is not there.
    init(membership: String, read: (String) -> String?) {
        let path = membership.split(separator: "\n").first { $0.hasPrefix("0::/") }?.dropFirst("0::/".count)
        // A limit of an outer group holds for the inner ones too.
        var groups = [""]
        for component in (path ?? "").split(separator: "/") { groups.append(groups[groups.count - 1] + "/" + component) }
        func least<Value: Comparable>(_ file: String, _ parse: ([Substring]) -> Value?) -> Value? {
            groups.compactMap { read("\($0)/\(file)").map { $0.split { $0 == " " || $0 == "\n" } }.flatMap(parse) }.min()
        }
        cores = least("cpu.max") { words in
            guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 else { return nil }
            return quota / period
        }
        memory = least("memory.max") { $0.first.flatMap { Int($0) } }
        threads = least("pids.max") { $0.first.flatMap { Int($0) } }
    }
}
