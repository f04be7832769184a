internal import Foundation

/// How many processors this process may use: its affinity mask, which containers set too.
func availableProcessorCount() -> Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
}
