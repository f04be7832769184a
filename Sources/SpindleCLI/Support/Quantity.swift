/// Quantities as people read them.
enum Quantity {
    /// In decimal units: "999 B", "1.5 kB", "20.0 GB".
    static func bytes(_ count: Int) -> String {
        guard count >= 1_000 else { return "\(count) B" }
        var value = Double(count) / 1_000
        var units = ["kB", "MB", "GB", "TB", "PB", "EB"][...]
        // 999.95 would show as 1000.0 of a unit.
        while value >= 999.95, units.count > 1 {
            value /= 1_000
            units.removeFirst()
        }
        return "\(oneDecimal(value)) \(units[units.startIndex])"
    }

    /// "8 s", "2 min 5 s", "3 h 20 min".
    static func seconds(_ count: Int) -> String {
        switch count {
        case ..<60: "\(count) s"
        case ..<3600: "\(count / 60) min \(count % 60) s"
        default: "\(count / 3600) h \(count % 3600 / 60) min"
        }
    }

    static func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

    static func oneDecimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
