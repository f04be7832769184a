/// Measures how late an event loop is: a moment falls due at an interval, and what counts is the time from when the loop came to one
/// to when it came to the next. As in Node.js, and like a timer there, but without running any code of the guest.
///
/// A pure value; times are nanoseconds of the driver's clock.
package struct DelaySampler {
    /// The next moment.
    package private(set) var due: Int64
    /// What was measured, in nanoseconds, since it was last taken.
    private var samples: [Int64] = []
    private var last: Int64
    private let interval: Int64

    /// How many samples are kept until somebody takes them.
    package static let limit = 4096

    package init(interval: Int64, now: Int64) {
        self.interval = interval
        last = now
        due = now + interval
    }

    package var isFull: Bool { samples.count >= Self.limit }

    /// The loop is awake. Counts if the moment has come.
    package mutating func tick(_ now: Int64) {
        guard now >= due else { return }
        samples.append(now - last)
        last = now
        due = now + interval
    }

    package mutating func take() -> [Int64] {
        defer { samples.removeAll(keepingCapacity: true) }
        return samples
    }
}
