/// An identifier of a source as a number: equal names are equal numbers.
///
/// The words below have fixed numbers, so that the parser compares integers.
struct Name: Hashable {
    let index: Int32

    @inline(__always) init(_ index: Int) { self.index = Int32(truncatingIfNeeded: index) }
    private init(word: Int32) { index = word }

    static let none = Name(-1)

    /// Never an identifier, in any mode.
    @inline(__always) var isReserved: Bool { index >= 0 && index <= Name.with.index }
    /// Not an identifier in strict code.
    var isReservedInStrictCode: Bool { index >= Name.implements.index && index <= Name.yield.index }

    // Reserved words, in the order of `words`.
    static let `break` = Name(word: 0), `case` = Name(word: 1), `catch` = Name(word: 2), `class` = Name(word: 3)
    static let const = Name(word: 4), `continue` = Name(word: 5), debugger = Name(word: 6), `default` = Name(word: 7)
    static let delete = Name(word: 8), `do` = Name(word: 9), `else` = Name(word: 10), `enum` = Name(word: 11)
    static let export = Name(word: 12), extends = Name(word: 13), `false` = Name(word: 14), finally = Name(word: 15)
    static let `for` = Name(word: 16), function = Name(word: 17), `if` = Name(word: 18), `import` = Name(word: 19)
    static let `in` = Name(word: 20), instanceof = Name(word: 21), new = Name(word: 22), null = Name(word: 23)
    static let `return` = Name(word: 24), `super` = Name(word: 25), `switch` = Name(word: 26), this = Name(word: 27)
    static let `throw` = Name(word: 28), `true` = Name(word: 29), `try` = Name(word: 30), typeof = Name(word: 31)
    static let `var` = Name(word: 32), void = Name(word: 33), `while` = Name(word: 34), with = Name(word: 35)
    // Reserved in strict code.
    static let implements = Name(word: 36), interface = Name(word: 37), `let` = Name(word: 38), package = Name(word: 39)
    static let `private` = Name(word: 40), protected = Name(word: 41), `public` = Name(word: 42)
    static let `static` = Name(word: 43), yield = Name(word: 44)
    // Words with a meaning in some places.
    static let arguments = Name(word: 45), `as` = Name(word: 46), async = Name(word: 47), await = Name(word: 48)
    static let eval = Name(word: 49), from = Name(word: 50), get = Name(word: 51), meta = Name(word: 52)
    static let of = Name(word: 53), set = Name(word: 54), target = Name(word: 55)
    // Names that CommonJS modules export with.
    static let object = Name(word: 56), babelExport = Name(word: 57), exportStar = Name(word: 58)
    static let call = Name(word: 59), defineProperty = Name(word: 60), enumerable = Name(word: 61)
    static let exports = Name(word: 62), forEach = Name(word: 63), hasOwnProperty = Name(word: 64)
    static let keys = Name(word: 65), module = Name(word: 66), prototype = Name(word: 67), require = Name(word: 68)
    static let value = Name(word: 69), filename = Name(word: 70), dirname = Name(word: 71)

    fileprivate static let words: StaticString = """
        break case catch class const continue debugger default delete do else enum export extends false finally for \
        function if import in instanceof new null return super switch this throw true try typeof var void while with \
        implements interface let package private protected public static yield \
        arguments as async await eval from get meta of set target \
        Object __export __exportStar call defineProperty enumerable exports forEach hasOwnProperty keys module prototype \
        require value __filename __dirname
        """
}

/// The names of one source: an open hash table over the source's own bytes.
struct NameTable {
    private struct Entry {
        let hash: UInt64
        /// In the source; behind its end, in `spelled`.
        let start: Int
        let length: Int
    }

    private let source: SourceText
    private var entries: [Entry] = []
    private var slots: [Int32]
    /// Names that do not stand in the source as they are: the fixed words, and those written with escapes.
    private var spelled: [UInt8] = []
    /// Random, so that nobody can prepare a source whose names all collide.
    let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }

    init(source: SourceText) {
        self.source = source
        slots = Array(repeating: -1, count: 512)
        entries.reserveCapacity(256)
        var word: [UInt8] = []
        Name.words.withUTF8Buffer { text in
            for byte in text {
                if byte == 0x20 {
                    _ = intern(spelled: word)
                    word.removeAll(keepingCapacity: true)
                } else {
                    word.append(byte)
                }
            }
        }
        _ = intern(spelled: word)
    }

    func string(_ name: Name) -> String { String(decoding: bytes(name), as: UTF8.self) }

    func bytes(_ name: Name) -> [UInt8] {
        let entry = entries[Int(name.index)]
        if entry.start < source.count { return Array(source[entry.start..<entry.start + entry.length]) }
        let start = entry.start - source.count
        return Array(spelled[start..<start + entry.length])
    }

    var count: Int { entries.count }

    /// The beginning of names that the source does not have: `$`, or else `$0$`, `$1$` and so on.
    func freshMarker() -> String {
        var taken: Set<[UInt8]> = []
        var hasDollar = false
        for entry in entries where byte(entry.start) == UInt8(ascii: "$") {
            hasDollar = true
            var digits: [UInt8] = []
            for offset in 1..<max(entry.length, 1) {
                let byte = byte(entry.start + offset)
                guard byte.isDigit else { break }
                digits.append(byte)
            }
            taken.insert(digits)
        }
        var number = 0
        while taken.contains(Array(String(number).utf8)) { number += 1 }
        return hasDollar ? "$\(number)$" : "$"
    }

    /// The name that stands at a range of the source, whose hash the lexer made while it looked for the end.
    @inline(__always)
    mutating func intern(_ range: Range<Int>, hash: UInt64) -> Name {
        let (found, slot) = find(hash, range.count) { entry, offset in
            byte(entry.start + offset) == source[range.lowerBound + offset]
        }
        return found ?? insert(Entry(hash: hash, start: range.lowerBound, length: range.count), slot)
    }

    mutating func intern(spelled name: [UInt8]) -> Name {
        let hash = hash(of: name)
        let (found, slot) = find(hash, name.count) { byte($0.start + $1) == name[$1] }
        if let found { return found }
        let start = source.count + spelled.count
        spelled += name
        return insert(Entry(hash: hash, start: start, length: name.count), slot)
    }

    private func hash(of name: [UInt8]) -> UInt64 { name.reduce(seed, Self.hash) }

    @inline(__always)
    private func byte(_ position: Int) -> UInt8 {
        position < source.count ? source[position] : spelled[position - source.count]
    }

    @inline(__always)
    private func find(_ hash: UInt64, _ length: Int, _ isEqual: (Entry, Int) -> Bool) -> (found: Name?, slot: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, entry.length == length {
                var offset = 0
                while offset < length, isEqual(entry, offset) { offset += 1 }
                if offset == length { return (Name(Int(slots[slot])), slot) }
            }
            slot = (slot + 1) & mask
        }
        return (nil, slot)
    }

    private mutating func insert(_ entry: Entry, _ slot: Int) -> Name {
        let name = Name(entries.count)
        entries.append(entry)
        slots[slot] = name.index
        if entries.count * 2 > slots.count { grow() }
        return name
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = Array(repeating: -1, count: mask + 1)
        for (index, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash >> 32) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: index)
        }
    }
}
