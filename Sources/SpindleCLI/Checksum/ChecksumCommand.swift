public import ArgumentParser
internal import Glibc
public import SpindleWorkloads

struct ChecksumCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checksum",
        abstract: "Computes the checksums of every file below a directory, several files at a time.",
        discussion: """
            One line a file goes to the standard output, sorted by path, in the form
            that sha256sum prints and checks; with both algorithms, in the form of
            'cksum --tag'. Progress goes to the standard error: a bar on a terminal,
            else a line every five seconds.

            Symbolic links below the directory are not followed; sockets, pipes and
            devices are skipped.

            EXAMPLES
              spindle checksum photos > sums && sha256sum -c sums
              spindle checksum --algorithm sha512 --jobs 2 /var/backups
              spindle checksum --json photos | jq '.files[].sha256'

            EXIT CODES
              0    every file was read
              1    some file could not be read; the sums of the others are printed
              64   the command was called wrongly
              130  interrupted by Ctrl-C; nothing is printed
            """)

    @Argument(help: "A directory, or a single file.", completion: .file())
    var path: String

    @Option(help: "Which sums to compute: sha256, sha512 or both.")
    var algorithm = ChecksumAlgorithm.sha256

    @Option(help: "How many files to read at a time, 1 to 256. (default: the number of cores)")
    var jobs: Int?

    @Flag(help: "Print one JSON object with 'files' and 'failures' instead of lines.")
    var json = false

    func validate() throws {
        if let jobs, !(1...256 ~= jobs) { throw ValidationError("--jobs \(jobs) is out of range; give 1 to 256.") }
        if path.isEmpty { throw ValidationError("The path is empty; name a directory or a file.") }
    }

    func run() async throws {
        let jobs = jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let (run, report) = try await withInterruption { [path, algorithm] in
            try await ChecksumRun.perform(root: path, algorithm: algorithm, jobs: jobs)
        }
        if json {
            try Console.write(json: report)
        } else {
            Console.write(report.files.map { SumLines.lines($0, path: run.name(of: $0.path)) }.joined())
        }
        for failure in report.failures { Console.remark("spindle: \(run.name(of: failure.path)): \(failure.reason)\n") }
        guard report.failures.isEmpty else { throw ExitCode(1) }
    }
}

extension ChecksumAlgorithm: ExpressibleByArgument {}
