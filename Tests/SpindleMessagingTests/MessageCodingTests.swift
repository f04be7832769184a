internal import FoundationEssentials
internal import SpindleMessaging
internal import Testing
internal import TestSupport

@Suite(.timeLimit(.minutes(10))) struct `A value in a message` {
    @Test func `comes out as it went in, whatever its type`() throws {
        try expectRoundTrip(Int.min)
        try expectRoundTrip(UInt8.max)
        try expectRoundTrip(-0.5)
        try expectRoundTrip(Float.infinity)
        try expectRoundTrip(true)
        try expectRoundTrip("")
        try expectRoundTrip("a string with ümlauts and 🧵, long enough to be on the heap")
        try expectRoundTrip([UInt8](0...255))
        try expectRoundTrip([String]())
        try expectRoundTrip(["a", "", "c"])
        try expectRoundTrip(Data([1, 2, 3]))
        try expectRoundTrip(Data())
        try expectRoundTrip(Int?.none)
        try expectRoundTrip([1, nil, 3])
        try expectRoundTrip([["a": [1.5]], [:]])
        try expectRoundTrip(Set([1, 2, 3]))
        try expectRoundTrip(2..<1_000)
        try expectRoundTrip(Duration.seconds(3))
        try expectRoundTrip(Date(timeIntervalSinceReferenceDate: 1.25))
        try expectRoundTrip(Point(x: 1, y: -2))
        try expectRoundTrip([Point(x: 1, y: -2), Point(x: 0, y: 7)])
        try expectRoundTrip([Padded(small: 1, large: 2), Padded(small: 3, large: 4)])
        try expectRoundTrip(Shape.circle(radius: 2))
        try expectRoundTrip([Shape.named("x", nil), .empty, .many([.empty, .circle(radius: 1)])])
        try expectRoundTrip(Colour.green)
        try expectRoundTrip(Everything.sample)
        try expectRoundTrip(Interleaved(inner: ["a": 1, "b": 2], list: [1, 2, 3], after: "after"))
        let dog = try roundTrip(Dog(name: "Rex", age: 3))
        #expect(dog.name == "Rex" && dog.age == 3)
        #expect(try roundTrip(()) == ())
    }

    @Test func `of a plain type takes no more than its bytes, without its padding`() throws {
        #expect(try encoded(Point(x: 1, y: 2)).count == 16)
        #expect(try encoded(Padded(small: 1, large: 2)).count == 9)
        #expect(try encoded([Point](repeating: Point(x: 1, y: 2), count: 10)).count == 164)
    }

    @Test func `of a type that cannot be sent is refused with words that name it`() throws {
        try MessageCoding.check(Point.self)
        try MessageCoding.check(Never.self)
        for check in [{ try MessageCoding.check(Unsendable.self) }, { try MessageCoding.check([Int: Unsendable?].self) }] {
            let error = #expect(throws: MessageCodingError.self) { try check() }
            #expect(error?.code == .notSendable && error?.message.contains("Unsendable cannot be sent") == true)
        }
        #expect(throws: MessageCodingError.self) { try MessageCoding.check(UnsafePointer<Int>.self) }
        #expect(throws: MessageCodingError.self) { try MessageCoding.check((Int, Bool).self) }
    }

    @Test func `is refused when it is nested too deeply, on both sides`() throws {
        var deep = Nested(inner: [])
        for _ in 0..<100 { deep = Nested(inner: [deep]) }
        try expectRoundTrip(deep)
        for _ in 0..<100 { deep = Nested(inner: [deep]) }
        let error = #expect(throws: MessageCodingError.self) { try encoded(deep) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `that claims more elements than it has bytes allocates nothing for them`() throws {
        for count in [UInt32.max, 1 << 31, 5] {
            let bytes = withUnsafeBytes(of: count) { Array($0) } + [1, 2]
            #expect(throws: MessageCodingError.self) { try decoded([String].self, bytes) }
            #expect(throws: MessageCodingError.self) { try decoded([Int].self, bytes) }
            #expect(throws: MessageCodingError.self) { try decoded(String.self, bytes) }
            #expect(throws: MessageCodingError.self) { try decoded([Int: Int].self, bytes) }
            #expect(throws: MessageCodingError.self) { try decoded(Everything.self, bytes) }
        }
    }

    @Test func `has no bytes left over, and no value outside its type`() throws {
        #expect(throws: MessageCodingError.self) { try decoded(Bool.self, [2]) }
        #expect(throws: MessageCodingError.self) { try decoded(Bool.self, [1, 1]) }
        #expect(try decoded(String.self, [1, 0, 0, 0, 0xFF]) == "\u{FFFD}")
        #expect(throws: (any Error).self) { try decoded(Range<Int>.self, try encoded([9, 1])) }
        #expect(throws: MessageCodingError.self) { try decoded(Never.self, [0]) }
    }

    @Test(arguments: SeededRandom.seeds(30))
    func `that was spoilt on its way is refused or is another value, and nothing worse`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let originals = [
            try encoded(Everything.sample), try encoded([Shape.named("x", nil), .many([.empty])]),
            try encoded(["a": [1, 2, 3]]), try encoded(Interleaved(inner: ["a": 1], list: [1], after: "x")),
        ]
        for _ in 0..<2_000 {
            var bytes = originals[random.below(originals.count)]
            for _ in 0..<1 + random.below(3) {
                switch random.below(3) {
                case 0: bytes[random.below(bytes.count)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeLast(random.below(bytes.count))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: random.below(bytes.count))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            _ = try? decoded(Everything.self, bytes)
            _ = try? decoded([Shape].self, bytes)
            _ = try? decoded([String: [Int]].self, bytes)
            _ = try? decoded(Interleaved.self, bytes)
        }
    }
}

// MARK: Helpers

private func encoded<Value>(_ value: Value) throws -> [UInt8] {
    let writer = MessageWriter()
    try writer.write(value)
    return Array(writer.bytes)
}

private func decoded<Value>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try bytes.withUnsafeBytes { bytes in
        let reader = MessageReader(bytes)
        let value = try reader.read(type)
        try reader.finish()
        return value
    }
}

