internal import CSpindle
public import Synchronization

/// Memory that several workers read and write at once, without copies.
///
/// A buffer is a reference: sending it in a message shares the same bytes, as a
/// JavaScript `SharedArrayBuffer` does (ECMA-262, 25.2). It lies in an anonymous
/// memory file, sealed against shrinking, so that an access inside its length can
/// never fault. New bytes are zero.
///
/// The length may grow up to ``maximumByteLength`` and never shrinks. Address
/// space is reserved for the maximum at once; memory is used page by page as it
/// is touched.
///
/// Reach the bytes through ``view(of:byteOffset:count:)``, which has the atomic
/// operations, or through ``withBytes(_:)`` and ``withMutableBytes(_:)``.
///
/// A buffer travels in messages to worker processes and back, bare or anywhere inside
/// a `Codable` value; the receiver maps the same bytes, and no page is touched. One that a
/// JavaScript program on a thread has made stays in its process.
///
/// Cost: creating one is four system calls (about 10 µs); passing one is a
/// reference count between threads, a descriptor and a mapping between processes.
public final class SharedBuffer: Sendable {
    private let mapping: SharedMapping
    @usableFromInline let base: SharedPointer

    /// The largest length the buffer can grow to, in bytes. Fixed.
    public let maximumByteLength: Int

    /// Creates a zeroed buffer.
    ///
    /// - Parameters:
    ///   - byteLength: present length in bytes, 0 or more.
    ///   - maximumByteLength: the length it may grow to; `byteLength` when omitted.
    ///   - name: shown in `/proc/PID/maps`, cut to 64 characters; for debugging only.
    /// - Throws: ``SharedBufferError`` with `invalidLength`, or `unavailable` when the system refuses.
    public convenience init(byteLength: Int, maximumByteLength: Int? = nil, name: String = "spindle") throws(SharedBufferError) {
        let maximum = maximumByteLength ?? byteLength
        guard byteLength >= 0, maximum >= byteLength, maximum <= Self.largestByteLength else {
            throw SharedBufferError(
                .invalidLength,
                "A shared buffer needs 0 ≤ byteLength (\(byteLength)) ≤ maximumByteLength (\(maximum)) "
                    + "≤ \(Self.largestByteLength).")
        }
        let mapping = try SharedMapping(maximumLength: maximum, name: String(name.prefix(64)))
        self.init(mapping)
        base.length.pointee.store(UInt64(byteLength), ordering: .releasing)
    }

    /// A buffer that came from another process.
    ///
    /// Its maximum is the size of its file in whole, and its length what all its holders say it is.
    ///
    /// - Throws: ``SharedBufferError`` with `notABuffer`, or `unavailable` when the system refuses.
    package convenience init(adopting descriptor: OwnedDescriptor) throws(SharedBufferError) {
        self.init(try SharedMapping(adopting: descriptor))
    }

    /// Memory of this process that a guest shares, without a descriptor: it cannot travel to another process.
    ///
    /// - Parameter owner: gives the memory back when it goes; kept as long as the buffer.
    package convenience init(over bytes: UnsafeMutableRawBufferPointer, of owner: any AnyObject & Sendable) {
        self.init(SharedMapping(bytes, of: owner))
    }

    private init(_ mapping: SharedMapping) {
        self.mapping = mapping
        maximumByteLength = mapping.maximumLength
        base = SharedPointer(bytes: mapping.bytes, header: mapping.header)
    }

    /// What another process needs to share the bytes; nil if they are of this process alone.
    package var descriptor: OwnedDescriptor? { mapping.descriptor }

    /// Where the bytes are. Valid as long as the buffer.
    package var address: UnsafeMutableRawPointer { base.bytes }

    /// The largest maximum a buffer can be created with: 1 TiB of address space.
    public static let largestByteLength = 1 << 40

    /// Present length in bytes. Grows only.
    @inlinable
    public var byteLength: Int { bounded(base.length.pointee.load(ordering: .acquiring)) }

