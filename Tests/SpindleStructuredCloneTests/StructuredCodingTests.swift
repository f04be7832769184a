import SpindleStructuredClone
import Testing

@Suite struct StructuredCodingTests {
    struct Order: Codable, Equatable {
        enum Kind: String, Codable { case small, large }
        struct Line: Codable, Equatable {
            var name: String
            var price: Double?
        }
        var id: Int64
        var kind: Kind
        var lines: [Line]
        var extra: [String: Bool]
        var picture: [UInt8]
        var note: String?
    }

    static let order = Order(
        id: 7, kind: .large, lines: [.init(name: "é", price: 1.5), .init(name: "", price: nil)], extra: ["gift": true],
        picture: [1, 2, 3], note: nil)

    @Test func `A Swift value is the object JavaScript expects`() throws {
        #expect(
            try StructuredEncoder().encode(Self.order)
                == .object([
                    "id": 7, "kind": "large", "lines": [["name": "é", "price": 1.5], ["name": ""]], "extra": ["gift": true],
                    "picture": .bytes([1, 2, 3]),
                ]))
    }

    @Test func `What was encoded is decoded, by way of a message`() throws {
        let message = try StructuredMessage(StructuredEncoder().encode(Self.order))
        #expect(try StructuredDecoder().decode(Order.self, from: message.value()) == Self.order)
    }

    @Test func `Large integers are BigInts and come back`() throws {
        for value in [Int64.max, .min, 1 << 53, (1 << 53) + 1, 0, -1] {
            let encoded = try StructuredEncoder().encode([value])
            #expect(try StructuredDecoder().decode([Int64].self, from: encoded) == [value])
        }
        #expect(try StructuredEncoder().encode(UInt64.max) == .bigInt(StructuredBigInt(UInt64.max)))
    }

    @Test func `Undefined and null are nil, maps are dictionaries and sets arrays`() throws {
        let decoder = StructuredDecoder()
        #expect(try decoder.decode(Int?.self, from: .undefined) == nil)
        #expect(try decoder.decode([Int?].self, from: .array([1, nil, .null])) == [1, nil, nil])
        #expect(try decoder.decode([String: Int].self, from: .map([StructuredEntry("a", 1)])) == ["a": 1])
        #expect(try decoder.decode([Int].self, from: .set([1, 2])) == [1, 2])
        #expect(try decoder.decode([Int].self, from: .sparseArray(length: 2, [.init("0", 5), .init("1", 6)])) == [5, 6])
        #expect(throws: DecodingError.self) { try decoder.decode([Int].self, from: .sparseArray(length: 9, [.init("0", 5)])) }
    }

    @Test func `Another shape is an error that names the place`() {
        #expect { try StructuredDecoder().decode(Order.self, from: ["id": "seven"]) } throws: { error in
            guard case DecodingError.typeMismatch(_, let context) = error else { return false }
            return context.codingPath.map(\.stringValue) == ["id"] && context.debugDescription.contains("a string")
        }
        #expect(throws: DecodingError.self) { try StructuredDecoder().decode(UInt8.self, from: 256) }
        #expect(throws: DecodingError.self) { try StructuredDecoder().decode(Int.self, from: 1.5) }
    }

    @Test func `A structured value inside goes over as it is`() throws {
        struct Wrapper: Codable, Equatable { var date: StructuredValue }
        let wrapper = Wrapper(date: .date(5))
        let encoded = try StructuredEncoder().encode(wrapper)
        #expect(encoded == ["date": .date(5)])
        #expect(try StructuredDecoder().decode(Wrapper.self, from: encoded) == wrapper)
    }
}
