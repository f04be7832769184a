internal import SpindleCore
internal import Testing

@Suite struct `Nanoseconds of a duration` {
    @Test(arguments: [
        (Duration.nanoseconds(1), Int64(1)),
        (.milliseconds(-1_500), -1_500_000_000),
        (.zero, 0),
        (.seconds(Int64.max), .max),
        (.seconds(Int64.min), .min),
        (.nanoseconds(Int64.max), .max),
    ])
    func `are whole and stop at the ends of the range`(duration: Duration, nanoseconds: Int64) {
        #expect(duration.nanoseconds == nanoseconds)
    }

    @Test func `add up without wrapping around`() {
        #expect(Int64.max.addingClamped(1) == .max)
        #expect(Int64.min.addingClamped(-1) == .min)
        #expect(Int64(5).addingClamped(-7) == -2)
    }
}
