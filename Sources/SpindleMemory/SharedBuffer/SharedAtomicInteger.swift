public import Synchronization

/// An integer that a ``SharedView`` can update atomically: every fixed-width integer of 8 to 64 bits.
public protocol SharedAtomicInteger: FixedWidthInteger, SharedElement {
    /// The unsigned integer of the same size, which carries out the operations.
    associatedtype AtomicWord: SharedAtomicWord
}

extension Int8: SharedAtomicInteger { public typealias AtomicWord = UInt8 }
extension Int16: SharedAtomicInteger { public typealias AtomicWord = UInt16 }
extension Int32: SharedAtomicInteger { public typealias AtomicWord = UInt32 }
extension Int64: SharedAtomicInteger { public typealias AtomicWord = UInt64 }
extension Int: SharedAtomicInteger { public typealias AtomicWord = UInt64 }
extension UInt: SharedAtomicInteger { public typealias AtomicWord = UInt64 }
extension UInt8: SharedAtomicInteger { public typealias AtomicWord = UInt8 }
extension UInt16: SharedAtomicInteger { public typealias AtomicWord = UInt16 }
extension UInt32: SharedAtomicInteger { public typealias AtomicWord = UInt32 }
extension UInt64: SharedAtomicInteger { public typealias AtomicWord = UInt64 }

/// An unsigned integer with atomic operations on memory that others share.
///
/// They wrap around on overflow and are sequentially consistent, as those of
/// JavaScript's `Atomics` are (ECMA-262, 25.4). Each returns the value before.
/// The conformances name the operations once for each size, since the standard
/// library gives them to concrete types only.
public protocol SharedAtomicWord: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable, AtomicRepresentable {
    static func load(_ word: UnsafeMutablePointer<Atomic<Self>>) -> Self
    static func store(_ word: UnsafeMutablePointer<Atomic<Self>>, _ value: Self)
    static func exchange(_ word: UnsafeMutablePointer<Atomic<Self>>, _ value: Self) -> Self
    static func compareExchange(_ word: UnsafeMutablePointer<Atomic<Self>>, _ expected: Self, _ desired: Self) -> Self
    static func add(_ word: UnsafeMutablePointer<Atomic<Self>>, _ operand: Self) -> Self
    static func and(_ word: UnsafeMutablePointer<Atomic<Self>>, _ operand: Self) -> Self
    static func or(_ word: UnsafeMutablePointer<Atomic<Self>>, _ operand: Self) -> Self
    static func xor(_ word: UnsafeMutablePointer<Atomic<Self>>, _ operand: Self) -> Self
}

extension UInt8: SharedAtomicWord {
    @inlinable public static func load(_ word: UnsafeMutablePointer<Atomic<UInt8>>) -> UInt8 {
        word.pointee.load(ordering: .sequentiallyConsistent)
    }
    @inlinable public static func store(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ value: UInt8) {
        word.pointee.store(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func exchange(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ value: UInt8) -> UInt8 {
        word.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func compareExchange(
        _ word: UnsafeMutablePointer<Atomic<UInt8>>, _ expected: UInt8, _ desired: UInt8
    ) -> UInt8 {
        word.pointee.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent).original
    }
    @inlinable public static func add(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ operand: UInt8) -> UInt8 {
        word.pointee.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func and(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ operand: UInt8) -> UInt8 {
        word.pointee.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func or(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ operand: UInt8) -> UInt8 {
        word.pointee.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func xor(_ word: UnsafeMutablePointer<Atomic<UInt8>>, _ operand: UInt8) -> UInt8 {
        word.pointee.bitwiseXor(operand, ordering: .sequentiallyConsistent).oldValue
    }
}

extension UInt16: SharedAtomicWord {
    @inlinable public static func load(_ word: UnsafeMutablePointer<Atomic<UInt16>>) -> UInt16 {
        word.pointee.load(ordering: .sequentiallyConsistent)
    }
    @inlinable public static func store(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ value: UInt16) {
        word.pointee.store(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func exchange(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ value: UInt16) -> UInt16 {
        word.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func compareExchange(
        _ word: UnsafeMutablePointer<Atomic<UInt16>>, _ expected: UInt16, _ desired: UInt16
    ) -> UInt16 {
        word.pointee.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent).original
    }
    @inlinable public static func add(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ operand: UInt16) -> UInt16 {
        word.pointee.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func and(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ operand: UInt16) -> UInt16 {
        word.pointee.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func or(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ operand: UInt16) -> UInt16 {
        word.pointee.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func xor(_ word: UnsafeMutablePointer<Atomic<UInt16>>, _ operand: UInt16) -> UInt16 {
        word.pointee.bitwiseXor(operand, ordering: .sequentiallyConsistent).oldValue
    }
}

extension UInt32: SharedAtomicWord {
    @inlinable public static func load(_ word: UnsafeMutablePointer<Atomic<UInt32>>) -> UInt32 {
        word.pointee.load(ordering: .sequentiallyConsistent)
    }
    @inlinable public static func store(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ value: UInt32) {
        word.pointee.store(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func exchange(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ value: UInt32) -> UInt32 {
        word.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func compareExchange(
        _ word: UnsafeMutablePointer<Atomic<UInt32>>, _ expected: UInt32, _ desired: UInt32
    ) -> UInt32 {
        word.pointee.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent).original
    }
    @inlinable public static func add(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ operand: UInt32) -> UInt32 {
        word.pointee.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func and(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ operand: UInt32) -> UInt32 {
        word.pointee.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func or(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ operand: UInt32) -> UInt32 {
        word.pointee.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func xor(_ word: UnsafeMutablePointer<Atomic<UInt32>>, _ operand: UInt32) -> UInt32 {
        word.pointee.bitwiseXor(operand, ordering: .sequentiallyConsistent).oldValue
    }
}

extension UInt64: SharedAtomicWord {
    @inlinable public static func load(_ word: UnsafeMutablePointer<Atomic<UInt64>>) -> UInt64 {
        word.pointee.load(ordering: .sequentiallyConsistent)
    }
    @inlinable public static func store(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ value: UInt64) {
        word.pointee.store(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func exchange(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ value: UInt64) -> UInt64 {
        word.pointee.exchange(value, ordering: .sequentiallyConsistent)
    }
    @inlinable public static func compareExchange(
        _ word: UnsafeMutablePointer<Atomic<UInt64>>, _ expected: UInt64, _ desired: UInt64
    ) -> UInt64 {
        word.pointee.compareExchange(expected: expected, desired: desired, ordering: .sequentiallyConsistent).original
    }
    @inlinable public static func add(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ operand: UInt64) -> UInt64 {
        word.pointee.wrappingAdd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func and(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ operand: UInt64) -> UInt64 {
        word.pointee.bitwiseAnd(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func or(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ operand: UInt64) -> UInt64 {
        word.pointee.bitwiseOr(operand, ordering: .sequentiallyConsistent).oldValue
    }
    @inlinable public static func xor(_ word: UnsafeMutablePointer<Atomic<UInt64>>, _ operand: UInt64) -> UInt64 {
        word.pointee.bitwiseXor(operand, ordering: .sequentiallyConsistent).oldValue
    }
}
