internal import SpindleCore
internal import SpindleMemory

/// The claim tables of a pool's worker processes, apart from the driver's state, under whose lock they are asked.
final class PoolClaims: PoolTickets {
    private let tables = Lock<[PoolStateMachine.WorkerNumber: ClaimTable]>([:])

    func add(_ table: ClaimTable, _ worker: PoolStateMachine.WorkerNumber) { tables.withLock { $0[worker] = table } }

    /// The table goes outside the lock, and the memory with it.
    func remove(_ worker: PoolStateMachine.WorkerNumber) { _ = tables.withLock { $0.removeValue(forKey: worker) } }

    func offer(_ ticket: UInt64, to worker: PoolStateMachine.WorkerNumber) { tables.withLock { $0[worker]?.offer(ticket) } }

    /// Also false when the worker is gone with all its tasks.
    func takeBack(_ ticket: UInt64, from worker: PoolStateMachine.WorkerNumber) -> Bool {
        tables.withLock { $0[worker]?.takeBack(ticket) ?? false }
    }
}
