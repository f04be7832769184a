/// Hashes bytes to 64 bits, the same in every run, in some nanoseconds for a short field.
///
/// The construction is that of wyhash: words are multiplied to 128 bits and folded.
/// Whoever makes up the data can make hashes collide; here that only spoils their own estimate.
enum ByteHash {
    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        let raw = bytes.bytes
        let count = raw.byteCount
        var seed = secrets.0 ^ UInt64(count)
        var offset = 0
        while count - offset > 16 {
            seed = mix(word(raw, offset) ^ secrets.1, word(raw, offset + 8) ^ seed)
            offset += 16
        }
        // The last 0 to 16 bytes, as two words that may overlap.
        let rest = count - offset
        let a, b: UInt64
        if rest >= 8 {
            a = word(raw, offset)
            b = word(raw, count - 8)
        } else if rest >= 4 {
            a = half(raw, offset)
            b = half(raw, count - 4)
        } else if rest > 0 {
            a = UInt64(bytes[offset]) << 16 | UInt64(bytes[offset + rest / 2]) << 8 | UInt64(bytes[count - 1])
            b = 0
        } else {
            a = 0
            b = 0
        }
        return mix(secrets.2 ^ UInt64(count), mix(a ^ secrets.1, b ^ seed))
    }

    /// Arbitrary odd numbers with about half of their bits set: the first 192 bits of π's fraction, made odd.
    private static let secrets: (UInt64, UInt64, UInt64) = (
        0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7345, 0xA409_3822_299F_31D1
    )

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    // Unaligned loads of integers are valid at every offset; the offset itself is checked.

    private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    private static func half(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
