import Spindle

/// Keeps so many spare processes parked, and returns when they are ready.
func keepSpares(_ count: Int) async throws {
    try await WorkerProcesses.prepare(spares: count)
}
