/// What the host lends to the built-ins, by the name they ask for: `binding('timers')`. Each is made at its first use.
///
/// `Sources/SpindleScripts/README.md` says what each function does.
let bindings: [String: @Sendable (Guest) -> GuestValue] = [
    "child": makeChildBinding,
    "clone": makeCloneBinding,
    "crypto": makeCryptoBinding,
    "fs": makeFileSystemBinding,
    "host": makeHostBinding,
    "locks": makeLocksBinding,
    "memory": makeMemoryBinding,
    "messaging": makeMessagingBinding,
    "modules": makeModulesBinding,
    "os": makeSystemBinding,
    "performance": makePerformanceBinding,
    "pipe": makePipeBinding,
    "process": makeProcessBinding,
    "stdio": makeStandardStreamsBinding,
    "tasks": makeTasksBinding,
    "timers": makeTimersBinding,
    "util": makeInspectionBinding,
    "worker": makeWorkerBinding,
    "zlib": makeCompressionBinding,
]

extension Engine {
    /// An object of host functions, among them some that may wait.
    func object(of functions: KeyValuePairs<String, HostBody>, waiting: KeyValuePairs<String, HostBody> = [:]) -> GuestValue {
        let object = object()
        for (name, body) in functions { setProperty(name, of: object, to: function(name, body)) }
        for (name, body) in waiting { setProperty(name, of: object, to: function(name, waits: true, body)) }
        return object
    }

    /// Adds a host function to an object. One that is called very often is added in this way: a function out of a
    /// collection is called by way of several others that adapt it.
    func add(_ name: String, to object: GuestValue, _ body: @escaping HostBody) {
        setProperty(name, of: object, to: function(name, body))
    }

    func array(_ numbers: [Int]) -> GuestValue { array(numbers.map { value($0) }) }
    func array(_ numbers: [Double]) -> GuestValue { array(numbers.map { value($0) }) }
    func array(_ texts: [String]) -> GuestValue { array(texts.map { value($0) }) }

    /// 0, or the negative error number that the system call left behind.
    func outcome(_ result: Int32, _ errno: Int32) -> GuestValue { value(result < 0 ? -Int(errno) : 0) }
}
