public import SpindleMemory
package import SpindleStructuredClone

/// In messages of guests a `SharedArrayBuffer` over the same memory, as long as the buffer is when it is sent.
///
/// `Atomics.wait` there and ``SharedView/wait(at:expecting:timeout:)`` here see each other's notifications.
extension SharedBuffer: StructuredAttachable {
    package func structuredValue() throws -> StructuredValue {
        .attachment(StructuredAttachment(.memory(MemoryBlock.showing(self))))
    }

    package static func attached(in value: StructuredValue) throws -> SharedBuffer? {
        switch value {
        case .attachment(let attachment): attachment.guest?.sharedMemory?.sharedBuffer
        // A view of it means the whole.
        case .view(_, let buffer, _, _): try attached(in: buffer)
        default: nil
        }
    }
}
