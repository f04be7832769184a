/// Whether workers can be processes in this build, and so their tests run.
enum ProcessIsolation {
    static let isAvailable = true
}
