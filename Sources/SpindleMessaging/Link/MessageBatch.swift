/// Messages on their way between a mailbox and a ring, many at once.
///
/// The code of a link does not know their type when it is compiled, so that every use of a generic container costs a
/// look at metadata. Here that is paid once a batch, and a message costs an address.
///
/// Not safe to send by itself: belongs to whoever has the direction of the link.
struct MessageBatch<Element>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    private var start = 0
    private var end = 0

    static var capacity: Int { 128 }

    init() { base = .allocate(capacity: Self.capacity) }

    deinit {
        (base + start).deinitialize(count: end - start)
        base.deallocate()
    }

    var isEmpty: Bool { start == end }
    var isFull: Bool { end == Self.capacity }

    mutating func append(_ element: consuming Element) {
        precondition(!isFull, "A batch has a capacity.")
        (base + end).initialize(to: element)
        end += 1
    }

    /// Those that are still there.
    var rest: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base + start, count: end - start) }

    /// Drops the first so many.
    mutating func removeFirst(_ count: Int) {
        (base + start).deinitialize(count: count)
        start += count
        if start == end { (start, end) = (0, 0) }
    }

    /// Takes what `fill` writes to the beginning of the empty batch.
    mutating func fill(_ fill: (UnsafeMutableBufferPointer<Element>) -> Int) {
        precondition(isEmpty, "A batch is filled when it is empty.")
        end = fill(UnsafeMutableBufferPointer(start: base, count: Self.capacity))
    }
}
