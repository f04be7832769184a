internal import SpindleWorkloads

/// A task that a client asked for, checked.
struct TaskRequest: Sendable {
    enum Work: Sendable {
        case allocate(Allocate.Input)
        case checksum(Checksum.Input)
        case crash(Crash.Input)
        case csv(CSVSummary.Input)
        case passwordHash(PasswordHash.Input)
        case primes(Primes.Input)
        case spin(Spin.Input)
    }

    let kind: TaskKind
    let work: Work
    /// What everybody may see of the input: never a password.
    let parameters: [String: JSONValue]
    /// The file that the task reads, deleted when it has ended.
    var upload: Upload?
}
