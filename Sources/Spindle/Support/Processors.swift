internal import Foundation

/// How many processors this process may use: its affinity mask, which containers set too.
package func availableProcessorCount() -> Int {
    max(1, ProcessInfo.processInfo.activeProcessorCount)
}
