internal import ArgumentParser

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Says what this machine offers to workers, and what to do about what is missing.",
        discussion: """
            Every line is 'ok', 'limited' or 'missing'; what is not ok comes with what
            it means and what to do. Features are tried by really using them, without
            a lasting effect.

            EXAMPLES
              spindle doctor
              spindle doctor --json | jq -r '.findings[].name'

            EXIT CODES
              0   everything that workers on threads need is there; the last line says
                  whether workers can be processes too
              1   something that they need is missing
              64  the command was called wrongly
            """)

    @Flag(help: "Print one JSON object instead of lines.")
    var json = false

    func run() async throws {
        let report = await Report(
            findings: MachineChecks.all() + ThreadChecks.all() + SystemChecks.all() + LibraryChecks.all(),
            process: WorkerCheck.inProcess())
        if json {
            try Console.write(json: report)
        } else {
            Console.write(report.text)
        }
        guard report.isReady else { throw ExitCode(1) }
    }

    struct Report: Encodable, Sendable {
        let findings: [Finding]
        /// Whether everything that is required is there.
        let isReady: Bool
        /// Whether a worker process really ran.
        let hasProcessWorkers: Bool

        init(findings: [Finding], process: Finding) {
            self.findings = findings + [process]
            isReady = findings.allSatisfy { !$0.isRequired || $0.status != .missing }
            hasProcessWorkers = process.status == .ok
        }

        var text: String {
            let width = findings.map(\.name.count).max() ?? 0
            let lines = findings.map { finding in
                let head = pad(finding.status.rawValue, 8) + pad(finding.name, width + 2)
                let indent = String(repeating: " ", count: head.count)
                return head + finding.value + (finding.advice.map { "\n\(indent)\($0)" } ?? "") + "\n"
            }
            return lines.joined()
                + (isReady
                    ? "\nWorkers on threads have all they need here.\n"
                    : "\nWorkers on threads cannot run here: see what is missing above.\n")
                + (hasProcessWorkers
                    ? "Workers in processes run here.\n" : "Workers in processes cannot run here: see what is missing above.\n")
        }

        private func pad(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
    }
}
