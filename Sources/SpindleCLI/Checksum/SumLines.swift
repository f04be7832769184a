internal import SpindleWorkloads

/// Checksums in the forms of GNU coreutils, which its tools can check.
enum SumLines {
    /// One line in the form of sha256sum, or a tagged line for each sum when there are two.
    static func lines(_ file: FileChecksum, path: String) -> String {
        let (mark, name) = escaped(path)
        return switch (file.sha256, file.sha512) {
        case (let sha256?, let sha512?): "\(mark)SHA256 (\(name)) = \(sha256)\n\(mark)SHA512 (\(name)) = \(sha512)\n"
        case (let sum?, nil), (nil, let sum?): "\(mark)\(sum)  \(name)\n"
        case (nil, nil): ""
        }
    }

    /// A line feed in a name would break the line: such names are escaped, and the line begins with a backslash.
    private static func escaped(_ path: String) -> (mark: String, name: String) {
        var name = ""
        for scalar in path.unicodeScalars {
            switch scalar {
            case "\\": name += "\\\\"
            case "\n": name += "\\n"
            case "\r": name += "\\r"
            default: name.unicodeScalars.append(scalar)
            }
        }
        return (name.unicodeScalars.count == path.unicodeScalars.count ? "" : "\\", name)
    }
}
