/// What a guest is started with.
package struct GuestConfiguration: Sendable {
    /// What it runs.
    package enum Entry: Sendable {
        /// A file; how its name ends and the `type` of its package say which kind of module it is.
        case file(String)
        /// A program as text. What it ends with is printed if asked for.
        case source(String, name: String, printsResult: Bool)
        /// An ECMAScript module as text.
        case module(String, name: String)
        /// The URL of a module.
        case url(String)
        /// What a Swift program runs.
        case hosted(HostedProgram)
    }

    package var entry: Entry
    /// What follows the program in `process.argv`.
    package var arguments: [String] = []
    package var environment: [String: String] = [:]
    /// In place of `environment`, if it has that in common with the guest that started it.
    var sharedEnvironment: GuestEnvironment?
    /// `process.execArgv`.
    package var engineArguments: [String] = []
    /// The program that runs the guest: `process.execPath`.
    package var executable = "/proc/self/exe"
    /// Bytes of the guest's thread.
    package var stackSize = 4 << 20
    /// Bytes of the guest's heap, buffers included. A guest that needs more is ended, with `GuestControl.isOutOfMemory` set.
    package var heapLimit: Int?
    package var name = "spindle"
    /// What `process.argv` names as the program; nil if there is no file.
    package var programPath: String?
    /// Where the guest's standard output (1) and error (2) go. Returns when it has taken the bytes: 0, or an errno.
    package var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int32 = { descriptor, bytes in
        descriptor == 2 ? StandardStream.error.write(bytes) : StandardStream.output.write(bytes)
    }
    /// Whether the process ends with the guest, so that its memory need not be given back first.
    package var endsProcess = false
    /// Whether it is the program's own, and not a worker.
    package var isMain = true
    /// What the Swift program lends to the guest.
    var loan = HostLoan()
    /// What the guest may reach; everything when nil.
    var policy: GuestPolicy?
    /// What a worker has of the one who started it.
    var worker: WorkerOrigin?
    /// Whom it reaches by number.
    var family = GuestFamily()

    package init(entry: Entry) { self.entry = entry }
}
