import Testing

@testable import SpindleCLI

@Suite struct ProgressLineTests {
    private let half = ProgressLine(
        bytes: 500_000_000, totalBytes: 1_000_000_000, files: 3, totalFiles: 10, elapsed: 2)

    @Test func `a line has percent, rate, files and the time left`() {
        #expect(half.plain == " 50 %  250.0 MB/s, 3 of 10 files, 2 s left")
    }

    @Test func `a bar is never wider than its terminal`() {
        for width in 0...200 {
            let bar = half.bar(width: width)
            #expect(bar.count <= max(0, width - 1))
        }
        #expect(half.bar(width: 120).hasPrefix("[####################--------------------]  50 %"))
    }

    @Test func `an empty run and one that grew are full`() {
        #expect(ProgressLine().plain.hasPrefix("100 %"))
        let grown = ProgressLine(bytes: 20, totalBytes: 10, files: 1, totalFiles: 1, elapsed: 2)
        #expect(grown.plain == "100 %  10 B/s, 1 of 1 file")
        #expect(ProgressLine(bytes: 0, totalBytes: 0, files: 1, totalFiles: 2).plain.hasPrefix(" 50 %"))
    }

    @Test func `quantities are short`() {
        #expect([0, 999, 1_000, 999_949, 999_950, 2_500_000_000].map(Quantity.bytes)
            == ["0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "2.5 GB"])
        #expect([5, 125, 12_000].map(Quantity.seconds) == ["5 s", "2 min 5 s", "3 h 20 min"])
    }
}
