/// The imports and exports of a module, and what becomes of them in its text.
struct ModuleBindings {
    private let record: Record
    private let scope: ModuleScope
    /// Begins each name that rewriting adds, and no name of the source.
    private let marker: String
    /// By local name, the named imports. A namespace is a constant of the text and needs no rewriting.
    private let importOfName: [Name: ImportSite]
    private let suspensions: SuspensionRewriting?

    init(_ record: Record, _ scope: ModuleScope, _ suspensions: SuspensionRewriting?, marker: String) {
        self.suspensions = suspensions
        self.record = record
        self.scope = scope
        self.marker = marker
        importOfName = Dictionary(record.imports.map { ($0.local, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private var moduleObject: String { marker + "m" }
    private var defaultName: String { marker + "default" }

    // MARK: Exports

    func checkExports(_ names: NameTable) throws(Failure) {
        var seen: Set<String> = []
        for export in record.exports {
            if !seen.insert(export.name).inserted {
                throw Failure("Duplicate export of '\(export.name)'", at: export.position)
            }
            if case .local(let name) = export.target, !scope.declares(name) {
                let message = "Export '\(names.string(name))' is not defined in module"
                throw Failure(message, at: export.position)
            }
        }
    }

    /// What is exported under an imported name is the other module's.
    func exports(_ names: NameTable) -> [ExportEntry] {
        record.exports.map { export in
            let target: ExportEntry.Target =
                switch export.target {
                case .local(let name):
                    if let site = importOfName[name] {
                        site.imported.map { .indirect(request: site.request, name: $0) } ?? .namespace(request: site.request)
                    } else {
                        .local
                    }
                case .namelessDefault: .local
                case .indirect(let request, let name): .indirect(request: request, name: name)
                case .namespace(let request): .namespace(request: request)
                }
            return ExportEntry(name: export.name, target: target)
        }
    }

    // MARK: The head of the text

    func head(_ names: NameTable) -> String {
        var head = record.hasAwaitAtTopLevel ? "(async function*(" : "(function*("
        head += moduleObject
        for index in record.requests.indices { head += ",\(marker)\(index)" }
        head += "){\"use strict\";"
        if let suspensions { head += suspensions.head(context: moduleObject + ".context") }
        for site in record.imports where site.imported == nil {
            head += "const \(names.string(site.local))=\(moduleObject).namespace(\(site.request));"
        }
        var getters: [String] = []
        for export in record.exports {
            switch export.target {
            case .local(let name) where !scope.imports(name):
                getters.append("\(Self.key(export.name)):()=>\(names.string(name))")
            case .namelessDefault: getters.append("default:()=>\(defaultName)")
            default: break
            }
        }
        if !getters.isEmpty {
            head += "\(moduleObject).export({\(getters.joined(separator: ","))}"
            if case .namelessFunction = record.defaultExport { head += ",\(defaultName)" }
            head += ");"
        }
        return head + "yield;"
    }

    private static func isPlainName(_ name: String) -> Bool {
        name.utf8.first?.beginsIdentifier == true && name.utf8.allSatisfy(\.continuesIdentifier)
    }

    /// `__proto__: f` would set the prototype; a computed key is a key like any other.
    private static func key(_ name: String) -> String {
        if name == "__proto__" { return "[\"__proto__\"]" }
        return isPlainName(name) ? name : quoted(name)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            if unit >= 0x20, unit < 0x7F, unit != 0x22, unit != 0x5C {
                result.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let hex = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
        return result + "\""
    }

    // MARK: In the text

    func rewriteDefaultExport(_ rewriter: inout Rewriter) {
        switch record.defaultExport {
        case .expression(let keywords, let end):
            // A property's value is named after it, if it is a function or class without a name.
            rewriter.replace(keywords.start..<keywords.end, with: "const \(defaultName)={default:")
            rewriter.wrap(keywords.end..<end, "", "}.default;")
        case .namelessFunction(let position): rewriter.insert(" \(defaultName)", at: position)
        case nil: break
        }
    }

    func rewriteImportExpressions(_ rewriter: inout Rewriter) {
        for meta in record.metas { rewriter.replace(meta.start..<meta.end, with: "\(moduleObject).meta") }
        for start in record.dynamicImports { rewriter.replace(start..<start + 6, with: "\(moduleObject).import") }
    }

    /// References to imports, but for those that an inner declaration of the same name hides.
    ///
    /// One sweep over the source: each inner declaration of an imported name hides it between two offsets, and a
    /// name that is hidden by nobody at a reference is the import.
    func rewriteReferences(_ rewriter: inout Rewriter, _ names: NameTable) {
        var hiding: [(position: Int, name: Name, change: Int)] = []
        for declaration in record.declarations where declaration.scope != 0 && importOfName[declaration.name] != nil {
            let scope = record.scopes[declaration.scope]
            hiding.append((scope.start, declaration.name, 1))
            hiding.append((scope.end, declaration.name, -1))
        }
        hiding.sort { $0.position < $1.position }
        var isImported = [Bool](repeating: false, count: names.count)
        for name in importOfName.keys { isImported[Int(name.index)] = true }
        var hidden: [Name: Int] = [:]
        var next = 0
        for reference in record.references where isImported[Int(reference.name.index)] || reference.isArgumentsOfModule {
            while next < hiding.count, hiding[next].position <= reference.start {
                hidden[hiding[next].name, default: 0] += hiding[next].change
                next += 1
            }
            guard hidden[reference.name, default: 0] == 0, let text = text(of: reference, names) else { continue }
            rewriter.replace(reference.start..<reference.end, with: text)
        }
    }

    private func text(of reference: Reference, _ names: NameTable) -> String? {
        let value: String
        if reference.isArgumentsOfModule {
            if reference.form == .typeof { return "void 0" }
            value = "\(moduleObject).unresolved(\"arguments\")"
        } else {
            guard let site = importOfName[reference.name], let name = site.imported else { return nil }
            value = "\(marker)\(site.request)" + (Self.isPlainName(name) ? ".\(name)" : "[\(Self.quoted(name))]")
        }
        switch reference.form {
        case .plain, .typeof: return value
        case .shorthand: return "\(names.string(reference.name)):\(value)"
        case .call: return "\(reference.followsImpliedSemicolon ? ";" : "")(0,\(value))"
        }
    }
}
