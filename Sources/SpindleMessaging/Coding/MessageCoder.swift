internal import SpindleMemory

/// What can be sent to a process.
package enum MessageCoding {
    /// Tells whether values of a type can be sent to a process.
    ///
    /// - Throws: ``MessageCodingError`` with `notSendable` and words that name the type and what to do.
    package static func check<Value>(_ type: Value.Type) throws(MessageCodingError) {
        _ = try MessageCoder<Value>.shared()
    }
}

/// How values of one type lie in a message; found once for each type.
///
/// The closures take values by address, so that a link, whose code is compiled for no type in particular, spends
/// nothing on finding out how its values are copied.
///
/// Safe to send: immutable; the closures hold nothing but types, layouts and other coders.
package final class MessageCoder<Value>: @unchecked Sendable {
    /// Appends the `Value` at the address.
    let encodeValue: (UnsafeRawPointer, MessageWriter) throws -> Void
    /// Initializes the memory at the address with a `Value`; not if it throws.
    let decodeValue: (UnsafeMutableRawPointer, MessageReader) throws -> Void

    init(encode: @escaping (Value, MessageWriter) throws -> Void, decode: @escaping (MessageReader) throws -> Value) {
        encodeValue = { address, writer in try encode(address.assumingMemoryBound(to: Value.self).pointee, writer) }
        decodeValue = { address, reader in
            address.assumingMemoryBound(to: Value.self).initialize(to: try decode(reader))
        }
    }

    package func encode(_ value: Value, _ writer: MessageWriter) throws {
        try withUnsafePointer(to: value) { try encodeValue($0, writer) }
    }

    package func decode(_ reader: MessageReader) throws -> Value {
        try withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { place in
            // Of capacity one, so it has an address.
            let address = place.baseAddress!
            try decodeValue(address, reader)
            return address.move()
        }
    }

    package static func shared() throws(MessageCodingError) -> MessageCoder<Value> {
        let id = ObjectIdentifier(Value.self)
        // Found under the type's own identity.
        if let known = MessageCoders.find(id) { return unsafeDowncast(known, to: MessageCoder<Value>.self) }
        let coder = try make()
        MessageCoders.add(coder, id)
        return coder
    }

    private static func make() throws(MessageCodingError) -> MessageCoder<Value> {
        if let known = MessageCoders.common[ObjectIdentifier(Value.self)] {
            return unsafeDowncast(known, to: MessageCoder<Value>.self)
        }
        if let type = Value.self as? any MessageCodable.Type { return make(ofItself: type) }
        if let type = Value.self as? any MessageContainer.Type {
            // A container makes the coder of its own type.
            return unsafeDowncast(try type.makeCoder(), to: MessageCoder<Value>.self)
        }
        if Value.self == Void.self || Value.self == Never.self { return makeEmpty() }
        if let layout = PlainLayout(of: Value.self) { return make(layout) }
        if let type = Value.self as? any (Encodable & Decodable).Type { return make(codable: type) }
        throw MessageCodingError(
            .notSendable,
            "\(_typeName(Value.self, qualified: true)) cannot be sent to a process: make it Codable, or a struct of "
                + "numbers alone, or keep the worker on a thread.")
    }

    private static func make<Own: MessageCodable>(ofItself: Own.Type) -> MessageCoder<Value> {
        // `Own` is `Value` by another name.
        MessageCoder(
            encode: { value, writer in try unsafeBitCast(value, to: Own.self).encode(into: writer) },
            decode: { reader in unsafeBitCast(try Own(from: reader), to: Value.self) })
    }

    private static func make<Own: Encodable & Decodable>(codable: Own.Type) -> MessageCoder<Value> {
        MessageCoder(
            encode: { value, writer in try BinaryEncoder.encodeFrame(unsafeBitCast(value, to: Own.self), into: writer) },
            decode: { reader in unsafeBitCast(try BinaryDecoder.decodeFrame(Own.self, from: reader), to: Value.self) })
    }

    /// One byte, since everything takes at least one. Nobody has a `Never` to send, so one that arrives is an error.
    private static func makeEmpty() -> MessageCoder<Value> {
        MessageCoder(
            encode: { _, writer in writer.writeInteger(0 as UInt8) },
            decode: { reader in
                guard try reader.readInteger(UInt8.self) == 0, Value.self == Void.self else {
                    throw MessageCodingError.malformed("something where nothing was expected.")
                }
                return unsafeBitCast((), to: Value.self)
            })
    }

    private static func make(_ layout: PlainLayout) -> MessageCoder<Value> {
        MessageCoder(
            encode: { value, writer in
                withUnsafeBytes(of: value) { bytes in
                    for run in layout.runs {
                        writer.append(UnsafeRawBufferPointer(rebasing: bytes[run.offset..<run.offset + run.length]))
                    }
                }
            },
            decode: { reader in
                let source = try reader.take(layout.byteCount)
                return withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { place in
                    let target = UnsafeMutableRawPointer(place.baseAddress!)
                    var taken = 0
                    for run in layout.runs {
                        (target + run.offset).copyMemory(from: source + taken, byteCount: run.length)
                        taken += run.length
                    }
                    return place[0]
                }
            })
    }
}

/// The coders found so far, each a `MessageCoder` of the type under whose identity it is kept.
private enum MessageCoders {
    private static let known = Lock<[ObjectIdentifier: AnyObject]>([:])

    /// Those of the types sent most, compiled for them.
    static let common: [ObjectIdentifier: any AnyObject & Sendable] = [
        ObjectIdentifier(String.self): MessageCoder<String>(
            encode: { try $0.encode(into: $1) }, decode: { try String(from: $0) }),
        ObjectIdentifier(Int.self): MessageCoder<Int>(encode: { $1.writeInteger($0) }, decode: { try $0.readInteger() }),
    ]

    static func find(_ id: ObjectIdentifier) -> AnyObject? { known.withLock { $0[id] } }
    static func add(_ coder: AnyObject, _ id: ObjectIdentifier) { known.withLock { $0[id] = coder } }
}
