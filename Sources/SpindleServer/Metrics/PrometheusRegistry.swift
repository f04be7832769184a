/// The series of a ``PrometheusMetrics`` by name.
struct PrometheusRegistry {
    /// All series of one name; they have one kind.
    struct Family {
        /// The label it was made with, before it was made a valid name.
        let label: String
        let kind: PrometheusSeries.Kind
        var series: [[PrometheusLabel]: PrometheusSeries] = [:]
    }

    private(set) var families: [String: Family] = [:]
    /// Series that were not kept.
    private(set) var dropped = 0
    private var count = 0
    private let seriesLimit: Int

    init(seriesLimit: Int) { self.seriesLimit = seriesLimit }

    /// The series of that name and those labels, made if it is new.
    /// One that must not be kept works, and shows nowhere.
    mutating func series(
        _ label: String, _ dimensions: [(String, String)], _ kind: PrometheusSeries.Kind
    ) -> PrometheusSeries {
        let name = PrometheusText.name(label, kind)
        let labels = dimensions.map { PrometheusLabel(name: PrometheusText.labelName($0.0), value: $0.1) }.sorted()
        if let series = families[name]?.series[labels], series.kind == kind { return series }
        let series = PrometheusSeries(kind)
        guard count < seriesLimit, families[name, default: Family(label: label, kind: kind)].kind == kind else {
            dropped += 1
            return series
        }
        count += 1
        families[name, default: Family(label: label, kind: kind)].series[labels] = series
        return series
    }
}

struct PrometheusLabel: Hashable, Comparable {
    let name: String
    let value: String

    static func < (a: PrometheusLabel, b: PrometheusLabel) -> Bool { (a.name, a.value) < (b.name, b.value) }
}
