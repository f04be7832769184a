internal import Glibc
internal import SpindleMemory

/// Switches a terminal between lines that it edits itself and single keys, and back when the process ends.
enum TerminalMode {
    /// How terminals were found, by descriptor.
    private static let originals = Lock<[Int32: termios]>([:])

    /// - Returns: 0 or an errno.
    static func set(raw: Bool, on descriptor: Int32) -> Int32 {
        originals.withLock { originals in
            var mode: termios
            if let known = originals[descriptor] {
                mode = known
            } else {
                mode = termios()
                guard tcgetattr(descriptor, &mode) == 0 else { return errno }
                if originals.isEmpty { atexit { TerminalMode.restore() } }
                originals[descriptor] = mode
            }
            if raw {
                mode.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
                // Line feeds of the output still return the carriage.
                mode.c_oflag |= tcflag_t(ONLCR)
                mode.c_cflag |= tcflag_t(CS8)
                mode.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
                withUnsafeMutableBytes(of: &mode.c_cc) {
                    $0[Int(VMIN)] = 1
                    $0[Int(VTIME)] = 0
                }
            }
            return tcsetattr(descriptor, TCSADRAIN, &mode) == 0 ? 0 : errno
        }
    }

    private static func restore() {
        originals.withLock { originals in
            for (descriptor, mode) in originals {
                withUnsafePointer(to: mode) { _ = tcsetattr(descriptor, TCSANOW, $0) }
            }
        }
    }
}
