internal import SpindleResolution

/// The program of a ``JavaScriptWorker``.
public struct JavaScriptSource: Sendable, Codable {
    let program: HostedProgram

    /// A file; how its name ends and the `type` of its package say whether it is a CommonJS or an ES module.
    ///
    /// - Parameter path: relative to the current directory unless it begins with a slash.
    public static func file(_ path: String) -> JavaScriptSource {
        .init(program: HostedProgram(kind: "file", text: path, name: path))
    }

    /// A program as text: a script, in which `require` and `import()` are there.
    ///
    /// - Parameters:
    ///   - text: the program.
    ///   - name: how stacks name it.
    public static func source(_ text: String, name: String = "[source]") -> JavaScriptSource {
        .init(program: HostedProgram(kind: "script", text: text, name: name))
    }

    /// An ES module as text: with `import`, `export` and `await` at its top.
    ///
    /// - Parameters:
    ///   - text: the module.
    ///   - name: how stacks name it, as a file in the current directory.
    public static func module(_ text: String, name: String = "[module].mjs") -> JavaScriptSource {
        .init(program: HostedProgram(kind: "module", text: text, name: name))
    }

    /// A module by its URL: `file:`, or `data:` with the text in it. There is no other way for a guest to load one.
    public static func url(_ url: String) -> JavaScriptSource { .init(program: HostedProgram(kind: "url", text: url, name: url)) }
}

/// What `internal/hosted` starts.
package struct HostedProgram: Sendable, Codable {
    /// "file", "script", "module" or "url".
    var kind: String
    var text: String
    var name: String
    /// The export that is called for each task of a pool; nil for a program that runs by itself.
    var task: String?

    /// The file that it begins with, if it does.
    var file: String? {
        switch kind {
        case "file": text
        case "url": FileURL(text)?.path
        default: nil
        }
    }
}
