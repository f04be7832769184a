internal import CJavaScriptCore

/// A call of the guest into the host. Valid during the call.
package struct HostCall {
    package let engine: Engine
    fileprivate let arguments: UnsafeBufferPointer<GuestValue?>

    package var count: Int { arguments.count }

    /// An argument; undefined where the guest gave none.
    package subscript(_ index: Int) -> GuestValue {
        guard index < arguments.count, let value = arguments[index] else { return engine.undefined }
        return value
    }

    package func int(_ index: Int) -> Int { engine.int(self[index]) }
    package func double(_ index: Int) -> Double { engine.double(self[index]) }
    package func bool(_ index: Int) -> Bool { engine.bool(self[index]) }
    package func string(_ index: Int) throws(GuestException) -> String { try engine.string(self[index]) }
}

/// An error that a host function throws into the guest, as an `Error` with a `code`.
package struct HostError: Error {
    package var code: String
    package var message: String

    package init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }
}

package typealias HostBody = (HostCall) throws -> GuestValue?

extension Engine {
    /// A function that runs `body` in the host; what it throws is thrown in the guest.
    ///
    /// The guest owns the closure. Let it not hold the engine's guest values other than through weak or unowned references:
    /// a cycle through the guest is never collected.
    package func function(_ name: String, _ body: @escaping HostBody) -> GuestValue {
        let box = Unmanaged.passRetained(FunctionBox(body: body, engine: self))
        guard let function = JSObjectMake(context, FunctionBox.guestClass, box.toOpaque()) else { return undefined }
        return keep(function)
    }
}

private final class FunctionBox {
    let body: HostBody
    // The engine outlives its objects.
    unowned(unsafe) let engine: Engine

    init(body: @escaping HostBody, engine: Engine) {
        self.body = body
        self.engine = engine
    }

    // Made once and never changed.
    nonisolated(unsafe) static let guestClass: JSClassRef = {
        var definition = kJSClassDefinitionEmpty
        definition.finalize = { object in
            guard let box = JSObjectGetPrivate(object) else { return }
            Unmanaged<FunctionBox>.fromOpaque(box).release()
        }
        definition.callAsFunction = { _, function, _, count, arguments, exception in
            guard let box = JSObjectGetPrivate(function) else { return nil }
            let function = Unmanaged<FunctionBox>.fromOpaque(box).takeUnretainedValue()
            let engine = function.engine
            // The engine runs microtasks once more when it is left, and they are to have no effect.
            if engine.isStopped { return engine.undefined }
            do {
                let call = HostCall(engine: engine, arguments: UnsafeBufferPointer(start: arguments, count: count))
                return try engine.keepingValues { try function.body(call) ?? engine.undefined }
            } catch {
                exception?.pointee = engine.exception(for: error).value.value
                return engine.undefined
            }
        }
        return JSClassCreate(&definition)
    }()
}

extension Engine {
    /// What the guest sees of an error of the host.
    func exception(for error: any Error) -> GuestException {
        switch error {
        case let error as GuestException: error
        case let error as HostError: GuestException(self.error(error.message, code: error.code), in: self)
        default: GuestException(self.error(String(describing: error), code: "ERR_INTERNAL_ASSERTION"), in: self)
        }
    }

    /// An `Error` of the guest.
    package func error(_ message: String, code: String) -> GuestValue {
        let arguments: [GuestValue?] = [value(message)]
        guard let error = JSObjectMakeError(context, 1, arguments, nil) else { return undefined }
        setProperty("code", of: error, to: value(code))
        return keep(error)
    }
}
