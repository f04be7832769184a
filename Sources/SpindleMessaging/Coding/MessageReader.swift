package import SpindleMemory

/// Reads the bytes of a message, which are untrusted: every length is checked against what is there before it is used.
///
/// The bytes have to stay valid as long as the reader is used.
package final class MessageReader {
    // As in ``MessageWriter``: no access to these overlaps another.
    @exclusivity(unchecked) private var start: UnsafeRawPointer?
    /// From `start`; where the next value begins.
    @exclusivity(unchecked) var position = 0
    /// From `start`; where the value that is being read has to end.
    @exclusivity(unchecked) var limit = 0
    @exclusivity(unchecked) private var attachments: [OwnedDescriptor?] = []
    @exclusivity(unchecked) var depth = 0
    @exclusivity(unchecked) var codingPath: [any CodingKey] = []

    package init() {}

    package convenience init(_ bytes: UnsafeRawBufferPointer, attachments: [OwnedDescriptor] = []) {
        self.init()
        set(bytes, attachments: attachments)
    }

    /// Begins another message.
    package func set(_ bytes: UnsafeRawBufferPointer, attachments: [OwnedDescriptor]) {
        start = bytes.baseAddress
        position = 0
        limit = bytes.count
        depth = 0
        if !(self.attachments.isEmpty && attachments.isEmpty) { self.attachments = attachments }
        if !codingPath.isEmpty { codingPath = [] }
    }

    /// To be called behind the last value: nothing may be left, neither bytes nor descriptors.
    package func finish() throws(MessageCodingError) {
        guard position == limit else { throw .malformed("\(limit - position) bytes too many.") }
        guard attachments.isEmpty || attachments.allSatisfy({ $0 == nil }) else {
            throw .malformed("a descriptor that belongs to nothing in it.")
        }
    }

    // MARK: Values

    /// The next value, of any type that can be sent.
    package func read<Value>(_ type: Value.Type = Value.self) throws -> Value {
        try MessageCoder<Value>.shared().decode(self)
    }

    package func readInteger<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self
    ) throws(MessageCodingError) -> Integer {
        try take(MemoryLayout<Integer>.size).loadUnaligned(as: Integer.self)
    }

    /// Bytes behind their length, in place.
    package func readBytes() throws(MessageCodingError) -> UnsafeRawBufferPointer {
        let count = Int(try readInteger(UInt32.self))
        guard count > 0 else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: try take(count), count: count)
    }

    /// A count of elements, each of which takes at least one byte.
    func readCount() throws(MessageCodingError) -> Int {
        let count = Int(try readInteger(UInt32.self))
        guard count <= remaining else { throw .malformed("\(count) elements in \(remaining) bytes.") }
        return count
    }

    /// The descriptor that was attached here; each is taken once.
    package func takeAttachment() throws(MessageCodingError) -> OwnedDescriptor {
        let index = Int(try readInteger(UInt8.self))
        guard attachments.indices.contains(index), let descriptor = attachments[index] else {
            throw .malformed("descriptor \(index) is missing.")
        }
        attachments[index] = nil
        return descriptor
    }

    var remaining: Int { limit - position }

    /// Steps over so many bytes, one or more.
    func take(_ count: Int) throws(MessageCodingError) -> UnsafeRawPointer {
        guard count <= remaining, let start else { throw .malformed("\(count) bytes where \(remaining) are left.") }
        defer { position += count }
        return start + position
    }

    /// Runs `body` on a part of the bytes, and goes on behind that part.
    func within<Result>(_ range: Range<Int>, _ body: () throws -> Result) throws -> Result {
        let (outerPosition, outerLimit) = (position, limit)
        (position, limit) = (range.lowerBound, range.upperBound)
        defer { (position, limit) = (outerPosition, outerLimit) }
        return try body()
    }

    /// Likewise, for looking around.
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(start: start, count: range.upperBound)[range])
    }
}
