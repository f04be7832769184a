internal import CSpindle

/// The processes that workers run in.
///
/// The first one starts a *zygote*: a copy of the program that never runs the
/// program, from which worker processes are forked. It and everything that came
/// from it ends with the program, however that ends.
///
/// A worker process may start worker processes itself: it has a zygote of its own then.
public enum WorkerProcesses {
    /// Has to be called first thing in `main` by a program whose start Spindle cannot take over by itself:
    /// one that is linked with `-static-executable`, or not by the C library's own start-up code.
    ///
    /// In the program it returns at once, any number of times. In a zygote it does not return.
    public static func enter() { spindle_enter() }

    /// Starts the zygote now rather than with the first process, and keeps `spares` processes ready from then on.
    ///
    /// A spare is a process that has been forked and waits: handing it a program takes a fraction of
    /// the time that forking does. One is kept unless this says otherwise, after the first
    /// process has been started. Each costs a process and about 1 MB.
    ///
    /// Returns when the spares are ready. Goes on to that end when the calling task is cancelled, for ten seconds at most.
    ///
    /// - Parameter spares: 0 to 256.
    /// - Throws: when the zygote or a spare cannot be started.
    public static func prepare(spares: Int = 1) async throws(WorkerStartError) {
        do throws(WorkerStartError) {
            try await ProcessHost.shared.prepare(spares: spares)
        } catch {
            throw WorkerStartError(error)
        }
    }
}
