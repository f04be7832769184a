import ArgumentParser
import Foundation
import SystemPackage

/// Measures the project and its peers in turn and compares their medians.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures Spindle and its peers in turn, and compares the medians.",
        discussion: """
            Progress goes to standard error, the figures to standard output. A peer that is not installed, crashes \
            or overruns the deadline is reported and skipped.

            Exit codes: 0 done, 1 a metric of Spindle itself could not be measured, 64 wrong usage.
            """)

    @Argument(help: "What to measure: \(catalog.map(\.name).joined(separator: ", ")). Everything when none is given.")
    var metrics: [String] = []

    @Option(help: "How often each program measures each metric, 3 or more; the median counts.")
    var rounds = 3

    @Option(help: "Longest time for one measurement of one program, in seconds.")
    var deadline = 120

    @Option(help: "The folder of the peer programs.", completion: .directory)
    var peers = "Peers"

    @Flag(help: "Print one JSON object a figure instead of the table.")
    var json = false

    func validate() throws {
        let known = catalog.map(\.name)
        if let unknown = metrics.first(where: { !known.contains($0) }) {
            throw ValidationError("There is no metric '\(unknown)'. Known are: \(known.joined(separator: ", ")).")
        }
        guard rounds >= 3 else { throw ValidationError("A median needs 3 rounds or more, not \(rounds).") }
        guard deadline > 0 else { throw ValidationError("The deadline has to be 1 second or more, not \(deadline).") }
    }

    func run() async throws {
        let wanted = catalog.filter { metrics.isEmpty || metrics.contains($0.name) }
        let measurements = measurements(for: wanted)
        let programs = await Program.find(Set(measurements.flatMap(\.sides)), peers: FilePath(peers))
        var series: [Series] = []
        for (position, (metric, sides)) in measurements.enumerated() {
            say("[\(position + 1)/\(measurements.count)] \(metric.name)")
            series += await measure(metric, programs.filter { sides.contains($0.side) })
        }
        let report = Report(series: series)
        print(json ? try report.json() : report.table())

        let ours = Set(series.lazy.filter { $0.side == .spindle }.map(\.metric))
        guard wanted.allSatisfy({ ours.contains($0.name) || !$0.measuredBy.contains(.spindle) }) else {
            throw ExitCode.failure
        }
    }

    /// Lets the programs measure in turn, round by round, so that what else the machine does meets all alike.
    private func measure(_ metric: Metric, _ programs: [Program]) async -> [Series] {
        var figures: [[Figure]] = programs.map { _ in [] }
        var running = Set(programs.indices)
        for round in 1...rounds {
            for (index, program) in programs.enumerated() where running.contains(index) {
                do {
                    let figure = try await program.measure(metric.name, deadline: .seconds(deadline))
                    figures[index].append(figure)
                    say("  round \(round) of \(rounds), \(figure.peer): \(Report.text(figure.value)) \(figure.unit)")
                } catch {
                    running.remove(index)
                    figures[index] = []
                    say("  round \(round) of \(rounds), \(program.label): skipped, \(error)")
                }
            }
        }
        return zip(programs, figures).compactMap { program, figures in
            figures.isEmpty ? nil : Series(side: program.side, metric: metric.name, figures: figures)
        }
    }
}
