internal import CSpindle
internal import Glibc

/// What a descriptor of a child is connected to, where it is made for the child.
package enum ChildConnection: Sendable {
    /// Nothing: reading gives the end at once, and what is written is dropped.
    case null
    case fromChild, toChild
    /// A pair of sockets.
    case bothWays
    /// A pseudo-terminal of that size, both ways.
    case terminal(columns: Int, rows: Int)

    /// - Returns: this program's end, if there is one, and the child's. Both have to be closed, and block.
    package func make() throws(ChildPlan.Failure) -> (own: Int32?, child: Int32) {
        var ends: [Int32] = [-1, -1]
        let result: Int32
        switch self {
        case .null:
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            guard null >= 0 else { throw ChildPlan.Failure(step: .descriptors, errno: errno) }
            return (nil, null)
        case .fromChild, .toChild: result = spindle_blocking_pipe(&ends)
        case .bothWays: result = spindle_stream_pair(&ends)
        case .terminal(let columns, let rows): result = spindle_terminal_pair(Int32(clamping: columns), Int32(clamping: rows), &ends)
        }
        guard result == 0 else { throw ChildPlan.Failure(step: .descriptors, errno: -result) }
        if case .toChild = self { return (ends[1], ends[0]) }
        return (ends[0], ends[1])
    }
}
