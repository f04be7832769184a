internal import CJavaScriptCore

/// A string on its way into or out of an engine, released with the object.
struct JSString: ~Copyable {
    private let ref: JSStringRef

    init(_ text: String) {
        var text = text
        ref = text.withUTF8 { Self.make($0) }
    }

    /// Takes over what a function named Copy or Create returned.
    init(adopting ref: JSStringRef) { self.ref = ref }

    deinit { JSStringRelease(ref) }

    /// The engine's handle, for the length of a call: it goes with this value, as soon as that is not used any more.
    borrowing func use<Result>(_ body: (JSStringRef) throws -> Result) rethrows -> Result { try body(ref) }

    /// Malformed sequences become U+FFFD.
    static func make(_ bytes: UnsafeBufferPointer<UInt8>) -> JSStringRef {
        let isPlain = bytes.allSatisfy { $0 != 0 && $0 < 0x80 }
        if isPlain {
            // One byte a character inside the engine. The call wants a zero at the end.
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
                for index in bytes.indices { copy[index] = CChar(bitPattern: bytes[index]) }
                copy[bytes.count] = 0
                return JSStringCreateWithUTF8CString(copy.baseAddress)
            }
        }
        let units = Array(String(decoding: bytes, as: UTF8.self).utf16)
        return JSStringCreateWithCharacters(units, units.count)
    }

    var text: String {
        let length = JSStringGetLength(ref)
        guard length > 0, let units = JSStringGetCharactersPtr(ref) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: units, count: length), as: UTF16.self)
    }
}

/// Keeps a value of the guest alive. Belongs to the engine's thread, like the engine.
package final class Retained {
    package let value: GuestValue
    private let engine: Engine

    package init(_ value: GuestValue, in engine: Engine) {
        self.value = value
        self.engine = engine
        JSValueProtect(engine.context, value)
    }

    deinit {
        // The engine's memory may be gone already.
        if !engine.isClosing { JSValueUnprotect(engine.context, value) }
    }
}

// MARK: Making values

extension Engine {
    package var null: GuestValue { JSValueMakeNull(context) }
    package var global: GuestValue { JSContextGetGlobalObject(context) }

    package func value(_ number: Double) -> GuestValue { JSValueMakeNumber(context, number) }
    package func value(_ number: Int) -> GuestValue { JSValueMakeNumber(context, Double(number)) }
    package func value(_ flag: Bool) -> GuestValue { JSValueMakeBoolean(context, flag) }
    package func value(_ text: String) -> GuestValue { keep(JSString(text).use { JSValueMakeString(context, $0) }) }

    func value(_ text: borrowing JSString) -> GuestValue { keep(text.use { JSValueMakeString(context, $0) }) }

    /// A string from UTF-8; malformed sequences become U+FFFD.
    package func value(utf8 bytes: UnsafeBufferPointer<UInt8>) -> GuestValue {
        keep(JSString(adopting: JSString.make(bytes)).use { JSValueMakeString(context, $0) })
    }

    package func value(bigInt number: Int64) -> GuestValue {
        keep(JSBigIntCreateWithInt64(context, number, nil) ?? undefined)
    }

    package func array(_ values: [GuestValue]) -> GuestValue {
        let array = values.withUnsafeBufferPointer { values in
            values.withMemoryRebound(to: GuestValue?.self) {
                JSObjectMakeArray(context, $0.count, $0.baseAddress, nil)
            }
        }
        return keep(array ?? undefined)
    }

    package func object() -> GuestValue { keep(JSObjectMake(context, nil, nil)) }

    /// An ArrayBuffer over memory of the host, which the engine gives back through `free` on whatever thread collects it.
    package func arrayBuffer(
        _ bytes: UnsafeMutableRawBufferPointer, free: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
    ) -> GuestValue {
        let owner = Unmanaged.passRetained(MemoryOwner(free: free))
        // The engine wants an address, even for no bytes.
        let address = bytes.baseAddress ?? owner.toOpaque()
        let buffer = JSObjectMakeArrayBufferWithBytesNoCopy(
            context, address, bytes.count,
            { address, owner in
                guard let address, let owner else { return }
                Unmanaged<MemoryOwner>.fromOpaque(owner).takeRetainedValue().free(address)
            },
            owner.toOpaque(), nil)
        return keep(buffer ?? undefined)
    }

