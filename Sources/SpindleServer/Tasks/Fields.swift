internal import FoundationEssentials
internal import Hummingbird
internal import NIOCore

/// The fields of a JSON object, read with checks whose errors name the field.
/// What has not been read by ``finish()`` is an error too: a misspelt option is not ignored.
struct Fields {
    private var values: [String: JSONValue]

    init(_ values: [String: JSONValue]) { self.values = values }

    /// Parses a body; an empty one has no fields.
    init(json body: ByteBuffer) throws(APIError) {
        guard body.readableBytes > 0 else {
            values = [:]
            return
        }
        do {
            values = try JSONDecoder().decode([String: JSONValue].self, from: Data(body.readableBytesView))
        } catch {
            // The parser's message may quote the body.
            throw .badRequest("invalid-json", "The body is not a JSON object; send one such as {\"name\": value}.")
        }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws(APIError) -> Int {
        switch values.removeValue(forKey: name) {
        case .number(let number):
            guard let value = Int(exactly: number), range.contains(value) else { throw Self.notAnInteger(name, range) }
            return value
        case nil, .null:
            guard let fallback else { throw Self.missing(name) }
            return fallback
        default:
            throw Self.notAnInteger(name, range)
        }
    }

    /// - Parameter bytes: how long it may be in UTF-8.
    mutating func string(_ name: String, bytes: ClosedRange<Int>) throws(APIError) -> String {
        guard let value = try optionalString(name, bytes: bytes) else { throw Self.missing(name) }
        return value
    }

    mutating func optionalString(_ name: String, bytes: ClosedRange<Int>) throws(APIError) -> String? {
        switch values.removeValue(forKey: name) {
        case nil, .null:
            return nil
        case .string(let value) where bytes.contains(value.utf8.count):
            return value
        case .string:
            throw .badRequest(
                "invalid-parameter", "'\(name)' must have \(bytes.lowerBound) to \(bytes.upperBound) bytes; check its length.")
        default:
            throw .badRequest("invalid-parameter", "'\(name)' must be a text in quotation marks.")
        }
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Choice
    ) throws(APIError) -> Choice where Choice.RawValue == String {
        try optionalChoice(name, of: Choice.self) ?? fallback
    }

    mutating func optionalChoice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of: Choice.Type
    ) throws(APIError) -> Choice? where Choice.RawValue == String {
        guard let text = try optionalString(name, bytes: 0...100) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        throw .badRequest("invalid-parameter", "'\(name)' must be one of: \(known).")
    }

    mutating func boolean(_ name: String, default fallback: Bool) throws(APIError) -> Bool {
        switch values.removeValue(forKey: name) {
        case nil, .null: return fallback
        case .bool(let value): return value
        case .string("true"): return true
        case .string("false"): return false
        default: throw .badRequest("invalid-parameter", "'\(name)' must be true or false.")
        }
    }

    func finish() throws(APIError) {
        guard let unknown = values.keys.min() else { return }
        throw .badRequest(
            "unknown-parameter", "There is no parameter '\(unknown.prefix(100))' here; leave it out or check the spelling.")
    }

    private static func missing(_ name: String) -> APIError {
        .badRequest("missing-parameter", "The parameter '\(name)' is missing; add it.")
    }

    private static func notAnInteger(_ name: String, _ range: ClosedRange<Int>) -> APIError {
        .badRequest("invalid-parameter", "'\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
}

extension Fields {
    /// The query of a request, each value as text.
    init(query request: Request) throws(APIError) {
        values = [:]
        for (name, value) in request.uri.queryParameters where !name.isEmpty {
            guard values.updateValue(.string(String(value)), forKey: String(name)) == nil else {
                throw .badRequest("repeated-parameter", "'\(name.prefix(100))' is given twice; give it once.")
            }
        }
    }

    /// As ``integer(_:in:default:)`` for a query, where all is text.
    mutating func integerText(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(APIError) -> Int {
        guard let text = try optionalString(name, bytes: 0...20) else { return fallback }
        guard let value = Int(text), range.contains(value) else { throw Self.notAnInteger(name, range) }
        return value
    }
}
