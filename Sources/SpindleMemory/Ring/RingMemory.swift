internal import CSpindle
internal import Glibc
internal import Synchronization

/// The memory of two byte rings, one in each direction, that two processes map.
///
/// ## Layout of the memory file
///
/// | bytes | what |
/// |---|---|
/// | 0 ..< 256 | words of the ring from side 0 to side 1 |
/// | 256 ..< 512 | words of the ring from side 1 to side 0 |
/// | 512 ..< 1024 | the ``ClaimTable`` |
/// | 4096 ..< 4096 + capacity | bytes of the first ring |
/// | the rest, as long | bytes of the second ring |
///
/// The words of one ring lie in a cache line each, so that a side's stores disturb the other only where it looks:
///
/// | offset | word | written by |
/// |---|---|---|
/// | 0 | `tail`: how far frames are published | producer |
/// | 64 | `head`: how far frames are taken | consumer |
/// | 128 | `consumerSleeps` | consumer 1, producer 0 |
/// | 192 | `producerSleeps` | producer 1, consumer 0 |
///
/// ## Frames
///
/// A frame is a header of 8 bytes (payload length as UInt32, kind, number of descriptors that travel with it, two
/// zero bytes) and the payload, padded to a multiple of 8. It may run over the end of the ring to its beginning.
///
/// ## Protocol
///
/// `tail` and `head` count units of 8 bytes and wrap around at 2³²; the capacity is a power of two of at most 2³¹
/// units, so `tail - head`, wrapping, is the number of units published and not yet taken, and `& mask` finds the
/// place. Each side keeps its own position privately, as the truth, and only publishes it.
///
/// *Bytes.* The producer writes a frame and then stores `tail`; the consumer loads `tail` and then reads. Storing
/// releases, loading acquires, so the consumer sees the whole frame. Likewise `head`: the producer overwrites a
/// place only after it has seen the consumer leave it.
///
/// *The race.* The consumer finds nothing and falls asleep just as the producer publishes. The consumer stores
/// `consumerSleeps = 1` and **then** looks at `tail` again; the producer stores `tail` and **then** looks at
/// `consumerSleeps`. All four are sequentially consistent, so they have one order, and in it either the store of
/// `tail` comes before the consumer's second look, which sees it, or the consumer's store of its flag comes before
/// the producer's look, which sees that, clears the flag and wakes *every* sleeper.
///
/// What the consumer sleeps on is the flag: the kernel puts it to sleep only while that is 1, looking and doing so in
/// one step. So nobody sleeps over a flag that is clear, but for the moment until the wake-up behind the clearing. Were
/// it to sleep on `tail`, a clearing that comes late would be the end: a producer that is interrupted between its look
/// and its clearing lets the consumer take what was published, set the flag again and look again, and then clears the
/// flag of a consumer that is about to sleep; the next publication finds nobody to wake.
///
/// Only the producer clears the flag. A consumer that wakes for another reason leaves it set, at the price of one
/// needless wake-up: were it to clear it, it could clear it for a second thread that sleeps on the same word.
///
/// Room is the mirror image: `head`, `producerSleeps`.
///
/// Wake-ups are *shared* futex calls: the kernel finds sleepers by the page of the file, not by address and process.
///
/// ## Trust
///
/// The other side may be hostile and may write anything at any time. Its position is checked on every use: it may
/// not lie outside what the two positions allow. Frames are copied out before anything in them is looked at, so
/// they cannot change between a check and a use. The file is sealed against any other size, so no access faults.
///
/// Safe to send: the pointers never change; the words behind them are accessed atomically, and the bytes by the
/// one ``RingProducer`` and the one ``RingConsumer`` of this side.
package final class RingMemory: @unchecked Sendable {
    package static let headerLength = 4096
    /// Bytes of one ring: powers of two.
    package static let capacities = 64...(1 << 30)
    /// 256 KiB.
    package static let defaultCapacity = 256 << 10

    package let descriptor: OwnedDescriptor
    /// Bytes of each ring.
    package let capacity: Int
    private let start: UnsafeMutableRawPointer

    /// New, empty rings.
    ///
    /// - Parameter capacity: in bytes, of each; rounded up to a power of two in ``capacities``.
    package convenience init(capacity: Int = defaultCapacity) throws(RingError) {
        let least = max(Self.capacities.lowerBound, min(capacity, Self.capacities.upperBound))
        let rounded = least.nonzeroBitCount == 1 ? least : 1 << (Int.bitWidth - least.leadingZeroBitCount)
        let total = Self.headerLength + 2 * rounded
        let descriptor = spindle_memfd_create_sealed("spindle-link", UInt64(total))
        guard descriptor >= 0 else { throw .refused("No memory file of \(total) bytes for a link", -descriptor) }
        try self.init(mapping: OwnedDescriptor(descriptor), capacity: rounded)
    }

    /// Rings that another process has made.
    ///
    /// - Throws: ``RingError`` when the descriptor is not a memory file of a fixed size that fits two rings.
    package convenience init(adopting descriptor: OwnedDescriptor) throws(RingError) {
        guard spindle_memfd_is_fixed(descriptor.number) == 1 else {
            throw .malformed("A link came with a descriptor that is not a memory file of fixed size.")
        }
        var status = stat()
        let length = fstat(descriptor.number, &status) == 0 ? Int(status.st_size) : 0
        let capacity = (length - Self.headerLength) / 2
        guard length == Self.headerLength + 2 * capacity, Self.capacities.contains(capacity), capacity.nonzeroBitCount == 1
        else {
            throw .malformed("A link came with a memory file of \(length) bytes, which is no pair of rings.")
        }
        try self.init(mapping: descriptor, capacity: capacity)
    }

    private init(mapping descriptor: OwnedDescriptor, capacity: Int) throws(RingError) {
        let total = Self.headerLength + 2 * capacity
        guard let start = mmap(nil, total, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0), start != MAP_FAILED else {
            throw .refused("Cannot map \(total) bytes for a link", errno)
        }
        self.descriptor = descriptor
        self.capacity = capacity
        self.start = start
    }

    deinit { munmap(start, Self.headerLength + 2 * capacity) }

    /// The ring that `side`, 0 or 1, writes.
    func ring(writtenBy side: Int) -> Ring {
        Ring(memory: self, words: start + 256 * side, bytes: start + Self.headerLength + capacity * side)
    }

    /// Which tasks sent over the first ring were begun.
    package var claims: ClaimTable { ClaimTable(self, at: start + 512) }

    /// The writing end of `side`, 0 or 1. At most one may be in use on all holders together.
    package func producer(side: Int) -> RingProducer { RingProducer(ring(writtenBy: side)) }

    /// The reading end of `side`. At most one may be in use on all holders together.
    package func consumer(side: Int) -> RingConsumer { RingConsumer(ring(writtenBy: 1 - side)) }
}

