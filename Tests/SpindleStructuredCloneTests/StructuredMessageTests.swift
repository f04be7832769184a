import SpindleStructuredClone
import Testing

@Suite struct StructuredMessageTests {
    /// What the JavaScript writer makes, packed, of
    /// `{a: 1, b: [1, , 'x', null, undefined], text: 'é😀', big: -(2n ** 70n), nums: [1.5, 2, -0], ints: [1, -2, 3],
    /// date: new Date(5), re: /a/gi, map: new Map([['k', {z: true}]]), set: new Set([1]), bytes: Uint8Array [8, 7] at 1 of
    /// [9, 8, 7, 6], boxed: Object('s'), same: [{q: 1}, {q: 2}], self: ↑, err: RangeError('no', {cause: 'why'})}`.
    static let fromJavaScript: [UInt8] = [
        83, 1, 2, 0, 144, 0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0, 1, 12, 15, 1, 1, 4, 3, 4, 4, 4, 2, 3, 3, 5, 5, 4, 4, 3, 5, 2, 15,
        5, 5, 2, 10, 8, 1, 2, 1, 8, 3, 7, 1, 18, 21, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 248, 63, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0,
        0, 0, 0, 0, 0, 128, 20, 3, 0, 0, 1, 0, 0, 0, 254, 255, 255, 255, 3, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 20, 64, 23, 1, 2, 17, 1, 8, 1, 12, 1, 1, 3, 18, 1, 5, 2, 27, 2, 1, 3, 25, 4, 9, 8, 7, 6, 24, 8, 1, 15, 2, 12, 1, 1,
        5, 2, 13, 2, 5, 4, 9, 0, 19, 2, 7, 2, 4, 8, 3, 97, 0, 98, 0, 116, 0, 101, 0, 120, 0, 116, 0, 98, 0, 105, 0, 103, 0,
        110, 0, 117, 0, 109, 0, 115, 0, 105, 0, 110, 0, 116, 0, 115, 0, 100, 0, 97, 0, 116, 0, 101, 0, 114, 0, 101, 0, 109, 0,
        97, 0, 112, 0, 115, 0, 101, 0, 116, 0, 98, 0, 121, 0, 116, 0, 101, 0, 115, 0, 98, 0, 111, 0, 120, 0, 101, 0, 100, 0,
        115, 0, 97, 0, 109, 0, 101, 0, 115, 0, 101, 0, 108, 0, 102, 0, 101, 0, 114, 0, 114, 0, 120, 0, 233, 0, 61, 216, 0,
        222, 52, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0, 48, 0,
        48, 0, 48, 0, 97, 0, 103, 0, 105, 0, 107, 0, 122, 0, 115, 0, 113, 0, 110, 0, 111, 0, 97, 0, 116, 0, 32, 0, 120, 0,
        119, 0, 104, 0, 121, 0,
    ]

    static let value: StructuredValue = .object([
        "a": 1,
        "b": .array([1, nil, "x", .null, .undefined]),
        "text": "é😀",
        "big": .bigInt(StructuredBigInt(isNegative: true, digits: "400000000000000000")!),
        "nums": .array([.number(1.5), 2, .number(-0.0)]),
        "ints": [1, -2, 3],
        "date": .date(5),
        "re": .regExp(source: "a", flags: "gi"),
        "map": .map([StructuredEntry("k", ["z": true])]),
        "set": .set([1]),
        "bytes": .view(.uint8, buffer: .arrayBuffer([9, 8, 7, 6]), byteOffset: 1, length: 2),
        "boxed": .boxed("s"),
        "same": [["q": 1], ["q": 2]],
        "self": .reference(0),
        "err": .error(StructuredError(.rangeError, message: "no", stack: "at x", cause: "why")),
    ])

    @Test func `A message that JavaScript wrote is read as the same value`() throws {
        #expect(try StructuredMessage(packed: Self.fromJavaScript).value() == Self.value)
    }

