internal import Logging
internal import Spindle
internal import SpindleMessaging
internal import SpindleStructuredClone

/// What a guest of a Swift program is started with.
struct GuestLaunch: Sendable {
    /// What travels to another process as it is.
    struct Settings: Sendable, Codable {
        var program: HostedProgram
        var arguments: [String]
        var policy: GuestPolicy
        /// Of its thread, if it gets one of its own.
        var stackSize: Int
    }

    var settings: Settings
    var workerData: StructuredMessage
    var environmentData: StructuredMessage
    var values: StructuredMessage
    var functions: [(name: String, function: HostFunction)]
    /// How its owner reaches a guest on a thread.
    let control: GuestControl
    /// The way to the owner, for a guest that is to have a process.
    var owner: OwnerPort?
    /// Whether it has come there.
    private(set) var isInProcess = false
    /// Where output goes. A process has a way of its own for what is logged.
    var logger: Logger?

    init(_ program: HostedProgram, _ options: JavaScriptOptions, workerData: some Encodable) throws {
        var policy = options.policy
        // Its owner named it.
        if let file = program.file { policy.importablePaths.append(file) }
        settings = Settings(program: program, arguments: options.arguments, policy: policy, stackSize: options.worker.stackSize)
        self.workerData = try StructuredMessage(encoding: workerData)
        environmentData = try StructuredMessage(.environmentData)
        values = try StructuredMessage(.object(options.values.map { StructuredField($0.key, $0.value) }))
        functions = options.functions.map { (name: $0.key, function: $0.value) }
        control = GuestControl()
        logger = options.worker.logger
    }
}

extension StructuredValue {
    /// What `getEnvironmentData` finds: the environment data of the current worker that the Codable bridge knows.
    fileprivate static var environmentData: StructuredValue {
        .map(
            EnvironmentData.all.compactMap { name, value in
                guard let value = value as? any Encodable, let encoded = try? StructuredEncoder().encode(value) else {
                    return nil
                }
                return StructuredEntry(.string(name), encoded)
            })
    }
}

/// To a process: its functions stay where they are, and their names go along.
extension GuestLaunch: MessageCodable {
    private struct Function: Codable {
        var name: String
        var isAsync: Bool
    }

    func encode(into writer: MessageWriter) throws {
        try writer.write(settings)
        try writer.write(functions.map { Function(name: $0.name, isAsync: $0.function.isAsync) })
        for message in [workerData, environmentData, values] { try message.encode(into: writer) }
        guard let owner else {
            throw MessageCodingError(.notSendable, "A guest needs a way to its owner to be started in a process.")
        }
        try owner.encode(into: writer)
    }

    init(from reader: MessageReader) throws {
        settings = try reader.read()
        let functions = try reader.read([Function].self)
        workerData = try StructuredMessage(from: reader)
        environmentData = try StructuredMessage(from: reader)
        values = try StructuredMessage(from: reader)
        control = GuestControl()
        let link = OwnerLink(try OwnerPort(from: reader), control)
        self.functions = functions.enumerated().map { index, function in
            (name: function.name, function: link.function(index, isAsync: function.isAsync))
        }
        logger = Logger(label: "spindle.javascript")
        isInProcess = true
    }
}
