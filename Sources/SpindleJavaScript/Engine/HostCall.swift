internal import CJavaScriptCore

/// A call of the guest into the host. Valid during the call.
package struct HostCall {
    // The engine waits for the call.
    package unowned(unsafe) let engine: Engine
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
    /// A function that runs `body` in the host; what it throws is thrown in the guest. It lasts as long as the engine.
    ///
    /// - Parameter waits: whether it may take long or wait: then the collector can go on meanwhile, at the price of a slower call.
    package func function(_ name: String, waits: Bool = false, _ body: @escaping HostBody) -> GuestValue {
        let box = FunctionBox(body: body, engine: self)
        functions.append(box)
        let address = Unmanaged.passUnretained(box).toOpaque()
        if !waits, let native {
            // The first argument, which the guest does not see, says which function is called.
            let number = value(Double(UInt(bitPattern: address)))
            if let function = try? call(native.bind.value, [undefined, number], this: native.dispatch.value) { return function }
        }
        guard let function = JSObjectMake(context, FunctionBox.guestClass, address) else { return undefined }
        return keep(function)
    }
}

/// The one function of the engine's own kind through which all host functions are called.
struct NativeDispatch {
    fileprivate let functions: NativeFunctions
    fileprivate let dispatch: Retained
    fileprivate let bind: Retained

    /// Nil where the engine has none. Before any code of the guest.
    init?(_ engine: Engine) {
        guard let functions = NativeFunctions.of(engine), let dispatch = functions.function(FunctionBox.dispatch, in: engine)
        else { return nil }
        self.functions = functions
        self.dispatch = Retained(dispatch, in: engine)
        bind = Retained(engine.property("bind", of: dispatch), in: engine)
    }
}

/// What a function of the host is to the engine.
final class FunctionBox {
    private let body: HostBody
    // The engine outlives its functions.
    private unowned(unsafe) let engine: Engine
    private let realm: Int

    fileprivate init(body: @escaping HostBody, engine: Engine) {
        self.body = body
        self.engine = engine
        realm = engine.realm
    }

    /// - Returns: the result, or what is thrown.
    private func call(_ arguments: UnsafeBufferPointer<GuestValue?>) -> Result<GuestValue, GuestException> {
        // The engine runs microtasks once more when it is left, and they are to have no effect.
        if engine.isStopped { return .success(engine.undefined) }
        // The guest is gone that the body knows.
        guard realm == engine.realm else { return .success(engine.undefined) }
        do {
            let call = HostCall(engine: engine, arguments: arguments)
            return .success(try engine.keepingValues { try body(call) ?? engine.undefined })
        } catch {
            return .failure(engine.exception(for: error))
        }
    }

    fileprivate static let dispatch: NativeFunctions.Body = { _, frame in
        guard let frame else { return 0 }
        let arguments = NativeFunctions.arguments(of: frame)
        guard let first = arguments.first, let which = first.flatMap(NativeFunctions.number),
            let address = UnsafeRawPointer(bitPattern: UInt(which))
        else { return 0 }
        return Unmanaged<FunctionBox>.fromOpaque(address)._withUnsafeGuaranteedRef { function in
            switch function.call(UnsafeBufferPointer(rebasing: arguments.dropFirst())) {
            case .success(let value): return NativeFunctions.bits(of: value)
            case .failure(let exception):
                function.engine.native?.functions.raise(exception.value.value, in: function.engine)
                return 0
            }
        }
    }

    // Made once and never changed.
    fileprivate nonisolated(unsafe) static let guestClass: JSClassRef = {
        var definition = kJSClassDefinitionEmpty
        definition.callAsFunction = { _, function, _, count, arguments, exception in
            guard let box = JSObjectGetPrivate(function) else { return nil }
            let function = Unmanaged<FunctionBox>.fromOpaque(box).takeUnretainedValue()
            switch function.call(UnsafeBufferPointer(start: arguments, count: count)) {
            case .success(let value): return value
            case .failure(let thrown):
                exception?.pointee = thrown.value.value
                return function.engine.undefined
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
