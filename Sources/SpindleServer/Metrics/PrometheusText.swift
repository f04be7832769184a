/// Text format 0.0.4 (Prometheus, "Exposition formats").
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func render(_ families: [String: PrometheusRegistry.Family], dropped: Int) -> String {
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(escapedHelp(family.label))\n# TYPE \(name) \(typeName(family.kind))\n"
            for (labels, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                append(series, name, labels, to: &text)
            }
        }
        text += "# HELP metrics_dropped_series_total Series not kept, because there are too many.\n"
        text += "# TYPE metrics_dropped_series_total counter\nmetrics_dropped_series_total \(dropped)\n"
        return text
    }

    private static func append(
        _ series: PrometheusSeries, _ name: String, _ labels: [PrometheusLabel], to text: inout String
    ) {
        let figures = series.snapshot
        switch series.kind {
        case .counter, .gauge:
            text += "\(name)\(block(labels)) \(number(figures.value))\n"
        case .histogram, .timer:
            for (bound, count) in zip(series.bounds, figures.buckets) {
                text += "\(name)_bucket\(block(labels, bound: number(bound))) \(count)\n"
            }
            text += "\(name)_bucket\(block(labels, bound: "+Inf")) \(figures.count)\n"
            text += "\(name)_sum\(block(labels)) \(number(figures.value))\n"
            text += "\(name)_count\(block(labels)) \(figures.count)\n"
        }
    }

    private static func block(_ labels: [PrometheusLabel], bound: String? = nil) -> String {
        var pairs = labels.map { "\($0.name)=\"\(escapedLabel($0.value))\"" }
        if let bound { pairs.append("le=\"\(bound)\"") }
        return pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
    }

    private static func typeName(_ kind: PrometheusSeries.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram, .timer: "histogram"
        }
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    static func escapedHelp(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : String($0) }.joined()
    }

    static func escapedLabel(_ text: String) -> String {
        text.map { $0 == "\\" ? "\\\\" : $0 == "\n" ? "\\n" : $0 == "\"" ? "\\\"" : String($0) }.joined()
    }

    /// A valid metric name (`[a-zA-Z_:][a-zA-Z0-9_:]*`), with the suffix that its kind has by convention.
    static func name(_ label: String, _ kind: PrometheusSeries.Kind) -> String {
        let name = valid(label, colon: true)
        switch kind {
        case .counter: return name.hasSuffix("_total") ? name : name + "_total"
        case .timer: return name.hasSuffix("_seconds") ? name : name + "_seconds"
        case .gauge, .histogram: return name
        }
    }

    /// A valid label name (`[a-zA-Z_][a-zA-Z0-9_]*`); `le` is the histograms' own.
    static func labelName(_ label: String) -> String {
        let name = valid(label, colon: false)
        return name == "le" ? "_le" : name
    }

    private static func valid(_ text: String, colon: Bool) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ":") where colon:
                name += ":"
            default:
                name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }
}
