/// Why a source is not JavaScript, and where.
package struct SyntaxError: Error, Equatable, CustomStringConvertible {
    /// What Node's own parser would say, where it says the same thing.
    package let message: String
    /// Counted from 1.
    package let line: Int
    /// Counted from 1, in UTF-16 code units as engines and editors count.
    package let column: Int

    package init(message: String, line: Int, column: Int) {
        self.message = message
        self.line = line
        self.column = column
    }

    package var description: String { "SyntaxError: \(message) (\(line):\(column))" }

    init(_ failure: Failure, in source: SourceText) {
        let place = source.place(of: failure.position)
        self.init(message: failure.message, line: place.line, column: place.column)
    }
}

/// What the lexer and the parser throw: a byte offset, which becomes a line and a column once, at the edge.
///
/// One reference, since every `try` of a function has room in its frame for a failure, and frames nest.
struct Failure: Error {
    private final class Details: Sendable {
        let message: String
        let position: Int
        let isModuleSyntax: Bool

        init(message: String, position: Int, isModuleSyntax: Bool) {
            self.message = message
            self.position = position
            self.isModuleSyntax = isModuleSyntax
        }
    }

    private let details: Details

    init(_ message: String, at position: Int, isModuleSyntax: Bool = false) {
        details = Details(message: message, position: position, isModuleSyntax: isModuleSyntax)
    }

    var message: String { details.message }
    var position: Int { details.position }
    /// The source is at fault only as a script: it is `import`, `export` or `import.meta`.
    var isModuleSyntax: Bool { details.isModuleSyntax }
}
