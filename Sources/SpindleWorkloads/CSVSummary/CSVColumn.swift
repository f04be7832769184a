/// What is gathered about one column while its values pass by.
///
/// Some 8.5 KiB at most, whatever the values.
struct CSVColumn {
    /// Longer names and extremes are cut to this many bytes.
    static let maximumTextLength = 64

    private(set) var type = CSVFieldType.empty
    /// Values that are not empty.
    private(set) var count = 0
    private var mean = 0.0
    private var least: (value: Double, text: [UInt8])?
    private var greatest: (value: Double, text: [UInt8])?
    private var first: SortKey?
    private var last: SortKey?
    private var distinct = DistinctCounter()

    /// Takes a value that is not empty.
    mutating func add(_ bytes: Span<UInt8>) {
        count += 1
        distinct.insert(ByteHash.hash(bytes))
        addInOrder(bytes)
        // Text is where every mixture ends: nothing more to find out then.
        guard type != .text else { return }
        let value = CSVFieldValue(bytes)
        type = type.joined(with: value.type)
        if case .number(let number, _) = value { addNumber(number, bytes) }
    }

    private mutating func addNumber(_ number: Double, _ bytes: Span<UInt8>) {
        // Welford's update: no sum that grows and loses digits. While a column is
        // numeric, every value is a number, so `count` counts them.
        mean += (number - mean) / Double(count)
        if number < least?.value ?? .infinity { least = (number, Self.copy(bytes)) }
        if number > greatest?.value ?? -.infinity { greatest = (number, Self.copy(bytes)) }
    }

    private mutating func addInOrder(_ bytes: Span<UInt8>) {
        let prefix = SortKey.prefix(bytes)
        if first?.isAfter(prefix, bytes) ?? true { first = SortKey(prefix, bytes) }
        if last?.isBefore(prefix, bytes) ?? true { last = SortKey(prefix, bytes) }
    }

    /// The column's part of the report.
    func summary(name: String, rows: Int) -> CSVColumnSummary {
        let isNumeric = type == .integer || type == .decimal
        return CSVColumnSummary(
            name: name, type: type, count: count, emptyCount: rows - count,
            minimum: (isNumeric ? least?.text : first?.text).map(Self.text),
            maximum: (isNumeric ? greatest?.text : last?.text).map(Self.text),
            // Beyond ±10^308 the differences overflow.
            mean: isNumeric && mean.isFinite ? mean : nil,
            distinct: distinct.estimate, distinctIsExact: distinct.isExact)
    }

    /// The bytes, or one more than are shown: enough to tell that they were cut.
    static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        bytes.extracting(first: maximumTextLength + 1).withUnsafeBufferPointer { Array($0) }
    }

    /// As text, with U+FFFD for what is not UTF-8 and an ellipsis for what was cut.
    static func text(_ copy: [UInt8]) -> String {
        guard copy.count > maximumTextLength else { return String(decoding: copy, as: UTF8.self) }
        // Not in the middle of a character: step back over continuation bytes.
        var end = maximumTextLength
        while end > maximumTextLength - 3, copy[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: copy[..<end], as: UTF8.self) + "…"
    }
}

/// A value for comparison by bytes, which for UTF-8 is the order of the code points.
///
/// The first eight bytes are kept as a number too, which settles nearly every comparison.
/// Only as many bytes count as ``CSVColumn/copy(_:)`` keeps.
private struct SortKey {
    let prefix: UInt64
    let text: [UInt8]

    init(_ prefix: UInt64, _ bytes: Span<UInt8>) {
        self.prefix = prefix
        text = CSVColumn.copy(bytes)
    }

    static func prefix(_ bytes: Span<UInt8>) -> UInt64 {
        if bytes.count >= 8 { return UInt64(bigEndian: bytes.bytes.unsafeLoadUnaligned(as: UInt64.self)) }
        var prefix: UInt64 = 0
        for index in bytes.indices { prefix |= UInt64(bytes[index]) << (56 - 8 * UInt64(index)) }
        return prefix
    }

    func isAfter(_ prefix: UInt64, _ bytes: Span<UInt8>) -> Bool {
        prefix < self.prefix || (prefix == self.prefix && compare(bytes) > 0)
    }

    func isBefore(_ prefix: UInt64, _ bytes: Span<UInt8>) -> Bool {
        prefix > self.prefix || (prefix == self.prefix && compare(bytes) < 0)
    }

    /// Negative when this comes before the bytes, positive when after.
    private func compare(_ bytes: Span<UInt8>) -> Int {
        let other = bytes.extracting(first: CSVColumn.maximumTextLength + 1)
        for index in 0..<min(text.count, other.count) where text[index] != other[index] {
            return Int(text[index]) - Int(other[index])
        }
        return text.count - other.count
    }
}
