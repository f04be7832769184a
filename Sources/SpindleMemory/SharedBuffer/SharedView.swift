public import Synchronization

/// A typed window on a ``SharedBuffer``: a fixed number of elements from a fixed byte offset.
///
/// Every access is checked against `0..<count` and throws outside it. ``read(at:)``
/// and ``write(_:at:)`` are plain accesses; the operations of integer views are
/// atomic and sequentially consistent.
public struct SharedView<Element: SharedElement>: Sendable {
    /// The buffer it looks at, which it keeps alive.
    public let buffer: SharedBuffer
    /// Where the view starts in the buffer, in bytes.
    public let byteOffset: Int
    /// Number of elements. Fixed, also when the buffer grows.
    public let count: Int
    @usableFromInline let start: SharedPointer

    init(buffer: SharedBuffer, byteOffset: Int, count: Int) {
        self.buffer = buffer
        self.byteOffset = byteOffset
        self.count = count
        self.start = buffer.base
    }

    @inlinable
    func address(of index: Int) throws(SharedBufferError) -> UnsafeMutableRawPointer {
        guard index >= 0, index < count else { throw .outOfRange(index: index, count: count) }
        return start.bytes + (byteOffset + index &* MemoryLayout<Element>.stride)
    }

    /// Reads one element. Not atomic: unspecified when another thread writes it meanwhile.
    @inlinable
    public func read(at index: Int) throws(SharedBufferError) -> Element {
        try address(of: index).load(as: Element.self)
    }

    /// Writes one element. Not atomic.
    @inlinable
    public func write(_ value: Element, at index: Int) throws(SharedBufferError) {
        try address(of: index).storeBytes(of: value, as: Element.self)
    }
}

extension SharedView where Element: SharedAtomicInteger {
    @inlinable
    func word(at index: Int) throws(SharedBufferError) -> UnsafeMutablePointer<Atomic<Element.AtomicWord>> {
        try address(of: index).assumingMemoryBound(to: Atomic<Element.AtomicWord>.self)
    }

    @inlinable
    func bits(_ value: Element) -> Element.AtomicWord { Element.AtomicWord(truncatingIfNeeded: value) }

    @inlinable
    func element(_ bits: Element.AtomicWord) -> Element { Element(truncatingIfNeeded: bits) }

    /// Reads atomically.
    @inlinable
    public func load(at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.load(try word(at: index)))
    }

    /// Writes atomically.
    @inlinable
    public func store(_ value: Element, at index: Int) throws(SharedBufferError) {
        Element.AtomicWord.store(try word(at: index), bits(value))
    }

    /// Adds, wrapping around; returns the value before.
    @inlinable @discardableResult
    public func add(_ operand: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.add(try word(at: index), bits(operand)))
    }

    /// Subtracts, wrapping around; returns the value before.
    @inlinable @discardableResult
    public func sub(_ operand: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.add(try word(at: index), bits(0 &- operand)))
    }

    /// Combines by bitwise and; returns the value before.
    @inlinable @discardableResult
    public func and(_ operand: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.and(try word(at: index), bits(operand)))
    }

    /// Combines by bitwise or; returns the value before.
    @inlinable @discardableResult
    public func or(_ operand: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.or(try word(at: index), bits(operand)))
    }

    /// Combines by bitwise exclusive or; returns the value before.
    @inlinable @discardableResult
    public func xor(_ operand: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.xor(try word(at: index), bits(operand)))
    }

    /// Writes and returns the value before.
    @inlinable @discardableResult
    public func exchange(_ value: Element, at index: Int) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.exchange(try word(at: index), bits(value)))
    }

    /// Writes `desired` if the element equals `expected`; returns the value before,
    /// which equals `expected` exactly when the write took place.
    @inlinable @discardableResult
    public func compareExchange(
        expected: Element, desired: Element, at index: Int
    ) throws(SharedBufferError) -> Element {
        element(Element.AtomicWord.compareExchange(try word(at: index), bits(expected), bits(desired)))
    }
}
