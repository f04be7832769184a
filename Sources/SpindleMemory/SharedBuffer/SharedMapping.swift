internal import CSpindle
internal import Glibc

/// The memory of a ``SharedBuffer``: a header that holds the present length, and the bytes.
///
/// As a rule one anonymous shared mapping, the header being its first page. It owns the descriptor and the address
/// range; both go with the last reference. The memory file has its final size from the start and is sealed against any
/// other, so no holder of the descriptor, in this process or another, can shrink
/// it and make an access here fault. Pages cost memory only once touched, which
/// is what makes growing free: it only moves the length in the header.
///
/// The present length is shared with holders that may be hostile, so whoever reads it cuts it to the mapped maximum.
///
/// Safe to send: the pointers never change, and what they point to is meant for
/// concurrent access; the length is only read and written atomically.
final class SharedMapping: @unchecked Sendable {
    static let headerLength = 4096

    /// Nil for memory of this process alone.
    let descriptor: OwnedDescriptor?
    let maximumLength: Int
    let bytes: UnsafeMutableRawPointer
    /// Its first word holds the present byte length.
    let header: UnsafeMutableRawPointer
    /// Who gives the bytes back, if that is not this object.
    private let owner: (any AnyObject & Sendable)?

    convenience init(maximumLength: Int, name: String) throws(SharedBufferError) {
        let total = Self.headerLength + maximumLength
        let descriptor = spindle_memfd_create_sealed(name, UInt64(total))
        guard descriptor >= 0 else {
            throw SharedBufferError(
                .unavailable,
                "No shared memory file of \(total) bytes (\(String(cString: strerror(-descriptor)))); close unused buffers or raise the descriptor limit.",
                errno: -descriptor)
        }
        try self.init(mapping: OwnedDescriptor(descriptor), maximumLength: maximumLength)
    }

    /// The memory of a buffer that another process has made. Nothing of it is touched.
    convenience init(adopting descriptor: OwnedDescriptor) throws(SharedBufferError) {
        guard spindle_memfd_is_fixed(descriptor.number) == 1 else {
            throw SharedBufferError(
                .notABuffer, "A shared buffer came with a descriptor that is not a memory file of fixed size.")
        }
        var status = stat()
        let maximum = fstat(descriptor.number, &status) == 0 ? Int(status.st_size) - Self.headerLength : -1
        guard 0...SharedBuffer.largestByteLength ~= maximum else {
            throw SharedBufferError(.notABuffer, "A shared buffer came with a memory file of \(status.st_size) bytes.")
        }
        try self.init(mapping: descriptor, maximumLength: maximum)
    }

    private init(mapping descriptor: OwnedDescriptor, maximumLength: Int) throws(SharedBufferError) {
        let total = Self.headerLength + maximumLength
        guard let start = mmap(nil, total, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0), start != MAP_FAILED else {
            let error = errno
            throw SharedBufferError(
                .unavailable,
                "Cannot map \(total) bytes (\(String(cString: strerror(error)))); choose a smaller maximum length.",
                errno: error)
        }
        self.descriptor = descriptor
        self.maximumLength = maximumLength
        header = start
        bytes = start + Self.headerLength
        owner = nil
    }

    /// Bytes of this process alone, which `owner` gives back when it goes.
    init(_ bytes: UnsafeMutableRawBufferPointer, of owner: any AnyObject & Sendable) {
        descriptor = nil
        maximumLength = bytes.count
        header = .allocate(byteCount: MemoryLayout<UInt64>.size, alignment: MemoryLayout<UInt64>.alignment)
        header.storeBytes(of: UInt64(bytes.count), as: UInt64.self)
        // No bytes have no address.
        self.bytes = bytes.baseAddress ?? header
        self.owner = owner
    }

    deinit {
        if descriptor == nil { header.deallocate() } else { munmap(header, Self.headerLength + maximumLength) }
    }
}
