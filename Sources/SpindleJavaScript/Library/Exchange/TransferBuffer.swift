internal import SpindleMemory
package import SpindleStructuredClone

/// Bytes that move between a Swift program and its guests: an `ArrayBuffer` there.
///
/// ```swift
/// let image = TransferBuffer(byteCount: 1 << 20) { bytes in … }
/// try await worker.send(["image": image])
/// for try await result in worker.messages(as: TransferBuffer.self) { … }
/// ```
///
/// It travels anywhere inside a `Codable` value, bare as an `ArrayBuffer`. Sending *moves* it: once the guest has it this
/// one is empty, and sending it a second time throws `EncodingError`. A send that fails leaves it as it is.
///
/// Between threads nothing is copied towards the guest. From the guest nothing is copied if the memory came from the
/// program, or from `Buffer` and messages; memory that the guest's engine made itself is copied once, as is a
/// buffer that was not in the transfer list. Views that show a part of their buffer are copied, and so are bytes that somebody
/// reads while they are sent. Between processes one copy is made on each side.
///
/// Its bytes do not change as long as it has them, so any number of threads may read them.
public final class TransferBuffer: Sendable {
    fileprivate let attachment: GuestAttachment

    fileprivate init(_ attachment: GuestAttachment) { self.attachment = attachment }

    /// Bytes made in place.
    ///
    /// - Parameters:
    ///   - byteCount: 0 or more.
    ///   - fill: given the bytes, all zero, to fill in.
    public convenience init<Failure: Error>(
        byteCount: Int, _ fill: (inout MutableRawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        let block = MemoryBlock(count: byteCount, isShared: false)
        var span = MutableRawSpan(_unsafeStart: block.address, byteCount: byteCount)
        try fill(&span)
        self.init(GuestAttachment(.memory(block)))
    }

    /// A copy of bytes.
    public convenience init(_ bytes: some Collection<UInt8>) {
        let block = MemoryBlock(count: bytes.count, isShared: false)
        UnsafeMutableRawBufferPointer(start: block.address, count: block.count).copyBytes(from: bytes)
        self.init(GuestAttachment(.memory(block)))
    }

    /// How many bytes there are; 0 once it was sent.
    public var byteCount: Int { attachment.withMemory { $0?.count ?? 0 } }

    /// Reads the bytes in place: none once it was sent.
    public func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result {
        try attachment.withMemory { bytes throws(Failure) in
            guard let bytes, let start = bytes.baseAddress else { return try body(RawSpan()) }
            return try body(RawSpan(_unsafeStart: start, byteCount: bytes.count))
        }
    }
}

extension TransferBuffer: StructuredAttachable {
    package func structuredValue() throws -> StructuredValue { .attachment(StructuredAttachment(attachment)) }

    package static func attached(in value: StructuredValue) throws -> TransferBuffer? {
        if case .attachment(let attachment) = value, let attachment = attachment.guest, attachment.sharedMemory == nil,
            attachment.withMemory({ $0 != nil })
        {
            return TransferBuffer(attachment)
        }
        return value.bytes.map { TransferBuffer($0) }
    }
}

/// Only messages carry it: other encoders and decoders throw.
extension TransferBuffer: Codable {
    public func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(
            self,
            .init(
                codingPath: encoder.codingPath,
                debugDescription: "A TransferBuffer can only be encoded by being sent to a JavaScript guest."))
    }

    public convenience init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: decoder.codingPath,
                debugDescription: "A TransferBuffer can only be decoded from what a JavaScript guest has sent."))
    }
}
