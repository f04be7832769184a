internal import ArgumentParser

/// `4` or `1...4`.
struct WorkerRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let bounds: [Int]
        if let count = Int(argument) {
            bounds = [count, count]
        } else if let dots = argument.firstRange(of: "..."),
            let low = Int(argument[..<dots.lowerBound]), let high = Int(argument[dots.upperBound...])
        {
            bounds = [low, high]
        } else {
            return nil
        }
        guard 1 <= bounds[0], bounds[0] <= bounds[1], bounds[1] <= 1_024 else { return nil }
        range = bounds[0]...bounds[1]
    }
}

/// `1048576`, `512KiB`, `100MB`, `1GiB`.
struct ByteSize: ExpressibleByArgument {
    let count: Int

    private static let units = [
        "": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]

    init(count: Int) { self.count = count }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = Self.units[argument.dropFirst(digits.count).lowercased()] else { return nil }
        let (count, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow, count >= 1 else { return nil }
        self.count = count
    }

    var defaultValueDescription: String {
        let unit = ["gib", "mib", "kib"].first { count % (Self.units[$0] ?? 1) == 0 }
        switch unit {
        case "gib": return "\(count >> 30)GiB"
        case "mib": return "\(count >> 20)MiB"
        case "kib": return "\(count >> 10)KiB"
        default: return "\(count)"
        }
    }
}

/// `90`, `90s`, `10m`, `2h`; at least a second.
struct TimeSpan: ExpressibleByArgument {
    let duration: Duration

    private static let units = ["": 1, "s": 1, "m": 60, "h": 3_600]

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), 1...1_000_000 ~= number, let unit = Self.units[String(argument.dropFirst(digits.count))]
        else { return nil }
        duration = .seconds(number * unit)
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}
