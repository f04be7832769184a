internal import CSpindle
internal import Glibc

/// A file descriptor that is closed with its last reference.
package final class OwnedDescriptor: Sendable {
    /// The most that may travel in one packet: those of a message, and the memory file that it may lie in.
    package static let packetLimit = Int(SPINDLE_PACKET_DESCRIPTORS)
    /// The most that may travel with one message.
    package static let messageLimit = packetLimit - 1

    package let number: Int32

    /// Takes the descriptor over.
    package init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// A second descriptor of the same open file; nil when the limit on descriptors is reached.
    package func duplicate() -> OwnedDescriptor? {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : OwnedDescriptor(copy)
    }
}

/// One end of a connection on which descriptors travel; see socketpair(2), SCM_RIGHTS in unix(7).
package struct DescriptorSocket: Sendable {
    package let descriptor: OwnedDescriptor

    /// Two connected ends.
    package static func pair() throws(RingError) -> (DescriptorSocket, DescriptorSocket) {
        var ends: (Int32, Int32) = (0, 0)
        let result = withUnsafeMutableBytes(of: &ends) { spindle_packet_pair($0.bindMemory(to: Int32.self).baseAddress!) }
        guard result == 0 else { throw .refused("No pair of sockets for a link", -result) }
        return (Self(unchecked: OwnedDescriptor(ends.0)), Self(unchecked: OwnedDescriptor(ends.1)))
    }

    private init(unchecked descriptor: OwnedDescriptor) { self.descriptor = descriptor }

    /// - Throws: ``RingError`` when it is not a local SEQPACKET socket.
    package init(adopting descriptor: OwnedDescriptor) throws(RingError) {
        guard spindle_packet_is_socket(descriptor.number) == 1 else {
            throw .malformed("A link came with a descriptor that is not its socket.")
        }
        self.descriptor = descriptor
    }

    /// Sends duplicates in one packet.
    ///
    /// - Returns: 0, or the system's error number: EAGAIN when the socket is full, EPIPE when nobody holds the other end.
    package func send(_ descriptors: [OwnedDescriptor]) -> Int32 {
        let numbers = descriptors.map(\.number)
        var mark: UInt8 = 0
        return -spindle_packet_send(descriptor.number, &mark, 1, nil, 0, numbers, numbers.count, false)
    }

    /// Receives one packet of exactly `count` descriptors.
    ///
    /// - Throws: ``RingError`` with `malformed` when there is none, or one of another length, and with `unavailable` when
    ///   this process has no descriptors left; those that came are closed.
    package func receive(_ count: Int) throws(RingError) -> [OwnedDescriptor] {
        var numbers = [Int32](repeating: -1, count: OwnedDescriptor.packetLimit)
        var mark: UInt8 = 0
        var received = numbers.count
        let length = spindle_packet_receive(descriptor.number, &mark, 1, &numbers, &received, false)
        let descriptors = numbers.prefix(received).map { OwnedDescriptor($0) }
        if length == -Int64(EMFILE) { throw .refused("No descriptors for those of a message", EMFILE) }
        guard length == 1, received == count else {
            throw .malformed("A message announced \(count) descriptors, but \(received) came with it.")
        }
        return descriptors
    }
}
