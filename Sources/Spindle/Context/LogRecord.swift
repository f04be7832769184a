internal import Logging
internal import SpindleMemory

/// One log message of a worker process, on its way to the owner's log.
struct LogRecord: Codable {
    var label: String
    var level: Logger.Level
    var message: String
    var metadata: [String: String]
    var source: String
    var file: String
    var function: String
    var line: UInt

    /// No longer text is passed on: a record has to fit into one packet of the control socket.
    private static let longestText = 8_192

    init(
        label: String, level: Logger.Level, message: String, metadata: Logger.Metadata, source: String, file: String,
        function: String, line: UInt
    ) {
        self.label = Self.cut(label)
        self.level = level
        self.message = Self.cut(message)
        var room = 32
        self.metadata = [:]
        for (key, value) in metadata where room > 0 {
            room -= 1
            self.metadata[String(key.prefix(128))] = String(value.description.prefix(512))
        }
        self.source = Self.cut(source)
        self.file = Self.cut(file)
        self.function = Self.cut(function)
        self.line = line
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
    }

    /// Writes it to the owner's log, with what tells the worker apart.
    func log(to logger: Logger?, worker: String) {
        let logger = logger ?? Logger(label: label)
        var metadata = metadata.mapValues { Logger.MetadataValue.string($0) }
        metadata["worker"] = "\(worker)"
        logger.log(
            level: level, "\(message)", metadata: metadata, source: source, file: file, function: function, line: line)
    }
}

/// The log of a worker process: sends what is logged there to the owner.
///
/// A record that finds the way to the owner full is dropped and counted; the next that gets through says how many were.
struct ForwardingLogHandler: LogHandler {
    let label: String
    let way: LogWay
    var metadataProvider: Logger.MetadataProvider?
    var metadata: Logger.Metadata = [:]
    /// The owner's log decides what it keeps.
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = self.metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let metadata = event.metadata { all.merge(metadata) { $1 } }
        way.send(
            LogRecord(
                label: label, level: event.level, message: event.message.description, metadata: all,
                source: event.source, file: event.file, function: event.function, line: event.line))
    }
}

/// The way of a worker process's log to its owner.
final class LogWay: Sendable {
    private let control: ProcessControl
    /// Records since the last one that got through.
    private let dropped = Lock(0)

    init(_ control: ProcessControl) { self.control = control }

    func send(_ record: LogRecord) {
        var record = record
        let lost = dropped.withLock { dropped in
            defer { dropped = 0 }
            return dropped
        }
        if lost > 0 { record.metadata["dropped-records"] = "\(lost)" }
        if !control.tell(.log(record), waits: false) { dropped.withLock { $0 += lost + 1 } }
    }
}
