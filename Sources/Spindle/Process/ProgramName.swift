internal import SpindleMemory

/// Names under which a type is found again in another copy of this program.
enum ProgramName {
    private static let cache = Lock<[ObjectIdentifier: String?]>([:])

    /// - Throws: for a type that has no such name: a private or a local one.
    static func check(_ type: any Any.Type) throws(WorkerStartError) -> String {
        let name = cache.withLock { cache in
            let key = ObjectIdentifier(type)
            if let known = cache[key] { return known }
            let found = _mangledTypeName(type).flatMap { name in
                _typeByName(name).map { ObjectIdentifier($0) } == key ? name : nil
            }
            cache[key] = .some(found)
            return found
        }
        guard let name else {
            throw WorkerStartError(
                .programNotFound,
                "A process cannot find \(String(reflecting: type)) by name; declare it outside functions, and neither private nor fileprivate."
            )
        }
        return name
    }
}
