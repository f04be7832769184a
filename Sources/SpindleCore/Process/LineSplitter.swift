/// Cuts a stream of bytes into lines, however it arrives.
///
/// Never holds more than one line of the longest length: a longer one comes in pieces.
package struct LineSplitter {
    private let longest: Int
    private var rest: [UInt8] = []

    /// - Parameter longest: bytes, 1 or more, without the line's end.
    package init(longest: Int) { self.longest = longest }

    /// Takes bytes in, and passes on the lines that they complete, without their ends.
    package mutating func append(_ bytes: some Collection<UInt8>, _ line: ([UInt8]) -> Void) {
        for byte in bytes {
            if byte == 0x0A {
                flush(line)
            } else {
                if rest.count == longest { flush(line) }
                rest.append(byte)
            }
        }
    }

    /// Passes on a last line that has no end.
    package mutating func finish(_ line: ([UInt8]) -> Void) {
        if !rest.isEmpty { flush(line) }
    }

    private mutating func flush(_ line: ([UInt8]) -> Void) {
        line(rest)
        rest.removeAll(keepingCapacity: true)
    }
}
