/// Recognises calendar dates and date-times of ISO 8601 in their extended form.
///
/// `YYYY-MM-DD`, then optionally `T` or a space, `hh:mm`, `:ss`, a fraction, and `Z`, `±hh:mm` or `±hhmm`.
enum ISODate {
    static func matches(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 10, bytes[4] == dash, bytes[7] == dash,
            let century = twoDigits(bytes, 0), let year = twoDigits(bytes, 2),
            let month = twoDigits(bytes, 5), let day = twoDigits(bytes, 8),
            1...12 ~= month, day >= 1, day <= days(in: month, of: century * 100 + year)
        else { return false }
        return bytes.count == 10 || isTime(bytes, from: 10)
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isTime(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        guard bytes[start] == UInt8(ascii: "T") || bytes[start] == UInt8(ascii: " "), bytes.count >= start + 6,
            let hour = twoDigits(bytes, start + 1), hour <= 23, bytes[start + 3] == colon,
            let minute = twoDigits(bytes, start + 4), minute <= 59
        else { return false }
        var index = start + 6
        if index < bytes.count, bytes[index] == colon {
            // 60 is a leap second.
            guard let second = twoDigits(bytes, index + 1), second <= 60 else { return false }
            index += 3
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                let first = index + 1
                index = first
                while index < bytes.count, bytes[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
                guard index > first else { return false }
            }
        }
        return index == bytes.count || isZone(bytes, from: index)
    }

    private static func isZone(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        if bytes[start] == UInt8(ascii: "Z") { return bytes.count == start + 1 }
        guard bytes[start] == dash || bytes[start] == UInt8(ascii: "+"),
            let hour = twoDigits(bytes, start + 1), hour <= 23
        else { return false }
        let minutes = start + 3 < bytes.count && bytes[start + 3] == colon ? start + 4 : start + 3
        guard let minute = twoDigits(bytes, minutes), minute <= 59 else { return false }
        return bytes.count == minutes + 2
    }

    private static func twoDigits(_ bytes: Span<UInt8>, _ index: Int) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        let tens = bytes[index] &- UInt8(ascii: "0")
        let ones = bytes[index + 1] &- UInt8(ascii: "0")
        return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
    }
}
