internal import Glibc
internal import SpindleMemory

/// One of the descriptors that every process has. Writers of several threads do not mix within one write.
enum StandardStream {
    static let output = Descriptor(STDOUT_FILENO)
    static let error = Descriptor(STDERR_FILENO)

    struct Descriptor: ~Copyable, Sendable {
        private let descriptor: Lock<Int32>

        fileprivate init(_ descriptor: Int32) { self.descriptor = Lock(descriptor) }

        borrowing func write(_ text: String) {
            var text = text
            text.withUTF8 { _ = write(UnsafeRawBufferPointer($0)) }
        }

        /// Blocks until everything is written.
        ///
        /// - Returns: 0, or the errno with which it gave up: the reader has gone, the disk is full.
        borrowing func write(_ bytes: UnsafeRawBufferPointer) -> Int32 {
            descriptor.withLock { descriptor in
                var rest = bytes
                while !rest.isEmpty {
                    let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    if count < 0, errno == EAGAIN {
                        // Somebody who shares the descriptor has made it non-blocking.
                        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        poll(&ready, 1, -1)
                        continue
                    }
                    guard count > 0 else { return errno }
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                }
                return 0
            }
        }
    }
}
