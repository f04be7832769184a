import Testing

@testable import SpindleJavaScript

/// What scripts call in the host, by either way.
@Suite struct HostFunctionTests {
    /// The outcome of a script that is given a function of the host.
    static func outcome(of script: String, waits: Bool, _ body: @escaping HostBody) throws -> String {
        let engine = Engine()
        defer { engine.close() }
        var result = ""
        engine.run {
            let function = engine.function("f", waits: waits, body)
            do {
                let program = try engine.evaluate("(function (f) { \(script) })", at: "test.js")
                result = try engine.string(try engine.call(program, [function]))
            } catch {
                result = (error as? GuestException).flatMap { try? engine.string($0.value.value) } ?? "\(error)"
            }
        }
        return result
    }

    @Test func `Compiled code calls the host directly with the library at hand`() {
        let engine = Engine()
        #expect(engine.native != nil)
        engine.close()
    }

    @Test(arguments: [true, false]) func `Arguments and results of every kind cross`(waits: Bool) throws {
        let script = "return [f(), f(1), f(-1.5, 'two'), f(undefined, null, true, {}), f(2 ** 40, NaN)].join('|');"
        let result = try Self.outcome(of: script, waits: waits) { call in
            let texts = try (0..<call.count).map { try call.string($0) }
            return call.engine.value("\(call.count):\(texts.joined(separator: ",")):\(call.int(0)):\(call.double(0))")
        }
        #expect(
            result == "0::0:nan|1:1:1:1.0|2:-1.5,two:-1:-1.5|4:undefined,null,true,[object Object]:0:nan"
                + "|2:1099511627776,NaN:1099511627776:1099511627776.0")
    }

    @Test(arguments: [true, false]) func `An error of the host is thrown in the guest, and what a guest throws passes`(
        waits: Bool
    ) throws {
        let script = """
            const log = [];
            try { f('host'); } catch (error) { log.push(error.code, error.message, error instanceof Error); }
            try { f(() => { throw 'guest'; }); } catch (error) { log.push(error); }
            log.push(f(() => f(() => 'nested')));
            return log.join('|');
            """
        let result = try Self.outcome(of: script, waits: waits) { call in
            guard call.engine.isFunction(call[0]) else { throw HostError("ERR_TEST", "no function") }
            return try call.engine.call(call[0])
        }
        #expect(result == "ERR_TEST|no function|true|guest|nested")
    }

    @Test(arguments: [true, false]) func `A function is called from compiled code as often as it likes`(waits: Bool) throws {
        var calls = 0
        let script = "let sum = 0; for (let i = 0; i < 200000; i++) sum += f(i); return sum;"
        let result = try Self.outcome(of: script, waits: waits) { call in
            calls += 1
            return call.engine.value(call.int(0) + 1)
        }
        #expect(result == "20000100000")
        #expect(calls == 200_000)
    }

    @Test func `Strings of one byte a character cross as they are`() {
        let engine = Engine()
        defer { engine.close() }
        for count in [0, 1, 2, 63, 5000] {
            let characters = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 65) }
            let value = characters.withUnsafeBufferPointer { PlainText.value(of: $0, in: engine) }
            let expected = String(decoding: characters.map { UInt16($0) }, as: UTF16.self)
            #expect((try? engine.string(value)) == expected)
            if count > 1 { #expect(PlainText.withCharacters(of: value, in: engine) { Array($0) } == characters) }
        }
    }
}
