import Foundation

/// The medians of a run, side by side.
struct Report {
    let series: [Series]

    /// One JSON object a line and figure.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try series.map { String(decoding: try encoder.encode($0.medianFigure), as: UTF8.self) }
            .joined(separator: "\n")
    }

    func table() -> String {
        let header = ["METRIC", "PEER", "MEDIAN", "UNIT", "LOW TO HIGH", "OURS/THEIRS", "BETTER", "BAR"]
        let numeric: Set = [2, 5]
        let lines = [header] + catalog.flatMap { metric in rows(of: metric) }
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return numeric.contains(column) ? padding + row[column] : row[column] + padding
            }
            return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }
        .joined(separator: "\n")
    }

    private func rows(of metric: Metric) -> [[String]] {
        let all = series.filter { $0.metric == metric.name }
        let ours = all.first { $0.side == .spindle }
        return all.map { series in
            let ratio = series.side == .spindle ? nil : ours.map { $0.median / series.median }
            let values = series.values
            return [
                metric.name, series.peer, Self.text(series.median), series.unit,
                "\(Self.text(values[0])) to \(Self.text(values[values.count - 1]))",
                ratio.map(Self.text) ?? "", metric.better.rawValue, verdicts(metric, series, ours),
            ]
        }
    }

    /// The bars that a row has to do with, and whether they are met: a peer's row has those to its own figure,
    /// the project's row the others.
    private func verdicts(_ metric: Metric, _ row: Series, _ ours: Series?) -> String {
        guard let ours else { return "" }
        return metric.bars.compactMap { verdict($0, metric, row, ours) }.joined(separator: "; ")
    }

    private func verdict(_ bar: Bar, _ metric: Metric, _ row: Series, _ ours: Series) -> String? {
        let limit = "\(metric.better == .lower ? "≤" : "≥") \(Self.text(bar.limit))"
        let outcome = { bar.isMet(by: $0, metric.better) ? "met" : "missed" }
        switch bar.basis {
        case .peer(let side):
            return row.side == side ? "\(limit), \(outcome(ours.median / row.median))" : nil
        case .other(let side, let name):
            guard row.side == .spindle else { return nil }
            let bound = "\(limit) × \(side == .spindle ? "" : "\(side.rawValue)'s ")\(name)"
            guard let other = series.first(where: { $0.side == side && $0.metric == name }) else {
                return "\(bound), which was not measured"
            }
            let ratio = ours.median / other.median
            return "\(bound), \(outcome(ratio)) with \(Self.text(ratio))"
        case .unit:
            return row.side == .spindle ? "\(limit) \(row.unit), \(outcome(ours.median))" : nil
        }
    }

    /// Three significant digits, or all before the point; thousands apart.
    static func text(_ value: Double) -> String {
        let magnitude = abs(value)
        let decimals = magnitude >= 100 || magnitude == 0 ? 0 : max(0, 2 - Int(log10(magnitude).rounded(.down)))
        return value.formatted(
            .number.locale(Locale(identifier: "en_US")).precision(.fractionLength(decimals)).grouping(.automatic))
    }
}
