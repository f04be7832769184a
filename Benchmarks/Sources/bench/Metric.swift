/// A metric of the comparison: its definition is in Benchmarks/README.md, its measurement in each program.
struct Metric {
    let name: String
    let better: Better
    let measuredBy: Set<Side>
    var bars: [Bar] = []
}

enum Better: String {
    case higher, lower
}

/// Who measures: the project, or one of its peers.
enum Side: String {
    case spindle, node, rust
}

/// A bar on the project's median: an upper one where lower is better, else a lower one.
struct Bar {
    enum Basis {
        /// So many times what a peer has for the same metric.
        case peer(Side)
        /// So many times what a program has for another metric, which is then measured in the same run.
        case other(Side, String)
        /// So much, in the metric's unit.
        case unit
    }

    let basis: Basis
    let limit: Double

    static func node(_ ratio: Double) -> Bar { Bar(basis: .peer(.node), limit: ratio) }
    static func node(_ metric: String, _ ratio: Double) -> Bar { Bar(basis: .other(.node, metric), limit: ratio) }
    static func rust(_ ratio: Double) -> Bar { Bar(basis: .peer(.rust), limit: ratio) }
    static func own(_ metric: String, _ ratio: Double) -> Bar { Bar(basis: .other(.spindle, metric), limit: ratio) }
    static func absolute(_ value: Double) -> Bar { Bar(basis: .unit, limit: value) }

    func isMet(by measured: Double, _ better: Better) -> Bool {
        better == .lower ? measured <= limit : measured >= limit
    }
}

/// Who has to measure what, in the catalog's order, so that the bars of these metrics can be judged.
func measurements(for wanted: [Metric]) -> [(metric: Metric, sides: Set<Side>)] {
    var sides = Dictionary(uniqueKeysWithValues: wanted.map { ($0.name, $0.measuredBy) })
    for case .other(let side, let metric) in wanted.flatMap(\.bars).map(\.basis) {
        sides[metric, default: []].insert(side)
    }
    return catalog.compactMap { metric in sides[metric.name].map { (metric, $0) } }
}

/// Every metric, in the order in which they are measured, and every bar.
let catalog: [Metric] = [
    Metric(name: "worker.start", better: .lower, measuredBy: [.spindle, .node, .rust], bars: [.node(1.0 / 300), .rust(2)]),
    Metric(name: "worker.memory", better: .lower, measuredBy: [.spindle, .node]),
    Metric(name: "message.roundtrip", better: .lower, measuredBy: [.spindle, .node, .rust], bars: [.rust(1.2)]),
    Metric(name: "message.throughput", better: .higher, measuredBy: [.spindle, .node, .rust], bars: [.node(3), .rust(1)]),
    Metric(
        name: "message.transfer50MB", better: .lower, measuredBy: [.spindle, .node, .rust],
        bars: [.own("message.roundtrip", 1.2)]),
    Metric(name: "message.clone50MB", better: .lower, measuredBy: [.node]),
    Metric(name: "atomics.contended", better: .higher, measuredBy: [.spindle, .node, .rust], bars: [.rust(1)]),
    Metric(name: "terminate.spinning", better: .lower, measuredBy: [.node]),
    Metric(name: "responsive.underload", better: .lower, measuredBy: [.spindle, .node], bars: [.node(1)]),
    Metric(name: "cpu.sqrt", better: .lower, measuredBy: [.spindle, .node, .rust]),
    Metric(name: "pool.dispatch", better: .higher, measuredBy: [.spindle, .node, .rust], bars: [.node(15), .rust(0.7)]),
    Metric(name: "process.start", better: .lower, measuredBy: [.spindle, .node], bars: [.node(1.0 / 10)]),
    Metric(
        name: "process.start.spare", better: .lower, measuredBy: [.spindle],
        bars: [.node("process.start", 1.0 / 100), .node("worker.start", 1.0 / 50)]),
    Metric(name: "process.memory", better: .lower, measuredBy: [.spindle, .node], bars: [.absolute(2_048)]),
    Metric(
        name: "process.roundtrip", better: .lower, measuredBy: [.spindle, .node],
        bars: [.node(0.6), .node("message.roundtrip", 1)]),
    Metric(
        name: "process.throughput", better: .higher, measuredBy: [.spindle, .node], bars: [.node("message.throughput", 5)]),
    Metric(
        name: "process.transfer50MB", better: .lower, measuredBy: [.spindle, .node],
        bars: [.node("message.transfer50MB", 3)]),
    Metric(
        name: "process.pool.dispatch", better: .higher, measuredBy: [.spindle, .node], bars: [.node("pool.dispatch", 5)]),
    Metric(name: "process.kill", better: .lower, measuredBy: [.spindle, .node], bars: [.absolute(2)]),
    Metric(name: "spawn.true", better: .higher, measuredBy: [.spindle, .node, .rust], bars: [.node(4), .rust(0.8)]),
    Metric(name: "spawn.stdout", better: .higher, measuredBy: [.spindle, .node, .rust], bars: [.node(1)]),
    Metric(name: "idle.workers", better: .lower, measuredBy: [.spindle]),
    Metric(name: "idle.workers.start", better: .lower, measuredBy: [.spindle], bars: [.own("worker.start", 1.2)]),
    Metric(name: "queued.tasks", better: .lower, measuredBy: [.spindle]),
    Metric(name: "queued.tasks.run", better: .lower, measuredBy: [.spindle]),
    Metric(name: "idle.ports", better: .lower, measuredBy: [.spindle]),
]
