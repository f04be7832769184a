extension StructuredMessage {
    /// Reads the value of a message, which may come from anywhere: memory is taken in proportion to its size at most.
    ///
    /// - Throws: ``StructuredCloneError``.
    public func value() throws(StructuredCloneError) -> StructuredValue {
        var reader = MessageReader(message: self)
        guard try reader.byte() == Self.version else {
            throw StructuredCloneError(.malformed, "the message is not of version \(Self.version)")
        }
        let value = try reader.value(depth: 0)
        guard reader.at == bytes.count, reader.textAt == text.count else {
            throw StructuredCloneError(.malformed, "something follows the message's value")
        }
        return value
    }
}

private struct MessageReader {
    let message: StructuredMessage
    var at = 0
    var textAt = 0
    /// How many objects have begun.
    var objects: UInt32 = 0
    var shapes: [[String]] = []

    init(message: StructuredMessage) { self.message = message }

    func malformed(_ what: String) -> StructuredCloneError { StructuredCloneError(.malformed, "\(what), at byte \(at)") }

    // MARK: Parts

    mutating func byte() throws(StructuredCloneError) -> UInt8 {
        guard at < message.bytes.count else { throw malformed("the message ends early") }
        defer { at += 1 }
        return message.bytes[at]
    }

    mutating func number() throws(StructuredCloneError) -> UInt32 {
        var result: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 35, by: 7) {
            let next = try byte()
            if shift == 28, next > 0x0f { break }
            result |= UInt32(next & 0x7f) << shift
            if next < 0x80 { return result }
        }
        throw malformed("a number is too large")
    }

    /// A count of things that take at least `size` bytes each.
    mutating func count(size: Int) throws(StructuredCloneError) -> Int {
        let count = Int(try number())
        guard count <= (message.bytes.count - at) / size else { throw malformed("a count is larger than the message") }
        return count
    }

    mutating func align(to size: Int, for length: Int) throws(StructuredCloneError) {
        let next = (at + size - 1) / size * size
        guard next + length <= message.bytes.count else { throw malformed("the message ends early") }
        at = next
    }

    mutating func double() throws(StructuredCloneError) -> Double {
        try align(to: 8, for: 8)
        defer { at += 8 }
        return Double(bitPattern: message.bytes.integer(at: at, as: UInt64.self))
    }

    mutating func string() throws(StructuredCloneError) -> String {
        let length = Int(try number())
        guard length <= message.text.count - textAt else { throw malformed("a string is longer than the text") }
        defer { textAt += length }
        return String(decoding: message.text[textAt..<textAt + length], as: UTF16.self)
    }

    mutating func attachment() throws(StructuredCloneError) -> StructuredAttachment {
        let index = Int(try number())
        guard index < message.attachments.count else { throw malformed("there is no attachment \(index)") }
        return message.attachments[index]
    }

    mutating func keys() throws(StructuredCloneError) -> [String] {
        let count = try count(size: 1)
        var keys: [String] = []
        for _ in 0..<count { keys.append(try string()) }
        return keys
    }

    mutating func item(depth: Int) throws(StructuredCloneError) -> StructuredValue? {
        if at < message.bytes.count, message.bytes[at] == Tag.absent.rawValue {
            at += 1
            return nil
        }
        return try value(depth: depth + 1)
    }

    mutating func fields(_ keys: [String], depth: Int) throws(StructuredCloneError) -> [StructuredField] {
        // Each field takes a byte, so a shape of many keys cannot be repeated for nothing.
        guard keys.count <= message.bytes.count - at else { throw malformed("an object has more fields than the message bytes") }
        var fields: [StructuredField] = []
        for key in keys { fields.append(StructuredField(key, try item(depth: depth))) }
        return fields
    }

    // MARK: Values

    mutating func tag() throws(StructuredCloneError) -> Tag {
        let byte = try byte()
        guard let tag = Tag(rawValue: byte) else { throw malformed("there is no tag \(byte)") }
        return tag
    }

    mutating func value(depth: Int) throws(StructuredCloneError) -> StructuredValue {
        let tag = try tag()
        switch tag {
        case .undefined: return .undefined
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .int:
            let bits = try number()
            return .number(Double(Int32(bitPattern: bits >> 1) ^ -Int32(bitPattern: bits & 1)))
        case .double: return .number(try double())
        case .bigInt:
            let isNegative = try byte() == 1
            guard let value = StructuredBigInt(isNegative: isNegative, digits: try string()) else {
                throw malformed("a BigInt has other than hexadecimal digits")
            }
            return .bigInt(value)
        case .string: return .string(try string())
        case .reference:
            let id = try number()
            guard id < objects else { throw malformed("there is no object \(id)") }
            return .reference(id)
        case .absent: throw malformed("a value is missing")
        case .deferred: throw tooDeep
        default:
            objects += 1
            return try object(tag, depth: depth)
        }
    }

    private var tooDeep: StructuredCloneError {
        StructuredCloneError(.tooDeep, "the message is nested more than \(StructuredMessage.maximumDepth) levels deep")
    }

    private mutating func object(_ tag: Tag, depth: Int) throws(StructuredCloneError) -> StructuredValue {
        // A view and its buffer are one level.
        guard depth <= StructuredMessage.maximumDepth else { throw tooDeep }
        switch tag {
        case .shape:
            let keys = try keys()
            shapes.append(keys)
            return .object(try fields(keys, depth: depth))
        case .object:
            let id = Int(try number())
            guard id < shapes.count else { throw malformed("there is no list of keys \(id)") }
            return .object(try fields(shapes[id], depth: depth))
        case .dictionary: return .object(try fields(try keys(), depth: depth))
        case .array:
            let count = try count(size: 1)
            var items: [StructuredValue?] = []
            for _ in 0..<count { items.append(try item(depth: depth)) }
            return .array(items)
        case .sparse:
            let length = try number()
            return .sparseArray(length: length, try fields(try keys(), depth: depth))
        case .map:
            let count = try count(size: 2)
            var entries: [StructuredEntry] = []
            for _ in 0..<count { entries.append(StructuredEntry(try value(depth: depth + 1), try value(depth: depth + 1))) }
            return .map(entries)
        case .set:
            let count = try count(size: 1)
            var values: [StructuredValue] = []
            for _ in 0..<count { values.append(try value(depth: depth + 1)) }
            return .set(values)
        case .error: return .error(try error(depth: depth))
        case .ints:
            let count = try count(size: 4)
            try align(to: 4, for: count * 4)
            defer { at += count * 4 }
            return .array((0..<count).map { .number(Double(message.bytes.integer(at: at + 4 * $0, as: Int32.self))) })
        case .doubles:
            let count = try count(size: 8)
            try align(to: 8, for: count * 8)
            defer { at += count * 8 }
            return .array(
                (0..<count).map { .number(Double(bitPattern: message.bytes.integer(at: at + 8 * $0, as: UInt64.self))) })
        case .date: return .date(try double())
        case .regExp: return .regExp(source: try string(), flags: try string())
        case .box:
            let primitive = try value(depth: depth + 1)
            guard primitive.isBoxable else { throw malformed("a box holds no primitive") }
            return .boxed(primitive)
        case .buffer, .resizable, .view, .attached: return try memory(tag, depth: depth)
        case .host: return .host(type: try string(), state: try value(depth: depth + 1))
        case .handle: return .handle(type: try string(), attachment: try attachment())
        default: throw malformed("a value begins with the tag \(tag)")
        }
    }

    private mutating func error(depth: Int) throws(StructuredCloneError) -> StructuredError {
        guard let name = StructuredError.Name(rawValue: try byte()) else { throw malformed("an error has no known name") }
        let flags = try byte()
        var error = StructuredError(name, message: nil)
        if flags & ErrorFlags.hasMessage != 0 { error.message = try string() }
        if flags & ErrorFlags.hasStack != 0 { error.stack = try string() }
        if flags & ErrorFlags.hasCause != 0 { error.cause = try value(depth: depth + 1) }
        return error
    }

    private mutating func memory(_ tag: Tag, depth: Int) throws(StructuredCloneError) -> StructuredValue {
        switch tag {
        case .attached: return .attachment(try attachment())
        case .view:
            guard let type = StructuredViewType(rawValue: try byte()) else { throw malformed("a view is of no known type") }
            let byteOffset = try number()
            let length = try number()
            let buffer = try value(depth: depth + 1)
            guard buffer.isBufferLike else { throw malformed("a view has no buffer") }
            return .view(type, buffer: buffer, byteOffset: byteOffset, length: length == 0 ? nil : length - 1)
        default:
            let maximum = tag == .resizable ? try number() : 0
            let count = try count(size: 1)
            defer { at += count }
            let bytes = Array(message.bytes[at..<at + count])
            return tag == .resizable ? .resizableArrayBuffer(bytes, maximum: maximum) : .arrayBuffer(bytes)
        }
    }
}
