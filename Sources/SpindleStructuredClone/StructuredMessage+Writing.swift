extension StructuredMessage {
    /// Writes a value.
    ///
    /// - Throws: ``StructuredCloneError`` if the value is too deep or refers to nothing.
    public init(_ value: StructuredValue) throws(StructuredCloneError) {
        var writer = MessageWriter()
        try writer.value(value, depth: 0)
        self.init(bytes: writer.bytes, text: writer.text, attachments: writer.attachments)
    }
}

private struct MessageWriter {
    var bytes: [UInt8] = [StructuredMessage.version]
    var text: [UInt16] = []
    var attachments: [StructuredAttachment] = []
    /// The number of objects that have begun.
    var objects: UInt32 = 0
    /// The lists of keys that have numbers.
    var shapes: [[String]: Int] = [:]

    mutating func tag(_ tag: Tag) { bytes.append(tag.rawValue) }

    /// A tag of something that has an identity.
    mutating func begin(_ tag: Tag, depth: Int = 0) throws(StructuredCloneError) {
        guard depth < StructuredMessage.maximumDepth else {
            throw StructuredCloneError(.tooDeep, "the value is nested more than \(StructuredMessage.maximumDepth) levels deep")
        }
        self.tag(tag)
        objects += 1
    }

    mutating func number(_ value: some BinaryInteger) throws(StructuredCloneError) {
        guard var rest = UInt32(exactly: value) else {
            throw StructuredCloneError(.invalidValue, "\(value) does not fit into 32 bits")
        }
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func pad(to size: Int) {
        while !bytes.count.isMultiple(of: size) { bytes.append(0) }
    }

    mutating func double(_ value: Double) {
        pad(to: 8)
        bytes.appendInteger(value.bitPattern)
    }

    mutating func string(_ value: String) throws(StructuredCloneError) {
        let start = text.count
        text.append(contentsOf: value.utf16)
        try number(text.count - start)
    }

    mutating func keys(_ fields: [StructuredField]) throws(StructuredCloneError) {
        try number(fields.count)
        for field in fields { try string(field.key) }
    }

    mutating func fields(_ fields: [StructuredField], depth: Int) throws(StructuredCloneError) {
        for field in fields { try item(field.value, depth: depth) }
    }

    mutating func item(_ value: StructuredValue?, depth: Int) throws(StructuredCloneError) {
        guard let value else { return tag(.absent) }
        try self.value(value, depth: depth + 1)
    }

    mutating func value(_ value: StructuredValue, depth: Int) throws(StructuredCloneError) {
        switch value {
        case .undefined: tag(.undefined)
        case .null: tag(.null)
        case .bool(let value): tag(value ? .true : .false)
        case .number(let value):
            if let integer = Int32(exactly: value), integer != 0 || value.sign == .plus {
                tag(.int)
                try number(UInt32(bitPattern: (integer << 1) ^ (integer >> 31)))
            } else {
                tag(.double)
                double(value)
            }
        case .bigInt(let value):
            tag(.bigInt)
            bytes.append(value.isNegative ? 1 : 0)
            try string(value.digits)
        case .string(let value):
            tag(.string)
            try string(value)
        case .reference(let id):
            guard id < objects else { throw StructuredCloneError(.invalidValue, "there is no object \(id) before its reference") }
            tag(.reference)
            try number(id)
        case .date(let time):
            try begin(.date)
            double(time)
        case .regExp(let source, let flags):
            try begin(.regExp)
            try string(source)
            try string(flags)
        case .boxed(let primitive):
            guard primitive.isBoxable else { throw StructuredCloneError(.invalidValue, "only a primitive can be boxed") }
            try begin(.box)
            try self.value(primitive, depth: depth)
        default: try container(value, depth: depth)
        }
    }

    private mutating func container(_ value: StructuredValue, depth: Int) throws(StructuredCloneError) {
        switch value {
        case .array(let items):
            try begin(.array, depth: depth)
            try number(items.count)
            for value in items { try item(value, depth: depth) }
        case .sparseArray(let length, let fields):
            try begin(.sparse, depth: depth)
            try number(length)
            try keys(fields)
            try self.fields(fields, depth: depth)
        case .object(let fields):
            let list = fields.map(\.key)
            if let shape = shapes[list] {
                try begin(.object, depth: depth)
                try number(shape)
            } else {
                shapes[list] = shapes.count
                try begin(.shape, depth: depth)
                try keys(fields)
            }
            try self.fields(fields, depth: depth)
        case .map(let entries):
            try begin(.map, depth: depth)
            try number(entries.count)
            for entry in entries {
                try self.value(entry.key, depth: depth + 1)
                try self.value(entry.value, depth: depth + 1)
            }
        case .set(let values):
            try begin(.set, depth: depth)
            try number(values.count)
            for value in values { try self.value(value, depth: depth + 1) }
        case .error(let error):
            try begin(.error, depth: depth)
            bytes.append(error.name.rawValue)
            bytes.append(
                (error.message == nil ? 0 : ErrorFlags.hasMessage) | (error.stack == nil ? 0 : ErrorFlags.hasStack)
                    | (error.cause == nil ? 0 : ErrorFlags.hasCause))
            if let message = error.message { try string(message) }
            if let stack = error.stack { try string(stack) }
            if let cause = error.cause { try self.value(cause, depth: depth + 1) }
        case .host(let type, let state):
            try begin(.host, depth: depth)
            try string(type)
            try self.value(state, depth: depth + 1)
        default: try memory(value, depth: depth)
        }
    }

    private mutating func memory(_ value: StructuredValue, depth: Int) throws(StructuredCloneError) {
        switch value {
        case .arrayBuffer(let content):
            try begin(.buffer)
            try number(content.count)
            bytes += content
        case .resizableArrayBuffer(let content, let maximum):
            try begin(.resizable)
            try number(maximum)
            try number(content.count)
            bytes += content
        case .view(let type, let buffer, let byteOffset, let length):
            guard buffer.isBufferLike else { throw StructuredCloneError(.invalidValue, "a view needs a buffer") }
            try begin(.view)
            bytes.append(type.rawValue)
            try number(byteOffset)
            try number(length.map { UInt64($0) + 1 } ?? 0)
            try self.value(buffer, depth: depth)
        case .attachment(let attachment):
            try begin(.attached)
            try number(index(of: attachment))
        case .handle(let type, let attachment):
            try begin(.handle)
            try string(type)
            try number(index(of: attachment))
        default: preconditionFailure("The value is written elsewhere.")
        }
    }
}

extension MessageWriter {
    /// What is mentioned twice goes along once.
    fileprivate mutating func index(of attachment: StructuredAttachment) -> Int {
        if let index = attachments.firstIndex(of: attachment) { return index }
        attachments.append(attachment)
        return attachments.count - 1
    }
}

extension StructuredValue {
    /// Whether `Object(value)` is a box.
    var isBoxable: Bool {
        switch self {
        case .bool, .number, .string, .bigInt: true
        default: false
        }
    }

    /// Whether a view can be of this.
    var isBufferLike: Bool {
        switch self {
        case .arrayBuffer, .resizableArrayBuffer, .attachment, .reference: true
        default: false
        }
    }
}
