/// Runs `body` to its end although the calling task is cancelled.
///
/// The file system's calls do nothing in a cancelled task, which is when there is most to clean up.
func despiteCancellation(_ body: @escaping @Sendable () async -> Void) async {
    await Task { await body() }.value
}
