/// Messages on their way from a ring into a mailbox, many at once.
///
/// The code of a link does not know their type when it is compiled, so that every use of a generic type costs it a look
/// at metadata. So this is not one: a message costs an address, and the type is looked at once a batch.
///
/// Not safe to send by itself: belongs to whoever has the direction of the link, which calls ``deallocate(_:)``.
struct MessageBatch {
    private let base: UnsafeMutableRawPointer
    private let stride: Int
    private var start = 0
    private var end = 0

    private static var capacity: Int { 128 }

    init<Element>(of type: Element.Type) {
        base = UnsafeMutableRawPointer(UnsafeMutablePointer<Element>.allocate(capacity: Self.capacity))
        stride = MemoryLayout<Element>.stride
    }

    func deallocate<Element>(_ type: Element.Type) {
        rest(of: type).deinitialize()
        base.deallocate()
    }

    var isEmpty: Bool { start == end }
    var isFull: Bool { end == Self.capacity }

    /// Where the next one goes; there is one behind ``append()`` only.
    var place: UnsafeMutableRawPointer {
        precondition(!isFull, "A batch has a capacity.")
        return base + end * stride
    }

    /// The message at ``place`` is there.
    mutating func append() { end += 1 }

    /// Those that are still there.
    func rest<Element>(of type: Element.Type) -> UnsafeMutableBufferPointer<Element> {
        let first = (base + start * stride).assumingMemoryBound(to: type)
        return UnsafeMutableBufferPointer(start: first, count: end - start)
    }

    /// Drops the first so many.
    mutating func removeFirst<Element>(_ count: Int, of type: Element.Type) {
        (base + start * stride).assumingMemoryBound(to: type).deinitialize(count: count)
        start += count
        if start == end { (start, end) = (0, 0) }
    }
}
