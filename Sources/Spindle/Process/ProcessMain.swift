internal import CSpindle
internal import Glibc

/// What a worker process runs, on its main thread.
package protocol ProcessMain {
    static func main(_ start: ProcessStart) -> Never
    /// Goes through what ``main(_:)`` will, in a child that waits for its launch, so that the pages and the
    /// metadata it needs are there by then. Threads it starts have to end by themselves, at once.
    ///
    /// - Parameter subject: what the last process of this program was about, as it said at its launch.
    static func rehearse(_ subject: String)
}

extension ProcessMain {
    package static func rehearse(_ subject: String) {}
}

/// What a spare is told to rehearse: the mangled name of a ``ProcessMain``, and a word for it.
struct Rehearsal {
    let main: String
    let subject: String

    init(main: String, subject: String) {
        self.main = main
        self.subject = subject
    }

    /// No mangled name has a bar in it.
    init(text: String) {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        main = String(parts[0])
        subject = parts.count > 1 ? String(parts[1]) : ""
    }

    var text: String { "\(main)|\(subject)" }
}

/// What a worker process is given at its start.
package struct ProcessStart: Sendable {
    package let payload: [UInt8]
    /// Duplicates of the descriptors that it was launched with, in order, close-on-exec. They are its own.
    package let descriptors: [Int32]
    package let control: ProcessControl
}

/// A worker process's line to its owner, for packets of up to ``packetLimit`` bytes each way.
package struct ProcessControl: Sendable {
    package static let packetLimit = 60 << 10

    /// A SEQPACKET socket; readable when a packet has come or the owner is gone.
    package let descriptor: Int32

    /// Blocks for the owner's next packet. Nil when there will be none any more.
    package func receive() -> [UInt8]? {
        var length: Int64 = 0
        let packet = [UInt8](unsafeUninitializedCapacity: Self.packetLimit) { buffer, count in
            var descriptors = 0
            length = spindle_packet_receive(descriptor, buffer.baseAddress, buffer.count, nil, &descriptors, true)
            count = Int(max(0, length))
        }
        return length > 0 ? packet : nil
    }

    /// Sends a packet to the owner; blocks while its buffer is full. False when the owner is gone.
    ///
    /// - Precondition: 1 to ``packetLimit`` bytes.
    @discardableResult
    package func send(_ packet: [UInt8]) -> Bool { send(.packet, packet) }

    /// Likewise, but gives up instead of waiting.
    func trySend(_ packet: [UInt8]) -> Bool { send(.packet, packet, waits: false) }

    /// Tells the owner that the program has begun, for which it may wait for so long only.
    package func tellBegun() { _ = send(.begun, [0]) }

    func send(_ kind: Kind, _ packet: [UInt8], waits: Bool = true) -> Bool {
        precondition((1...Self.packetLimit).contains(packet.count), "A control packet has 1 to \(Self.packetLimit) bytes.")
        var kind = kind.rawValue
        return spindle_packet_send(descriptor, &kind, 1, packet, packet.count, nil, 0, waits) == 0
    }

    /// The first byte of every packet to the owner.
    enum Kind: UInt8 {
        case packet
        /// It has rehearsed, and waits for its launch. Without content.
        case rehearsed
        /// The configuration could not be applied; what follows is the error number, then the message.
        case startFailure
        /// Its program has begun. Without content.
        case begun
    }
}