private func roundTrip<Value>(_ value: Value) throws -> Value { try decoded(Value.self, try encoded(value)) }

private func expectRoundTrip<Value: Equatable>(_ value: Value) throws {
    #expect(try roundTrip(value) == value)
}

// MARK: Types

private struct Point: Equatable {
    var x: Double
    var y: Int
}

private struct Padded: Equatable {
    var small: UInt8
    var large: UInt64
}

private struct Unsendable { var isThere: Bool }

private enum Colour: String, Codable { case red, green }

private indirect enum Shape: Codable, Equatable {
    case empty
    case circle(radius: Double)
    case named(String, Int?)
    case many([Shape])
}

private struct Nested: Codable, Equatable { var inner: [Nested] }

private struct Everything: Codable, Equatable {
    var number: Int
    var text: String?
    var missing: String?
    var flags: [Bool]
    var bytes: [UInt8]
    var shapes: [String: Shape]
    var range: ClosedRange<Int>
    var colour: Colour
    var nested: Nested

    static let sample = Everything(
        number: -7, text: "text", missing: nil, flags: [true, false], bytes: [1, 2, 3],
        shapes: ["a": .circle(radius: 1), "b": .named("b", 2)], range: -1...5, colour: .red,
        nested: Nested(inner: [Nested(inner: []), Nested(inner: [])]))
}

/// Goes back and forth between containers, as `Codable` allows.
private struct Interleaved: Codable, Equatable {
    var inner: [String: Int]
    var list: [Int]
    var after: String

    enum Key: String, CodingKey { case inner, list, after }
    struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(inner: [String: Int], list: [Int], after: String) {
        (self.inner, self.list, self.after) = (inner, list, after)
    }

    func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Key.self)
        var inner = outer.nestedContainer(keyedBy: AnyKey.self, forKey: .inner)
        var list = outer.nestedUnkeyedContainer(forKey: .list)
        var elements = list.nestedUnkeyedContainer()
        for (index, element) in self.list.enumerated() {
            try elements.encode(element)
            if index == 0 { try outer.encode(after, forKey: .after) }
        }
        if self.list.isEmpty { try outer.encode(after, forKey: .after) }
        try list.encodeNil()
        for (key, value) in self.inner { try inner.encode(value, forKey: AnyKey(stringValue: key)) }
    }

    init(from decoder: any Decoder) throws {
        let outer = try decoder.container(keyedBy: Key.self)
        after = try outer.decode(String.self, forKey: .after)
        let inner = try outer.nestedContainer(keyedBy: AnyKey.self, forKey: .inner)
        self.inner = [:]
        for key in inner.allKeys { self.inner[key.stringValue] = try inner.decode(Int.self, forKey: key) }
        var list = try outer.nestedUnkeyedContainer(forKey: .list)
        var elements = try list.nestedUnkeyedContainer()
        self.list = []
        while !elements.isAtEnd { self.list.append(try elements.decode(Int.self)) }
        guard try list.decodeNil(), list.isAtEnd else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "No end."))
        }
    }
}

private class Animal: Codable {
    var name: String
    init(name: String) { self.name = name }
}

private final class Dog: Animal {
    var age: Int
    private enum Key: CodingKey { case age }

    init(name: String, age: Int) {
        self.age = age
        super.init(name: name)
    }

    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        age = try container.decode(Int.self, forKey: .age)
        try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try super.encode(to: container.superEncoder())
        try container.encode(age, forKey: .age)
    }
}
