package import SpindleMemory

/// One side of a connection between two processes: the memory of two rings, and a socket for descriptors.
///
/// It can be handed to another process by its ``descriptors`` as long as no ``Link`` has used it.
package struct LinkEndpoint: Sendable {
    let memory: RingMemory
    let socket: DescriptorSocket
    /// 0 or 1.
    package let side: Int

    /// Both sides of a new connection.
    package static func pair(
        capacity: Int = RingMemory.defaultCapacity
    ) throws(RingError) -> (LinkEndpoint, LinkEndpoint) {
        let memory = try RingMemory(capacity: capacity)
        let (socket, otherSocket) = try DescriptorSocket.pair()
        return (Self(memory: memory, socket: socket, side: 0), Self(memory: memory, socket: otherSocket, side: 1))
    }

    private init(memory: RingMemory, socket: DescriptorSocket, side: Int) {
        self.memory = memory
        self.socket = socket
        self.side = side
    }

    package var claims: ClaimTable { memory.claims }

    /// What to hand over; the other process needs them in this order, and the side.
    package var descriptors: [OwnedDescriptor] { [memory.descriptor, socket.descriptor] }
    package static var descriptorCount: Int { 2 }

    /// More messages than can be on their way on a link: in the ring, of which each takes 16 bytes or more, and in the
    /// reader's copy of a part of it.
    package static var mostMessages: Int { 2 * RingMemory.defaultCapacity / 16 }

    /// A side that was handed over.
    ///
    /// - Throws: ``RingError`` when the descriptors are not what ``descriptors`` gives.
    package init(adopting descriptors: [OwnedDescriptor], side: Int) throws(RingError) {
        guard descriptors.count == Self.descriptorCount, side == 0 || side == 1 else {
            throw RingError(.malformed, "\(descriptors.count) descriptors and side \(side) are no side of a link.")
        }
        memory = try RingMemory(adopting: descriptors[0])
        socket = try DescriptorSocket(adopting: descriptors[1])
        self.side = side
    }
}

/// What has gone wrong on a link.
package enum LinkFailure: Error, Sendable {
    /// The other side sent what no message is. The link has ended.
    case peer(any Error)
    /// A message could not be encoded or sent and was dropped. The link goes on.
    case unsent(any Error)
}

/// The kinds of frames on a link.
enum LinkFrame {
    static let message: UInt8 = 1
    /// The message lies in a memory file, the first descriptor; the payload is its length as UInt64.
    static let mappedMessage: UInt8 = 2
    /// I send nothing more.
    static let end: UInt8 = 3
    /// I take nothing more.
    static let refuse: UInt8 = 4
    /// The last two come once each, and always find room.
    static let reserve = 2
}
