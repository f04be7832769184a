public import Spindle
public import SpindleStructuredClone

/// How a ``JavaScriptWorker`` is set up.
public struct JavaScriptOptions: Sendable {
    /// Name, limits, stack and weight of its thread. What the program prints goes to its logger: what it writes to its
    /// standard output with level info, to its standard error with level error, a record for each write.
    public var worker: WorkerOptions
    /// What follows the program in `process.argv`.
    public var arguments: [String]
    /// What it may reach.
    public var policy: GuestPolicy
    /// Functions that it finds as globals of these names.
    public var functions: [String: HostFunction]
    /// Values that it finds as globals of these names; of Swift values by way of `StructuredEncoder`. What can be sent once
    /// only, as a ``TransferBuffer``, is for one guest.
    public var values: [String: StructuredValue]

    /// Options that differ from the usual ones where you say so.
    ///
    /// - Parameters:
    ///   - worker: with a stack of 4 MiB unless you say otherwise, on which JavaScript's own calls are.
    ///   - arguments: of `process.argv`.
    ///   - policy: nothing may be reached unless you say so.
    ///   - functions: of Swift, by name.
    ///   - values: of Swift, by name.
    public init(
        worker: WorkerOptions = WorkerOptions(stackSize: 4 << 20), arguments: [String] = [], policy: GuestPolicy = .none,
        functions: [String: HostFunction] = [:], values: [String: StructuredValue] = [:]
    ) {
        self.worker = worker
        self.arguments = arguments
        self.policy = policy
        self.functions = functions
        self.values = values
    }
}
