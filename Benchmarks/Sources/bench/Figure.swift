import Foundation

/// What a program prints for each metric, one JSON object a line; further members such as `p99` are ignored.
struct Figure: Codable {
    let peer: String
    let metric: String
    let value: Double
    let unit: String
}

/// The figures of one program for one metric, a figure a round.
struct Series {
    let side: Side
    let metric: String
    private(set) var figures: [Figure]

    init(side: Side, metric: String, figures: [Figure]) {
        precondition(!figures.isEmpty, "A series has the figure of one round at least.")
        self.side = side
        self.metric = metric
        self.figures = figures
    }

    var peer: String { figures[0].peer }
    var unit: String { figures[0].unit }
    var values: [Double] { figures.map(\.value).sorted() }

    var median: Double {
        let values = values
        let middle = values.count / 2
        return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    }

    var medianFigure: Figure { Figure(peer: peer, metric: metric, value: median, unit: unit) }
}
