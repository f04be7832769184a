/// What a module declares at its top, by name, with the rule that nothing is declared twice.
///
/// The engine sees the body of a function, where functions may be declared twice and imports do not exist; so this
/// rule has to be kept here.
struct ModuleScope {
    /// By the index of the name; nil is undeclared.
    private var kinds: [Declaration.Kind?]

    init(_ record: Record, _ names: NameTable) throws(Failure) {
        kinds = Array(repeating: nil, count: names.count)
        for declaration in record.declarations where declaration.scope == 0 {
            let index = Int(declaration.name.index)
            if let known = kinds[index], known != .variable || declaration.kind != .variable {
                let message = "Identifier '\(names.string(declaration.name))' has already been declared"
                throw Failure(message, at: declaration.position)
            }
            kinds[index] = declaration.kind
        }
    }

    func declares(_ name: Name) -> Bool { kinds[Int(name.index)] != nil }
    func imports(_ name: Name) -> Bool { kinds[Int(name.index)] == .imported }
}
