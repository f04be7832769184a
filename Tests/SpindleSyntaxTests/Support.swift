internal import SpindleSyntax
internal import Testing

func module(_ source: String) throws(SyntaxError) -> ModuleSource { try ModuleSource(Array(source.utf8)) }

/// The text of a module between its head and its tail.
func body(_ source: String) throws -> String {
    let text = String(decoding: try module(source).text, as: UTF8.self)
    let start = try #require(text.range(of: "yield;"))
    // Scalars: a carriage return at the end and the newline of the tail would be one character.
    return String(text[start.upperBound...].unicodeScalars.dropLast(3))
}

func head(_ source: String) throws -> String {
    let text = String(decoding: try module(source).text, as: UTF8.self)
    let start = try #require(text.range(of: "yield;"))
    return String(text[..<start.upperBound])
}

func failure(_ source: String) -> String? {
    do throws(SyntaxError) {
        _ = try module(source)
        return nil
    } catch {
        return "\(error.message) \(error.line):\(error.column)"
    }
}

extension String {
    /// Foundation-free, and enough for a head.
    func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
