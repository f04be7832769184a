internal import Glibc
internal import Spindle

/// A file or directory of which a guest wants to know when it changes, by inotify(7).
final class GuestFileWatch {
    private let inotify: WatchedDescriptor
    private let handler: Retained
    private unowned let guest: Guest
    private let id: Int
    private(set) var isReferenced = true
    fileprivate static let comingsAndGoings = UInt32(
        IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_MOVED_FROM | IN_MOVED_TO)

    fileprivate init(_ id: Int, _ inotify: WatchedDescriptor, of guest: Guest, handler: GuestValue) {
        self.id = id
        self.inotify = inotify
        self.guest = guest
        self.handler = Retained(handler, in: guest.engine)
        guest.loop.addReference()
        awaitEvents()
    }

    func setReference(_ on: Bool) {
        guard on != isReferenced else { return }
        isReferenced = on
        if on { guest.loop.addReference() } else { guest.loop.removeReference() }
    }

    func close() {
        inotify.close()
        setReference(false)
    }

    private func awaitEvents() {
        inotify.whenReadable { [id, control = guest.control] in
            control.inbox.post { $0.fileWatches[id]?.takeEvents() }
        }
    }

    /// Tells the guest: whether an entry came, went or was renamed, and its name, of each event.
    private func takeEvents() {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 8)
        defer { buffer.deallocate() }
        var events: [GuestValue] = []
        let engine = guest.engine
        let handler = handler
        engine.keepingValues {
            while true {
                let count = inotify.read(into: buffer)
                if count <= 0 { break }
                var rest = UnsafeRawBufferPointer(rebasing: buffer.prefix(count))
                while rest.count >= MemoryLayout<inotify_event>.size {
                    let event = rest.loadUnaligned(as: inotify_event.self)
                    let name = rest.dropFirst(MemoryLayout<inotify_event>.size).prefix(Int(event.len)).prefix { $0 != 0 }
                    rest = UnsafeRawBufferPointer(
                        rebasing: rest.dropFirst(MemoryLayout<inotify_event>.size + Int(event.len)))
                    // The end of the watch itself tells nothing that the events before it have not.
                    if event.mask & UInt32(IN_IGNORED) != 0 { continue }
                    events.append(engine.value(event.mask & Self.comingsAndGoings != 0))
                    events.append(engine.value(String(decoding: name, as: UTF8.self)))
                }
            }
            awaitEvents()
            if !events.isEmpty { guest.call(handler, [engine.array(events)]) }
        }
    }
}

extension Guest {
    /// - Returns: the number of the watch, or -errno.
    func watchFile(_ path: String, then handler: GuestValue) -> Int {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return -Int(errno) }
        let mask = GuestFileWatch.comingsAndGoings | UInt32(IN_ATTRIB | IN_MODIFY)
        guard inotify_add_watch(descriptor, path, mask) >= 0 else {
            defer { Glibc.close(descriptor) }
            return -Int(errno)
        }
        lastFileWatch += 1
        fileWatches[lastFileWatch] = GuestFileWatch(
            lastFileWatch, WatchedDescriptor(adopting: descriptor), of: self, handler: handler)
        return lastFileWatch
    }

    /// The guest's end is that of its watches.
    func closeFileWatches() {
        for watch in fileWatches.values { watch.close() }
        fileWatches = [:]
    }
}
