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
                ratio.map(Self.text) ?? "", metric.better.rawValue, verdict(metric, series, ours),
            ]
        }
    }

    /// The bar that a row has to do with, and whether it is met.
    private func verdict(_ metric: Metric, _ row: Series, _ ours: Series?) -> String {
        guard let ours else { return "" }
        for bar in metric.bars {
            let other: Series?
            var name = ""
            switch bar.reference {
            case .peer(let side): other = side == row.side ? row : nil
            case .own(let metric):
                other = row.side == .spindle ? series.first { $0.side == .spindle && $0.metric == metric } : nil
                name = " × \(metric)"
            }
            guard let other else { continue }
            let sign = metric.better == .lower ? "≤" : "≥"
            let measured = ours.median / other.median
            let outcome = bar.isMet(by: measured, metric.better) ? "met" : "missed"
            return "\(sign) \(Self.text(bar.ratio))\(name), \(outcome)\(name.isEmpty ? "" : " with \(Self.text(measured))")"
        }
        return ""
    }

    /// Three significant digits, or all before the point; thousands apart.
    static func text(_ value: Double) -> String {
        let magnitude = abs(value)
        let decimals = magnitude >= 100 || magnitude == 0 ? 0 : max(0, 2 - Int(log10(magnitude).rounded(.down)))
        return value.formatted(
            .number.locale(Locale(identifier: "en_US")).precision(.fractionLength(decimals)).grouping(.automatic))
    }
}
