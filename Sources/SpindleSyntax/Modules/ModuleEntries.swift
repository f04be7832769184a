/// A module that a module asks for.
package struct ModuleRequest: Equatable, Sendable {
    package struct Attribute: Hashable, Sendable {
        package let key: String
        package let value: String
    }

    package let specifier: String
    /// `with { type: 'json' }`, sorted by key.
    package let attributes: [Attribute]
    /// Of the specifier, for messages about a module that is not there.
    package let line: Int
    package let column: Int

    /// Requests are the same if they ask for the same thing, wherever they stand.
    struct Key: Hashable {
        let specifier: String
        let attributes: [Attribute]
    }
}

/// One name that a module imports.
package struct ImportEntry: Equatable, Sendable {
    /// Index into the requests.
    package let request: Int
    /// nil is the whole namespace.
    package let name: String?
    package let local: String
    package let line: Int
    package let column: Int
}

/// One name that a module exports. `export *` is apart: see ``ModuleSource/starRequests``.
package struct ExportEntry: Equatable, Sendable {
    package enum Target: Equatable, Sendable {
        /// The module registers a getter for it.
        case local
        /// What another module exports under that name.
        case indirect(request: Int, name: String)
        /// Another module's namespace.
        case namespace(request: Int)
    }

    package let name: String
    package let target: Target
}

// MARK: As the parser leaves them

struct RequestSite {
    let specifier: String
    let attributes: [ModuleRequest.Attribute]
    let position: Int
}

struct ImportSite {
    let request: Int
    let imported: String?
    let local: Name
    let position: Int
}

struct ExportSite {
    enum Target {
        case local(Name)
        case indirect(request: Int, name: String)
        case namespace(request: Int)
        /// What `export default` stands before, if it has no name of its own.
        case namelessDefault
    }

    let name: String
    let target: Target
    let position: Int
}

enum DefaultExport {
    /// `export default` itself, and where the expression ends.
    case expression(keywords: Record.Range, end: Int)
    /// Where a function declaration lacks its name.
    case namelessFunction(nameAt: Int)
}
