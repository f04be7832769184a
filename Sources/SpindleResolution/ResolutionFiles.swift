/// What resolution needs to know of a file system. Paths are absolute and in POSIX form.
package protocol ResolutionFiles {
    /// Follows symbolic links; nil if there is nothing, or nothing that one may see.
    func kind(of path: String) -> FileKind?
    func contents(of path: String) -> [UInt8]?
    /// The path without symbolic links; the path itself if that cannot be had.
    func realPath(of path: String) -> String
}

package enum FileKind: Sendable {
    case file, directory
}

/// Path arithmetic on text, as POSIX has it.
enum Path {
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func join(_ base: String, _ path: String) -> String {
        normalize(path.utf8.first == UInt8(ascii: "/") ? path : base + "/" + path)
    }

    /// Without `.`, `..` and doubled slashes; without a slash at its end.
    static func normalize(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        return "/" + segments.joined(separator: "/")
    }

    /// The directories from `directory` up to the root.
    static func ancestors(of directory: String) -> [String] {
        var result = [directory]
        while let last = result.last, last != "/", last != "." { result.append(Path.directory(of: last)) }
        return result
    }

    /// `.js` of `a.b.js`; empty for `.profile`.
    static func fileExtension(of path: String) -> String {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path[...]
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return String(name[dot...])
    }
}
