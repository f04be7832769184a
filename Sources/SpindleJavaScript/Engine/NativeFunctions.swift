internal import CJavaScriptCore
internal import Glibc
internal import SpindleMemory

/// Host functions made as the engine makes its own: compiled code calls them directly, and the engine stays locked meanwhile.
///
/// The C interface unlocks the engine for every call into the host, and locks it for every call from there: a hundred
/// nanoseconds each time, thirty times what the call itself takes. What lies behind it is exported too, but declared nowhere.
/// Its mangled names tell the types of all arguments, so nothing else is taken for it; what they do not tell, where a call's
/// arguments lie (CallFrame.h) and how a value holds a number (JSCJSValue.h), is tried out before it is relied upon.
struct NativeFunctions {
    typealias Body = @convention(c) (JSGlobalContextRef?, UnsafePointer<UInt64>?) -> UInt64

    private typealias Create =
        @convention(c) (
            JSContextGroupRef, JSGlobalContextRef, UInt32, UnsafeRawPointer, Body, UInt8, UInt8, Body, OpaquePointer?
        ) -> JSObjectRef?
    private typealias MakeString = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<CChar>) -> Void
    private typealias Throw = @convention(c) (JSContextGroupRef, JSGlobalContextRef, GuestValue) -> OpaquePointer?

    private let create: Create
    private let makeString: MakeString
    private let throwValue: Throw

    /// Nil where the library has other ones.
    private init?() {
        // RTLD_DEFAULT is a macro that Swift does not see.
        guard
            let create = dlsym(
                nil,
                "_ZN3JSC10JSFunction6createERNS_2VMEPNS_14JSGlobalObjectEjRKN3WTF6StringENS5_11FunctionPtrILNS5_6PtrTagE1EFlS4_"
                    + "PNS_9CallFrameEELNS5_18FunctionAttributesE2EEENS_24ImplementationVisibilityENS_9IntrinsicESF_PKNS_6DOMJIT9"
                    + "SignatureE"),
            let makeString = dlsym(nil, "_ZN3WTF6StringC1EPKc"),
            let throwValue = dlsym(nil, "_ZN3JSC2VM14throwExceptionEPNS_14JSGlobalObjectENS_7JSValueE")
        else { return nil }
        self.create = unsafeBitCast(create, to: Create.self)
        self.makeString = unsafeBitCast(makeString, to: MakeString.self)
        self.throwValue = unsafeBitCast(throwValue, to: Throw.self)
    }

    /// Decided by the first engine of the process.
    static func of(_ engine: Engine) -> NativeFunctions? {
        decision.withLock { decision in
            if case .some(let functions) = decision { return functions }
            let functions = NativeFunctions().flatMap { $0.works(in: engine) ? $0 : nil }
            decision = .some(functions)
            return functions
        }
    }
    private static let decision = Lock<NativeFunctions??>(nil)

    /// A function without a name, which stacks do not show.
    func function(_ body: Body, in engine: Engine) -> GuestValue? {
        var name: UInt = 0
        makeString(&name, "")
        let isHidden: UInt8 = 1
        let noIntrinsic: UInt8 = 0
        JSLock(engine.context)
        defer { JSUnlock(engine.context) }
        return create(engine.group, engine.context, 0, &name, body, isHidden, noIntrinsic, body, nil)
    }

    /// Makes the call under way throw.
    func raise(_ value: GuestValue, in engine: Engine) { _ = throwValue(engine.group, engine.context, value) }

    // MARK: Calls

    /// The arguments of a call, in a row.
    static func arguments(of frame: UnsafePointer<UInt64>) -> UnsafeBufferPointer<GuestValue?> {
        // The count includes `this`, which comes first.
        let count = Int(UInt32(truncatingIfNeeded: frame[4])) - 1
        let first = UnsafeRawPointer(frame + 6).assumingMemoryBound(to: GuestValue?.self)
        return UnsafeBufferPointer(start: first, count: count)
    }

    static func bits(of value: GuestValue) -> UInt64 { UInt64(UInt(bitPattern: value)) }

    /// The number that a value is; nil if it is none.
    static func number(_ value: GuestValue) -> Double? {
        let bits = bits(of: value)
        if bits >= integerTag { return Double(Int32(truncatingIfNeeded: bits)) }
        return bits >= doubleOffset ? Double(bitPattern: bits - doubleOffset) : nil
    }
    private static let integerTag: UInt64 = 0xfffe << 48
    private static let doubleOffset: UInt64 = 1 << 49

    /// Calls a function of this kind and sees whether it finds what it was given.
    private func works(in engine: Engine) -> Bool {
        let samples: [Double] = [7, -1, 1.5, 140_737_488_355_328, -.infinity]
        guard samples.allSatisfy({ Self.number(engine.value($0)) == $0 }), Self.number(engine.undefined) == nil,
            Self.number(engine.global) == nil, Self.number(engine.value(true)) == nil
        else { return false }
        let probe: Body = { context, frame in
            guard let context, let frame else { return 0 }
            let arguments = NativeFunctions.arguments(of: frame)
            let isRight =
                arguments.count == 2 && arguments[0] == JSContextGetGlobalObject(context)
                && arguments[1].flatMap(NativeFunctions.number) == 1.5
            return NativeFunctions.bits(of: JSValueMakeBoolean(context, isRight))
        }
        guard let function = function(probe, in: engine),
            let answer = try? engine.call(engine.keep(function), [engine.global, engine.value(1.5)])
        else { return false }
        return engine.bool(answer)
    }
}
