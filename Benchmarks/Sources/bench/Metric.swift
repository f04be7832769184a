/// A metric of the comparison: its definition is in Benchmarks/README.md, its measurement in each program.
struct Metric {
    let name: String
    let better: Better
    let measuredBy: [Side]
    var bars: [Bar] = []
}

enum Better: String {
    case higher, lower
}

/// Who measures: the project, or one of its peers.
enum Side {
    case spindle, node, rust
}

/// A bar on the ratio of the project's median to another: an upper one where lower is better, else a lower one.
struct Bar {
    enum Reference: Equatable {
        case peer(Side)
        /// Another metric of the project itself.
        case own(String)
    }

    let reference: Reference
    let ratio: Double

    static func node(_ ratio: Double) -> Bar { Bar(reference: .peer(.node), ratio: ratio) }
    static func rust(_ ratio: Double) -> Bar { Bar(reference: .peer(.rust), ratio: ratio) }
    static func own(_ metric: String, _ ratio: Double) -> Bar { Bar(reference: .own(metric), ratio: ratio) }

    func isMet(by measured: Double, _ better: Better) -> Bool {
        better == .lower ? measured <= ratio : measured >= ratio
    }
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
    Metric(name: "idle.workers", better: .lower, measuredBy: [.spindle]),
    Metric(name: "idle.workers.start", better: .lower, measuredBy: [.spindle], bars: [.own("worker.start", 1.2)]),
    Metric(name: "queued.tasks", better: .lower, measuredBy: [.spindle]),
    Metric(name: "queued.tasks.run", better: .lower, measuredBy: [.spindle]),
    Metric(name: "idle.ports", better: .lower, measuredBy: [.spindle]),
]
