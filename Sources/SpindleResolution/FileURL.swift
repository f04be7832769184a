/// A `file:` URL as a path and what follows it.
package struct FileURL: Hashable, Sendable, CustomStringConvertible {
    /// Decoded.
    package var path: String
    /// The query and the fragment as they were written, with their `?` and `#`: they make a module another one.
    package var suffix: String

    package init(path: String, suffix: String = "") {
        self.path = path
        self.suffix = suffix
    }

    /// nil if it is not a `file:` URL of this machine.
    package init?(_ url: String) {
        guard url.utf8.count >= 5, url.prefix(5).lowercased() == "file:" else { return nil }
        var rest = url.dropFirst(5)
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            if rest.lowercased().hasPrefix("localhost/") { rest = rest.dropFirst(9) }
        }
        guard rest.first == "/" else { return nil }
        self = FileURL(path: "/").resolved(String(rest)).url
    }

    package var description: String { "file://" + Self.encoded(path) + suffix }

    /// A relative or absolute path of a URL, seen from this one; and the path as it was written, still encoded.
    func resolved(_ reference: String) -> (url: FileURL, encodedPath: String) {
        let split = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
        let written = String(reference[..<split].map { $0 == "\\" ? "/" : $0 })
        let base = written.hasPrefix("/") ? "" : String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
        var segments: [Substring] = []
        var endsWithSlash = false
        // The base is decoded: encode it so that one rule holds for both.
        for segment in (written.hasPrefix("/") ? written : Self.encoded(base) + written).dropFirst().split(
            separator: "/", omittingEmptySubsequences: false)
        {
            endsWithSlash = true
            switch segment.lowercased() {
            case ".", "%2e": continue
            case "..", ".%2e", "%2e.", "%2e%2e": _ = segments.popLast()
            default:
                segments.append(segment)
                endsWithSlash = false
            }
        }
        let encoded = "/" + segments.joined(separator: "/") + (endsWithSlash && !segments.isEmpty ? "/" : "")
        return (FileURL(path: Self.decoded(encoded), suffix: String(reference[split...])), encoded)
    }

    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
                let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
            {
                result.append(UInt8(high * 16 + low))
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func encoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case ...0x20, 0x7F..., UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"),
                UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"), UInt8(ascii: "{"),
                UInt8(ascii: "}"):
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `http` of `http://…`, in lower case; nil for what is no URL.
    static func scheme(of specifier: String) -> String? {
        guard let colon = specifier.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let scheme = specifier[..<colon].lowercased()
        guard let first = scheme.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return nil }
        let isScheme = scheme.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"),
                UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isScheme ? scheme : nil
    }
}
