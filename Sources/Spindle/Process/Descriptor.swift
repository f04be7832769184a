internal import Glibc

/// A file descriptor that somebody has to close.
struct Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    func close() { _ = Glibc.close(number) }
}
