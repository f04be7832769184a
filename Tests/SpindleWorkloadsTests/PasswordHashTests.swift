import Testing

@testable import SpindleWorkloads

@Suite struct PasswordHashTests {
    // RFC 7914, 12: those of its test vectors whose cost is within our limits.
    @Test(arguments: [
        (
            "password", "NaCl", ScryptParameters(logN: 10, r: 8, p: 16),
            "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
        ),
        (
            "pleaseletmein", "SodiumChloride", ScryptParameters(logN: 14, r: 8, p: 1),
            "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
        ),
    ])
    func `the derivation gives the vectors of RFC 7914`(
        password: String, salt: String, parameters: ScryptParameters, expected: String
    ) throws {
        let hash = try PasswordHash.derive(password, salt: Array(salt.utf8), parameters, length: 64)
        let text = hash.map { (byte: UInt8) -> String in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        #expect(text == expected)
    }

    private let cheap = ScryptParameters(logN: 10, r: 1, p: 1)

    @Test func `a hash verifies its password and no other, and salts differ`() throws {
        let record = try PasswordHash.compute(.init(password: "correct horse", parameters: cheap))
        #expect(record.hasPrefix("$scrypt$ln=10,r=1,p=1$"))
        #expect(record.split(separator: "$").map(\.count) == [6, 13, 22, 43])
        #expect(try PasswordHash.verify("correct horse", against: record))
        #expect(try !PasswordHash.verify("correct horsf", against: record))
        #expect(try PasswordHash.compute(.init(password: "correct horse", parameters: cheap)) != record)
    }

    @Test(arguments: [
        (ScryptParameters(logN: 9), WorkloadError.Code.invalidInput), (ScryptParameters(logN: 21), .invalidInput),
        (ScryptParameters(logN: .max), .invalidInput), (ScryptParameters(r: 0), .invalidInput),
        (ScryptParameters(r: 17), .invalidInput), (ScryptParameters(p: 0), .invalidInput),
        (ScryptParameters(p: .max), .invalidInput), (ScryptParameters(logN: 20, r: 9), .limitExceeded),
        (ScryptParameters(logN: 20, r: 8, p: 2), .limitExceeded),
    ])
    func `costs out of range are refused before any work`(parameters: ScryptParameters, code: WorkloadError.Code) throws {
        let error = #expect(throws: WorkloadError.self) {
            try PasswordHash.compute(.init(password: "x", parameters: parameters))
        }
        #expect(error?.code == code)
        let costs = "ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)"
        let record = "$scrypt$\(costs)$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA"
        #expect(throws: WorkloadError.self) { try PasswordHash.verify("x", against: record) }
    }

    @Test func `every block size in range works, also with a parallelism of one`() throws {
        for r in ScryptParameters.rRange {
            #expect(throws: Never.self) {
                try PasswordHash.compute(.init(password: "x", parameters: .init(logN: 10, r: r, p: 1)))
            }
        }
    }

    @Test func `empty and overlong passwords are refused`() {
        for password in ["", String(repeating: "x", count: 4_097)] {
            #expect(throws: WorkloadError.self) { try PasswordHash.compute(.init(password: password, parameters: cheap)) }
        }
    }

    @Test(arguments: [
        "", "secret", "$scrypt$ln=10,r=1,p=1$AAAA", "$argon2$ln=10,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=10,r=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=10,r=1,p=1,x=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$r=1,ln=10,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=10,r=1,p=1$!!$AAAAAAAAAAAAAAAAAAAAAA", "$scrypt$ln=10,r=1,p=1$$",
    ])
    func `a text of another form is refused`(record: String) {
        let error = #expect(throws: WorkloadError.self) { try PasswordHash.verify("x", against: record) }
        #expect(error?.code == .malformed)
    }

    @Test func `a cancelled task does not begin the derivation`() async {
        let cheap = cheap
        await #expect(throws: CancellationError.self) {
            try await inCancelledTask { try PasswordHash.compute(.init(password: "x", parameters: cheap)) }
        }
    }
}