/// One ring of a ``RingMemory``, as addresses.
struct Ring {
    /// Keeps the addresses valid.
    let memory: RingMemory
    let tail: SharedWord
    let head: SharedWord
    let bytes: UnsafeMutableRawPointer
    /// In units of 8 bytes.
    let capacity: UInt32

    init(memory: RingMemory, words: UnsafeMutableRawPointer, bytes: UnsafeMutableRawPointer) {
        self.memory = memory
        tail = SharedWord(position: words, sleeps: words + 128)
        head = SharedWord(position: words + 64, sleeps: words + 192)
        self.bytes = bytes
        capacity = UInt32(memory.capacity / 8)
    }

    /// Where the unit at `position` lies.
    func address(_ position: UInt32) -> UnsafeMutableRawPointer {
        bytes + Int(position & (capacity - 1)) * 8
    }

    /// How many units from `position` on lie in one piece.
    func stretch(_ position: UInt32) -> Int { Int(capacity - (position & (capacity - 1))) }
}

/// A position that one side publishes, and the flag by which the other says that it sleeps until it moves.
///
/// Safe to send: only addresses, valid as long as the ``RingMemory``; what they point to is accessed atomically.
package struct SharedWord: @unchecked Sendable {
    private let position: UnsafeMutablePointer<Atomic<UInt32>>
    private let sleeps: UnsafeMutablePointer<Atomic<UInt32>>

    init(position: UnsafeMutableRawPointer, sleeps: UnsafeMutableRawPointer) {
        self.position = position.assumingMemoryBound(to: Atomic<UInt32>.self)
        self.sleeps = sleeps.assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// See the protocol in ``RingMemory``; acquiring would do for the bytes, but not for the second look.
    package func load() -> UInt32 { position.pointee.load(ordering: .sequentiallyConsistent) }

    /// Moves the position and wakes whoever sleeps until it moves.
    package func publish(_ value: UInt32) {
        position.pointee.store(value, ordering: .sequentiallyConsistent)
        guard sleeps.pointee.load(ordering: .sequentiallyConsistent) != 0 else { return }
        sleeps.pointee.store(0, ordering: .sequentiallyConsistent)
        _ = spindle_futex_wake_shared(address, .max)
    }

    /// Has the other side wake this one from now on. Look again with ``load()`` before sleeping.
    package func announceSleep() { sleeps.pointee.store(Self.asleep, ordering: .sequentiallyConsistent) }

    /// The futex word, to be slept on while it is ``asleep``.
    package var address: UnsafePointer<UInt32> {
        UnsafePointer(UnsafeMutableRawPointer(sleeps).assumingMemoryBound(to: UInt32.self))
    }

    /// From ``announceSleep()`` until the other side wakes.
    package static var asleep: UInt32 { 1 }
}

extension RingError {
    static func refused(_ what: String, _ error: Int32) -> RingError {
        RingError(.unavailable, "\(what) (\(String(cString: strerror(error)))); close what is unused or raise the limits.")
    }
}

extension SharedWord {
    /// Blocks the calling thread while the position is `seen`; may return early for no reason.
    ///
    /// - Parameter timeout: nanoseconds; negative for none.
    package func sleep(while seen: UInt32, timeout: Int64 = -1) {
        announceSleep()
        guard load() == seen else { return }
        _ = spindle_futex_wait_shared(address, Self.asleep, timeout)
    }
}
