/// What a guest is started with.
package struct GuestConfiguration: Sendable {
    /// What it runs.
    package enum Entry: Sendable {
        /// A file; how its name ends and the `type` of its package say which kind of module it is.
        case file(String)
        /// A program as text. What it ends with is printed if asked for.
        case source(String, name: String, printsResult: Bool)
        /// What a Swift program runs.
        case hosted(HostedProgram)
    }

    package var entry: Entry
    /// What follows the program in `process.argv`.
    package var arguments: [String] = []
    package var environment: [String: String] = [:]
    /// The program that runs the guest: `process.execPath`.
    package var executable = "/proc/self/exe"
    /// Bytes of the guest's thread.
    package var stackSize = 4 << 20
    /// Bytes of the guest's heap, buffers included. A guest that needs more is ended, with `GuestControl.isOutOfMemory` set.
    package var heapLimit: Int?
    package var name = "spindle"
    /// What `process.argv` names as the program; nil if there is no file.
    package var programPath: String?
    /// Where the guest's standard output (1) and error (2) go. Returns when it has taken the bytes.
    package var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Void = { descriptor, bytes in
        if descriptor == 2 { StandardStream.error.write(bytes) } else { StandardStream.output.write(bytes) }
    }
    /// Whether the process ends with the guest, so that its memory need not be given back first.
    package var endsProcess = false
    /// Whether it is the program's own, and not a worker.
    package var isMain = true
    /// What the Swift program lends to the guest.
    var loan = HostLoan()
    /// Whether its shared memory can be sent to another process: that of its owner.
    var sharesWithProcesses = false
    /// What the guest may reach; everything when nil.
    var policy: GuestPolicy?
    /// What a worker has of the one who started it.
    var worker: WorkerOrigin?

    package init(entry: Entry) { self.entry = entry }
}
