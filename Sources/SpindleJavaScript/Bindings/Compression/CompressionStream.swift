/// One stream that is compressed or decompressed, in pieces of memory that the host owns.
protocol CompressionStream: AnyObject {
    /// Works until the input is used up or the output is full.
    ///
    /// - Parameter flush: as the format's own operations are numbered.
    func write(flush: Int32, input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer) -> CompressionOutcome
    /// Begins anew. False if the stream cannot.
    func reset() -> Bool
    func setParameters(level: Int32, strategy: Int32) -> Int32
}

struct CompressionOutcome: Sendable {
    /// 0 or above: so far all is well; 1: the stream is complete.
    var status: Int32
    var unusedInput: Int
    var unusedOutput: Int
    /// Of a failure.
    var message: String?
}