    /// A copy of the bytes in an ArrayBuffer, in memory of the host.
    package func arrayBuffer(copying bytes: UnsafeRawBufferPointer) -> GuestValue {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 16)
        copy.copyMemory(from: bytes)
        return arrayBuffer(.init(rebasing: copy.prefix(bytes.count))) { $0.deallocate() }
    }
}

private final class MemoryOwner: Sendable {
    let free: @Sendable (UnsafeMutableRawPointer) -> Void
    init(free: @escaping @Sendable (UnsafeMutableRawPointer) -> Void) { self.free = free }
}

// MARK: Reading values

extension Engine {
    package func isUndefined(_ value: GuestValue) -> Bool { JSValueIsUndefined(context, value) }
    package func isNull(_ value: GuestValue) -> Bool { JSValueIsNull(context, value) }
    package func isString(_ value: GuestValue) -> Bool { JSValueIsString(context, value) }
    package func isNumber(_ value: GuestValue) -> Bool { JSValueIsNumber(context, value) }
    package func isObject(_ value: GuestValue) -> Bool { JSValueIsObject(context, value) }
    package func isFunction(_ value: GuestValue) -> Bool { isObject(value) && JSObjectIsFunction(context, value) }

    /// As `Boolean(value)`.
    package func bool(_ value: GuestValue) -> Bool { JSValueToBoolean(context, value) }

    /// As `Number(value)`; NaN when that throws.
    package func double(_ value: GuestValue) -> Double {
        if native != nil, let number = NativeFunctions.number(value) { return number }
        return JSValueToNumber(context, value, nil)
    }

    /// The number, cut to what an integer holds; 0 when it is none.
    package func int(_ value: GuestValue) -> Int {
        let number = double(value)
        return Int(exactly: number.rounded(.towardZero)) ?? (number > 0 ? .max : number < 0 ? .min : 0)
    }

    /// As `String(value)`.
    package func string(_ value: GuestValue) throws(GuestException) -> String {
        var exception: GuestValue?
        guard let copy = JSValueToStringCopy(context, value, &exception) else { throw GuestException(exception, in: self) }
        return JSString(adopting: copy).text
    }

    /// A property; undefined when there is none or its getter throws.
    package func property(_ name: String, of object: GuestValue) -> GuestValue {
        guard object != undefined else { return undefined }
        return JSString(name).use { JSObjectGetProperty(context, object, $0, nil) } ?? undefined
    }

    package func setProperty(_ name: String, of object: GuestValue, to value: GuestValue) {
        guard object != undefined else { return }
        JSString(name).use {
            JSObjectSetProperty(context, object, $0, value, JSPropertyAttributes(kJSPropertyAttributeNone), nil)
        }
    }

    /// Likewise, but not enumerable.
    package func setHiddenProperty(_ name: String, of object: GuestValue, to value: GuestValue) {
        guard object != undefined else { return }
        JSString(name).use {
            JSObjectSetProperty(context, object, $0, value, JSPropertyAttributes(kJSPropertyAttributeDontEnum), nil)
        }
    }

    /// The names of its enumerable properties, whatever the guest has done to `Object.keys`.
    func propertyNames(of object: GuestValue) -> [String] {
        guard let names = JSObjectCopyPropertyNames(context, object) else { return [] }
        defer { JSPropertyNameArrayRelease(names) }
        return (0..<JSPropertyNameArrayGetCount(names)).compactMap { index in
            JSPropertyNameArrayGetNameAtIndex(names, index).map { JSString(adopting: JSStringRetain($0)).text }
        }
    }

    package func element(_ index: Int, of object: GuestValue) -> GuestValue {
        guard object != undefined else { return undefined }
        return JSObjectGetPropertyAtIndex(context, object, UInt32(index), nil) ?? undefined
    }

    /// The elements of an array.
    package func elements(of array: GuestValue) -> [GuestValue] {
        (0..<max(0, int(property("length", of: array)))).map { element($0, of: array) }
    }
}