    @Test func `What was written is read as it was, packed and not`() throws {
        let values: [StructuredValue] = [
            Self.value, .undefined, .null, true, .number(-0.0), .number(.infinity), .number(1e300), 0, -1, 2_147_483_647,
            "", .bytes([]), .array([nil]), .object([StructuredField]()), .host(type: "Blob", state: ["size": 3]),
            .handle(type: "MessagePort", attachment: Self.memory), .resizableArrayBuffer([1], maximum: 8),
            .array([.attachment(Self.memory), .attachment(Self.otherMemory), .attachment(Self.memory)]),
            .sparseArray(length: 4_000_000_000, [StructuredField("7", "far")]), .error(StructuredError(message: nil)),
            .object([StructuredField("gone", nil)]),
            .view(.dataView, buffer: .attachment(Self.memory), byteOffset: 1, length: nil),
        ]
        for value in values {
            let message = try StructuredMessage(value)
            #expect(try message.value() == value)
            guard message.attachments.isEmpty else { continue }
            #expect(try StructuredMessage(packed: message.packed()) == message)
        }
    }

    /// Memory that goes along with a message.
    private final class Memory: StructuredAttached {
        let bytes: [UInt8]?
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }
    private static let memory = StructuredAttachment(Memory([1, 2, 3]))
    private static let otherMemory = StructuredAttachment(Memory([4]))

    @Test func `What goes along with a message goes once, and is read where it is mentioned`() throws {
        let message = try StructuredMessage(["a": .attachment(Self.memory), "b": .attachment(Self.memory)])
        #expect(message.attachments == [Self.memory])
        let view = StructuredValue.view(.uint8, buffer: .attachment(Self.memory), byteOffset: 1, length: 2)
        #expect(try StructuredDecoder().decode([UInt8].self, from: StructuredMessage(view).value()) == [2, 3])
        #expect { try StructuredMessage(bytes: message.bytes, text: message.text).value() } throws: {
            ($0 as? StructuredCloneError)?.code == .malformed
        }
        #expect(throws: EncodingError.self) { try StructuredEncoder().encode(message) }
    }

    @Test func `Depth is bounded on both sides`() throws {
        var value: StructuredValue = 0
        for _ in 0..<StructuredMessage.maximumDepth { value = [value] }
        #expect(try StructuredMessage(value).value() == value)
        let deeper: StructuredValue = [value]
        #expect { try StructuredMessage(deeper) } throws: { ($0 as? StructuredCloneError)?.code == .tooDeep }
        let nested = StructuredMessage(bytes: [1] + (0..<20_000).flatMap { _ in [15, 1] as [UInt8] }, text: [])
        #expect { try nested.value() } throws: { ($0 as? StructuredCloneError)?.code == .tooDeep }
    }

    @Test func `A reference to what is not there and a box of an object are refused`() {
        #expect(throws: StructuredCloneError.self) { try StructuredMessage(.reference(0)) }
        #expect(throws: StructuredCloneError.self) { try StructuredMessage(.boxed([])) }
        #expect(throws: StructuredCloneError.self) {
            try StructuredMessage(.view(.int8, buffer: "x", byteOffset: 0, length: nil))
        }
    }

    @Test func `Mutated messages end in a value or an error`() throws {
        var random = Mixer(state: 7)
        let good = try StructuredMessage(packed: Self.fromJavaScript)
        for _ in 0..<20_000 {
            var bad = good
            for _ in 0...random.below(4) { bad.bytes[random.below(bad.bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
            if random.below(3) == 0 { bad.bytes.removeLast(random.below(bad.bytes.count)) }
            if random.below(5) == 0 { bad.text.removeLast(random.below(bad.text.count)) }
            if let value = try? bad.value() { _ = try? StructuredMessage(value) }
        }
    }

    @Test func `Random bytes end in a value or an error, packed and not`() {
        var random = Mixer(state: 99)
        for _ in 0..<50_000 {
            // Small numbers are tags more often than not.
            let bytes = (0..<random.below(64)).map { _ in
                UInt8(truncatingIfNeeded: random.next() % (random.below(4) == 0 ? 256 : 32))
            }
            _ = try? StructuredMessage(bytes: [1] + bytes, text: [65, 66, 67, 0xd800]).value()
            _ = try? StructuredMessage(packed: [0x53, 1, 1, 0] + bytes)
        }
    }
}

/// A generator that gives the same numbers each time.
private struct Mixer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