    /// A length as it may be used. Every holder can write the word, and one in another process may not mean well.
    @inlinable
    func bounded(_ length: UInt64) -> Int { Int(min(length, UInt64(maximumByteLength))) }

    /// Makes the buffer longer; the new bytes are zero. Every holder sees the new length.
    ///
    /// Concurrent calls are safe: the longest wins (ECMA-262, 25.2.5.3).
    ///
    /// - Throws: ``SharedBufferError`` with `invalidLength` when the length is less than the present one or above the maximum.
    public func grow(to newByteLength: Int) throws(SharedBufferError) {
        var seen = base.length.pointee.load(ordering: .acquiring)
        while true {
            let current = bounded(seen)
            guard newByteLength >= current, newByteLength <= maximumByteLength else {
                throw SharedBufferError(
                    .invalidLength,
                    "Cannot grow from \(current) to \(newByteLength) bytes: a shared buffer never shrinks, "
                        + "and this one's maximum is \(maximumByteLength).")
            }
            let (done, now) = base.length.pointee.compareExchange(
                expected: seen, desired: UInt64(newByteLength), ordering: .acquiringAndReleasing)
            if done { return }
            seen = now
        }
    }

    /// A typed window on the buffer, which keeps the buffer alive.
    ///
    /// - Parameters:
    ///   - type: how the bytes are looked at.
    ///   - byteOffset: where it starts; a multiple of the element's stride.
    ///   - count: number of elements; as many as fit into the present length when omitted.
    /// - Throws: ``SharedBufferError`` with `misaligned` or `outOfRange`.
    public func view<Element: SharedElement>(
        of type: Element.Type, byteOffset: Int = 0, count: Int? = nil
    ) throws(SharedBufferError) -> SharedView<Element> {
        let size = MemoryLayout<Element>.stride
        let length = byteLength
        guard byteOffset >= 0, byteOffset <= length else {
            throw SharedBufferError(.outOfRange, "Byte offset \(byteOffset) is outside the buffer's \(length) bytes.")
        }
        guard byteOffset % size == 0 else {
            throw SharedBufferError(.misaligned, "Byte offset \(byteOffset) is not a multiple of \(size), the stride of \(type).")
        }
        let room = (length - byteOffset) / size
        guard let count = Optional(count ?? room), count >= 0, count <= room else {
            throw SharedBufferError(
                .outOfRange,
                "\(count ?? 0) elements of \(type) from byte \(byteOffset) do not fit into \(length) bytes; \(room) do.")
        }
        return SharedView(buffer: self, byteOffset: byteOffset, count: count)
    }

    /// Reads the present bytes in place.
    ///
    /// Plain accesses: when another thread writes the same bytes meanwhile, what
    /// is read there is unspecified. Order the two with an atomic or a lock.
    public func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
        try body(RawSpan(_unsafeStart: base.bytes, byteCount: byteLength))
    }

    /// Reads and writes the present bytes in place, under the same condition as ``withBytes(_:)``.
    public func withMutableBytes<Result, Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = MutableRawSpan(_unsafeStart: base.bytes, byteCount: byteLength)
        return try body(&span)
    }
}

/// The addresses of a mapping. They stay valid as long as the ``SharedBuffer`` that holds them.
@usableFromInline
// Safe to send: immutable, and all access behind it is atomic or documented as unordered.
struct SharedPointer: @unchecked Sendable {
    @usableFromInline let bytes: UnsafeMutableRawPointer
    /// The byte length. `releasing` where it grows pairs with `acquiring` where it is
    /// read: whoever sees a length sees the bytes written before it was published.
    @usableFromInline let length: UnsafeMutablePointer<Atomic<UInt64>>

    init(bytes: UnsafeMutableRawPointer, header: UnsafeMutableRawPointer) {
        self.bytes = bytes
        self.length = header.assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}
