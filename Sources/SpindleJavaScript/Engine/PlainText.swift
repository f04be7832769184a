internal import CJavaScriptCore
internal import Glibc
internal import SpindleMemory
internal import Synchronization

/// Strings of one byte a character on their way into and out of an engine, for the many short ones of messages.
///
/// The C interface gives a copy of a copy, and takes UTF-8 character by character. A string's own object leads to its
/// characters (JSString.h, StringImpl.h), and what makes such an object is exported: whether all is as described there is
/// tried out on samples before it is relied upon.
enum PlainText {
    // A string's cell: the header, then its text or, while the lowest bit is set, how to put it together. A text: the count of
    // references, the length, the address of the characters, flags.
    private static let textOffset = 8
    private static let lengthOffset = 4
    private static let charactersOffset = 8
    private static let flagsOffset = 16
    private static let isNarrow: UInt32 = 4

    /// Calls `body` with the characters of a value known to be a string, one byte each.
    ///
    /// - Returns: nil if some are above U+00FF, or the string has not been put together yet.
    static func withCharacters<Result>(
        of string: GuestValue, in engine: Engine, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result? {
        guard isReadable(engine) else { return nil }
        return read(string).map(body)
    }

    private static func read(_ string: GuestValue) -> UnsafeBufferPointer<UInt8>? {
        let bits = UnsafeRawPointer(string).load(fromByteOffset: textOffset, as: UInt.self)
        guard bits & 1 == 0, let text = UnsafeRawPointer(bitPattern: bits),
            text.load(fromByteOffset: flagsOffset, as: UInt32.self) & isNarrow != 0
        else { return nil }
        let count = Int(text.load(fromByteOffset: lengthOffset, as: UInt32.self))
        return UnsafeBufferPointer(
            start: text.load(fromByteOffset: charactersOffset, as: UnsafePointer<UInt8>?.self), count: count)
    }

    /// A string of the guest's.
    static func value(of characters: UnsafeBufferPointer<UInt8>, in engine: Engine) -> GuestValue {
        if characters.count > 1, isReadable(engine), let value = make(characters, in: engine) { return engine.keep(value) }
        let units = characters.map { UInt16($0) }
        return engine.value(JSString(adopting: JSStringCreateWithCharacters(units, units.count)))
    }

    private static func make(_ characters: UnsafeBufferPointer<UInt8>, in engine: Engine) -> GuestValue? {
        guard let makeText, let makeValue else { return nil }
        var text: OpaquePointer?
        makeText(&text, characters.baseAddress, characters.count)
        guard let text else { return nil }
        engine.lock()
        let value = makeValue(engine.group, text)
        engine.unlock()
        // The value has a reference of its own.
        UnsafeMutableRawPointer(text).assumingMemoryBound(to: Atomic<UInt32>.self).pointee
            .subtract(reference, ordering: .acquiringAndReleasing)
        return value
    }
    private static let reference: UInt32 = 2

    private typealias MakeText = @convention(c) (UnsafeMutableRawPointer, UnsafePointer<UInt8>?, Int) -> Void
    private static let makeText = dlsym(nil, "_ZN3WTF6StringC1ESt4spanIKhLm18446744073709551615EE").map {
        unsafeBitCast($0, to: MakeText.self)
    }
    private typealias MakeValue = @convention(c) (JSContextGroupRef, OpaquePointer) -> GuestValue?
    private static let makeValue = dlsym(nil, "_ZN3JSC25jsStringWithCacheSlowCaseERNS_2VMERN3WTF10StringImplE").map {
        unsafeBitCast($0, to: MakeValue.self)
    }

    // MARK: Samples

    /// Decided by the first engine of the process.
    private static func isReadable(_ engine: Engine) -> Bool {
        if let known = engine.hasPlainText { return known }
        let decided = decision.withLock { decision in
            let answer = decision ?? isRight(in: engine)
            decision = answer
            return answer
        }
        engine.hasPlainText = decided
        return decided
    }
    private static let decision = Lock<Bool?>(nil)

    private static func isRight(in engine: Engine) -> Bool {
        let samples = ["spindle", "a", String(repeating: "text ", count: 100), "\u{4e00}\u{4e01}", "caf\u{e9} \u{2190}"]
        return samples.allSatisfy { sample in
            let found = read(engine.value(sample)).map { Array($0) }
            guard sample.utf8.allSatisfy({ $0 < 0x80 }) else { return found == nil }
            return found == Array(sample.utf8) && isMade(sample, in: engine)
        }
    }

    private static func isMade(_ sample: String, in engine: Engine) -> Bool {
        let characters = Array(sample.utf8)
        guard characters.count > 1, let value = characters.withUnsafeBufferPointer({ make($0, in: engine) }) else { return true }
        let bits = UnsafeRawPointer(value).load(fromByteOffset: textOffset, as: UInt.self)
        return read(engine.keep(value)).map { Array($0) } == characters && (try? engine.string(value)) == sample
            && UnsafeRawPointer(bitPattern: bits)?.load(as: UInt32.self) == reference
    }
}
