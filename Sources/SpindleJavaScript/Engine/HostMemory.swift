internal import CJavaScriptCore

/// Bytes that the host owns and a guest sees as an ArrayBuffer, without a copy.
///
/// For built-ins only, which neither hand it to a program nor transfer it: the host reads and writes it by its address. The
/// address of a buffer that the engine made must never be asked for, as that pins the buffer for ever.
///
/// Safe to send: the bytes are touched by one side at a time; a call hands them over and its answer hands them back.
package final class HostMemory: @unchecked Sendable {
    package let bytes: UnsafeMutableRawBufferPointer

    package init(count: Int) {
        bytes = .allocate(byteCount: max(1, count), alignment: 16)
    }

    deinit { bytes.deallocate() }

    /// The first bytes, as characters of one byte each.
    func characters(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}

extension Engine {
    /// An ArrayBuffer over the first `count` bytes, which keeps the memory alive.
    package func arrayBuffer(_ memory: HostMemory, count: Int) -> GuestValue {
        arrayBuffer(UnsafeMutableRawBufferPointer(rebasing: memory.bytes.prefix(count))) { _ in
            withExtendedLifetime(memory) {}
        }
    }
}
