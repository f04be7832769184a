internal import SpindleCore
internal import Testing
internal import TestSupport

@Suite struct `Lines of an output` {
    @Test(arguments: SeededRandom.seeds(50))
    func `are the same however the bytes arrive`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = (0..<400).map { _ in random.chance(15) ? UInt8(ascii: "\n") : UInt8(97 + random.below(26)) }
        func lines(pieces: () -> Int) -> [[UInt8]] {
            var splitter = LineSplitter(longest: 10)
            var lines: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(pieces())
                splitter.append(piece) { lines.append($0) }
                rest = rest.dropFirst(piece.count)
            }
            splitter.finish { lines.append($0) }
            return lines
        }
        let whole = lines { bytes.count }
        #expect(lines { 1 + random.below(20) } == whole)
        #expect(whole.allSatisfy { $0.count <= 10 })
        #expect(whole.joined().elementsEqual(bytes.filter { $0 != UInt8(ascii: "\n") }))
    }

    @Test func `of exactly the longest length are no two`() {
        var splitter = LineSplitter(longest: 3)
        var lines: [String] = []
        splitter.append("abc\nabcd\n\nx".utf8) { lines.append(String(decoding: $0, as: UTF8.self)) }
        #expect(lines == ["abc", "abc", "d", ""])
        splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
        #expect(lines.last == "x")
    }

    @Test func `are kept to a number and a length, without the addresses after a fatal error`() {
        var tail = LineTail()
        for number in 1...20 { tail.append(Array("\(number)".utf8)) }
        #expect(tail.text == (5...20).map(String.init))
        tail.append(Array(repeating: UInt8(ascii: "x"), count: 5000))
        #expect(tail.text.last?.utf8.count == 1024)
        for line in ["Fatal error: reason", "Current stack trace:", "0    main 0x1", "1    start 0x2", "after", "2 more"] {
            tail.append(Array(line.utf8))
        }
        #expect(tail.text.suffix(3) == ["Fatal error: reason", "after", "2 more"])
    }

    @Test func `keep the one that names the last fatal error, however much comes behind it`() {
        var tail = LineTail()
        for line in ["before", "A.swift:1: Fatal error: first", "B.swift:2: Fatal error: second"] {
            tail.append(Array(line.utf8))
        }
        for number in 1...40 { tail.append(Array("\(number)".utf8)) }
        #expect(tail.text == ["B.swift:2: Fatal error: second"] + (26...40).map(String.init))
        let crash = WorkerCrash(cause: .signal(4), processID: 1, lastErrorLines: tail.text)
        #expect(crash.description.hasSuffix("It said: B.swift:2: Fatal error: second"))
        let other = WorkerCrash(cause: .signal(6), processID: 1, lastErrorLines: ["one", "two"])
        #expect(other.description.hasSuffix("It said: two"))
    }
}
