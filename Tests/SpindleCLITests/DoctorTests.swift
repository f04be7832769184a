import Foundation
import Testing

@testable import SpindleCLI

@Suite struct DoctorTests {
    @Test func `the help of every command is there, with examples and exit codes`() throws {
        let directory = try TemporaryDirectory()
        for arguments in [["--help"], ["checksum", "--help"], ["doctor", "--help"], ["serve", "--help"]] {
            let result = try Program.run(arguments, in: directory)
            #expect(result.status == 0)
            #expect(result.output.contains("EXAMPLES"))
            #expect(result.output.contains("64"))
            #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE:") })
        }
    }

    @Test func `doctor finds that this machine, which runs these tests, can run workers`() throws {
        let directory = try TemporaryDirectory()
        let text = try Program.run("doctor", in: directory)
        #expect(text.status == 0)
        #expect(text.output.contains("ok      worker on a thread"))
        #expect(text.output.contains("worker in a process"))

        let json = try Program.run("doctor", "--json", in: directory)
        #expect(json.status == 0)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["isReady"] as? Bool == true)
        let findings = try #require(object["findings"] as? [[String: Any]])
        #expect(findings.count > 10)
        for finding in findings {
            // What is not ok says what to do.
            #expect(finding["status"] as? String == "ok" || finding["advice"] != nil)
        }
    }

    @Test func `only a missing requirement makes a machine unfit`() {
        let fine = Finding.ok("a", "1", isRequired: true)
        let fit = DoctorCommand.Report(
            findings: [fine, .missing("b", "none", "Get it."), .limited("c", "1", "More.")], process: .ok("p", "ran"))
        #expect(fit.isReady && fit.hasProcessWorkers)
        #expect(fit.text.hasSuffix("Workers in processes run here.\n"))
        let unfit = DoctorCommand.Report(
            findings: [fine, .missing("b", "none", "Get it.", isRequired: true)], process: .missing("p", "no room", "Make room."))
        #expect(!unfit.hasProcessWorkers)
        #expect(unfit.text.hasSuffix("Workers in processes cannot run here: see what is missing above.\n"))
        #expect(!unfit.isReady)
        #expect(unfit.text.contains("missing b  none\n           Get it.\n"))
        #expect(unfit.text.contains("cannot run here"))
    }

    @Test func `the tightest limit of a control group and of those around it holds`() {
        let files = [
            "/outer/cpu.max": "150000 100000\n", "/outer/inner/cpu.max": "max 100000\n",
            "/outer/memory.max": "2000\n", "/outer/inner/memory.max": "1000\n", "/outer/inner/pids.max": "max\n",
        ]
        let group = ControlGroup(membership: "1:cpu:/x\n0::/outer/inner\n") { files[$0] }
        #expect(group.cores == 1.5)
        #expect(group.memory == 1_000)
        #expect(group.threads == nil)
        let none = ControlGroup(membership: "") { _ in nil }
        #expect(none.cores == nil && none.memory == nil && none.threads == nil)
    }
}
