internal import Glibc

/// Libraries that parts of Spindle load; `import Spindle` alone needs none of them.
enum LibraryChecks {
    static func all() -> [Finding] {
        [
            check(
                "JavaScriptCore", "libjavascriptcoregtk-4.1.so.0",
                "JavaScript workers need it; on Debian: 'apt install libjavascriptcoregtk-4.1-0'."),
            check("SQLite", "libsqlite3.so.0", "Durable jobs need it; on Debian: 'apt install libsqlite3-0'."),
        ]
    }

    /// Loads the library as a program would, so the answer holds for every search path.
    private static func check(_ name: String, _ file: String, _ advice: String) -> Finding {
        guard let handle = dlopen(file, RTLD_LAZY | RTLD_LOCAL) else { return .missing(name, "no \(file)", advice) }
        dlclose(handle)
        return .ok(name, file)
    }
}
