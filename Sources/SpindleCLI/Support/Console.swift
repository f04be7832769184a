internal import CSpindle
internal import FoundationEssentials
internal import Glibc

/// The streams of the process, as a command writes to them.
enum Console {
    /// Writes a result to the standard output.
    static func write(_ text: String) { put(text, STDOUT_FILENO) }

    /// Writes a remark to the standard error.
    static func remark(_ text: String) { put(text, STDERR_FILENO) }

    /// Writes a value as JSON, with sorted keys and a line feed at the end.
    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// The width of the terminal at the standard error; nil when it is a pipe or a file.
    static var terminalWidth: Int? {
        let width = spindle_terminal_width(STDERR_FILENO)
        // Some terminals do not know their width and say 0.
        return width < 0 ? nil : width == 0 ? 80 : Int(width)
    }

    /// Gives up where the reader has gone or the disk is full: there is no better place to say so.
    private static func put(_ text: String, _ descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}
