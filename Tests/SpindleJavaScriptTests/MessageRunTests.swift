import Testing

@testable import SpindleJavaScript

@Suite struct MessageRunTests {
    static func append(_ bytes: [UInt8], _ text: String, to run: MessageRun) -> Bool {
        bytes.withUnsafeBytes { bytes in Array(text.utf8).withUnsafeBufferPointer { run.append(bytes, $0) } }
    }

    static func next(of run: MessageRun) -> (bytes: [UInt8], text: String) {
        let (bytes, text) = run.next()
        defer { run.taken += 1 }
        return (Array(bytes), String(decoding: text, as: UTF8.self))
    }

    @Test func `Messages come out as they went in, those without bytes among them`() {
        let messages: [([UInt8], String)] = [
            ([], "one"), ([1, 2, 3], "two"), ([], ""), ([4], ""), ([], "x"), ([5, 6, 7, 8, 9, 10, 11, 12], "y"), ([13], "z"),
        ]
        let run = MessageRun()
        for round in 0..<2 {
            for message in messages { #expect(Self.append(message.0, message.1, to: run)) }
            for message in messages {
                #expect(!run.isExhausted)
                let found = Self.next(of: run)
                #expect(found.bytes == message.0, "in round \(round)")
                #expect(found.text == message.1)
            }
            #expect(run.isExhausted)
            #expect(String(decoding: run.text, as: UTF8.self) == "onetwoxyz")
            run.removeAll()
        }
    }

    @Test func `A run is full when its bytes, its characters or its places are`() {
        let bytes = [UInt8](repeating: 7, count: MessageRun.longest)
        let text = String(repeating: "t", count: MessageRun.longest)
        func count(_ bytes: [UInt8], _ text: String) -> Int {
            let run = MessageRun()
            while Self.append(bytes, text, to: run) {}
            return run.count
        }
        #expect(count(bytes, "") == MessageRun.capacity / MessageRun.longest)
        #expect(count([], text) == MessageRun.capacity / MessageRun.longest)
        #expect(count([], "") == MessageRun.maximumCount)
        #expect(count([1], "a") == MessageRun.maximumCount)
    }

    @Test func `A loop waits in vain ever more seldom, and at once again when it pays`() {
        var patience = LoopPatience()
        var attempts = 0
        for _ in 0..<100_000 where patience.isWorthWaiting() {
            attempts += 1
            patience.waited(inVain: true)
        }
        #expect((90...120).contains(attempts), "\(attempts)")
        while !patience.isWorthWaiting() {}
        patience.waited(inVain: false)
        for _ in 0..<10 {
            let isWorthIt = patience.isWorthWaiting()
            #expect(isWorthIt)
            patience.waited(inVain: false)
        }
    }
}
