internal import SpindleMemory

/// Guests that reach one another by number: one that no guest has started, and every worker below it.
package final class GuestFamily: Sendable {
    private let members = Lock<[Int: GuestControl]>([:])

    package init() {}

    func add(_ threadID: Int, _ control: GuestControl) { members.withLock { $0[threadID] = control } }

    func remove(_ threadID: Int) { members.withLock { $0[threadID] = nil } }

    subscript(threadID: Int) -> GuestControl? { members.withLock { $0[threadID] } }
}

extension Guest {
    /// Asks another guest of the family something, on that one's loop.
    ///
    /// - Parameters:
    ///   - done: called from this guest's loop, which lives until then, with the answer; with undefined if there is no such guest
    ///     or it ends before it has answered.
    ///   - answer: runs on the other's thread; what it returns makes the value, on this one's.
    func ask(_ threadID: Int, then done: GuestValue, _ answer: @escaping @Sendable (Guest) -> @Sendable (Engine) -> GuestValue) {
        let answered = Once(expectLater(then: done), otherwise: noAnswer)
        configuration.family[threadID]?.inbox.post { answered(answer($0)) }
    }
}

let noAnswer: @Sendable (Engine) -> GuestValue = { $0.undefined }

/// A function that is called once: by who holds this, or else with a default when nobody holds it any more.
final class Once<Value: Sendable>: Sendable {
    private let function: Lock<(@Sendable (Value) -> Void)?>
    private let otherwise: Value

    init(_ function: @escaping @Sendable (Value) -> Void, otherwise: Value) {
        self.function = Lock(function)
        self.otherwise = otherwise
    }

    deinit { self(otherwise) }

    func callAsFunction(_ value: Value) {
        let function = function.withLock { function in
            defer { function = nil }
            return function
        }
        function?(value)
    }
}
