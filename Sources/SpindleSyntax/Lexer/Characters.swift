extension UInt8 {
    static let newline: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D

    /// `A–Z a–z $ _`: what begins an identifier among the ASCII characters.
    @inline(__always) var beginsIdentifier: Bool { isMember(of: 1 << 36, 0x07FF_FFFE_87FF_FFFE) }
    /// The above and the digits.
    @inline(__always) var continuesIdentifier: Bool { isMember(of: 0x03FF_0010_0000_0000, 0x07FF_FFFE_87FF_FFFE) }

    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }

    var hexValue: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self - 0x30)
        case 0x41...0x46: UInt32(self - 0x41 + 10)
        case 0x61...0x66: UInt32(self - 0x61 + 10)
        default: nil
        }
    }

    /// Two masks of 64 bits are a set of ASCII characters that costs no memory access.
    @inline(__always)
    private func isMember(of low: UInt64, _ high: UInt64) -> Bool {
        self < 64 ? low >> UInt64(self) & 1 != 0 : self < 128 && high >> UInt64(self & 63) & 1 != 0
    }
}

extension UInt32 {
    var beginsIdentifier: Bool {
        self < 128 ? UInt8(self).beginsIdentifier : Unicode.Scalar(self)?.properties.isIDStart ?? false
    }

    var continuesIdentifier: Bool {
        if self < 128 { return UInt8(self).continuesIdentifier }
        // The two joiners are allowed by name.
        return self == 0x200C || self == 0x200D || Unicode.Scalar(self)?.properties.isIDContinue ?? false
    }

    func appendUTF8(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: Array(String(Unicode.Scalar(self) ?? "\u{FFFD}").utf8))
    }
}
