/// What goes along with a message without being copied into it: memory, memory that is shared, or a port.
///
/// Memory that is not shared and ports are in one place only: once the message has been sent, its attachments are the
/// receiver's, and sending them again is an error. One that is dropped is given back; the other end of a port learns of it.
public struct StructuredAttachment: Sendable, Equatable {
    package let object: any StructuredAttached

    package init(_ object: any StructuredAttached) { self.object = object }

    /// A copy of the bytes of memory that has not been sent on; nil for a port.
    public var bytes: [UInt8]? { object.bytes }

    /// Whether both are the same memory or port.
    public static func == (one: StructuredAttachment, other: StructuredAttachment) -> Bool { one.object === other.object }
}

/// What a ``StructuredAttachment`` stands for. Who carries messages between engines knows which kinds there are.
package protocol StructuredAttached: AnyObject, Sendable {
    var bytes: [UInt8]? { get }
}

/// A Swift type whose values go along with a message: the Codable bridge asks it instead of its `Codable` conformance.
package protocol StructuredAttachable {
    /// What stands for it in a message. May use it up.
    func structuredValue() throws -> StructuredValue
    /// One of what stands for it; nil if that is something else.
    static func attached(in value: StructuredValue) throws -> Self?
}
