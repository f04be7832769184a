/// How far a run is, as one line of text.
struct ProgressLine: Equatable {
    var bytes = 0
    var totalBytes = 0
    var files = 0
    var totalFiles = 0
    /// Since the start, in seconds.
    var elapsed = 0.0

    private var fraction: Double {
        if totalBytes > 0 { return min(1, Double(bytes) / Double(totalBytes)) }
        return totalFiles == 0 ? 1 : Double(files) / Double(totalFiles)
    }

    private var rate: Double { elapsed > 0 ? Double(bytes) / elapsed : 0 }

    private var percent: String {
        let number = "\(Int(fraction * 100))"
        return String(repeating: " ", count: 3 - number.count) + number + " %"
    }

    private var figures: String {
        var parts = ["\(Quantity.bytes(Int(rate)))/s", "\(files) of \(Quantity.files(totalFiles))"]
        // In the first moments the rate says nothing.
        if elapsed >= 1, rate > 0, bytes < totalBytes {
            parts.append("\(Quantity.seconds(Int((Double(totalBytes - bytes) / rate).rounded(.up)))) left")
        }
        return parts.joined(separator: ", ")
    }

    /// For a pipe or a log.
    var plain: String { "\(percent)  \(figures)" }

    /// For a terminal: with a bar, never wider than `width` columns.
    func bar(width: Int) -> String {
        let text = plain
        // The last column stays free: writing there wraps on some terminals.
        let room = min(40, width - 1 - text.count - 3)
        guard room >= 10 else { return String(text.prefix(max(0, width - 1))) }
        let filled = Int(fraction * Double(room))
        return "[" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "] " + text
    }

    /// For the end of a run.
    var summary: String {
        "\(Quantity.files(files)), \(Quantity.bytes(bytes)) in \(Quantity.oneDecimal(elapsed)) s (\(Quantity.bytes(Int(rate)))/s)"
    }
}
