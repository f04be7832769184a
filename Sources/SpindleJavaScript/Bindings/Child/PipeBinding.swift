internal import Glibc
internal import Spindle

/// `binding('pipe')`: pipes and sockets to other processes. A pipe is a number; see `Sources/SpindleScripts/README.md`.
func makePipeBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let outbound = HostMemory(count: 64 << 10)
    let binding = engine.object(of: [
        "open": { [unowned guest] call in
            call.engine.value(guest.adoptPipe(Int32(truncatingIfNeeded: call.int(0))).id)
        },
        "start": { [unowned guest] call in
            guest.pipes[call.int(0)]?.startReading(then: call[1])
            return nil
        },
        "stop": { [unowned guest] call in
            guest.pipes[call.int(0)]?.stopReading()
            return nil
        },
        "write": { [unowned guest] call in
            let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(outbound.bytes).prefix(max(0, call.int(1))))
            return call.engine.value(guest.pipes[call.int(0)]?.descriptor.write(bytes) ?? -Int(EBADF))
        },
        "awaitRoom": { [unowned guest] call in
            guest.pipes[call.int(0)]?.awaitRoom(then: call[1])
            return nil
        },
        "endWriting": { [unowned guest] call in
            guest.pipes[call.int(0)]?.descriptor.endWriting()
            return nil
        },
        "close": { [unowned guest] call in
            guest.pipes.removeValue(forKey: call.int(0))?.close()
            return nil
        },
        "ref": { [unowned guest] call in
            guest.pipes[call.int(0)]?.isReferenced = call.bool(1)
            return nil
        },
        "descriptor": { [unowned guest] call in
            call.engine.value(Int(guest.pipes[call.int(0)]?.descriptor.number ?? -1))
        },
    ])
    engine.setProperty("outbound", of: binding, to: engine.arrayBuffer(outbound, count: outbound.bytes.count))
    return binding
}

extension Guest {
    /// Takes a descriptor over as a pipe of the guest's.
    func adoptPipe(_ descriptor: Int32) -> GuestPipe {
        lastPipe += 1
        let pipe = GuestPipe(lastPipe, WatchedDescriptor(adopting: descriptor, watchedBy: monitor), of: self)
        pipes[lastPipe] = pipe
        return pipe
    }

    /// The guest's end is that of its pipes.
    func closePipes() {
        for pipe in pipes.values { pipe.descriptor.close() }
        pipes = [:]
    }
}

/// One end of a pipe or a pair of sockets, used by the guest's thread alone. It keeps the loop alive while room is waited
/// for, and while it is read and referenced.
final class GuestPipe {
    let id: Int
    let descriptor: WatchedDescriptor
    var isReferenced = true { didSet { updateReference() } }

    private unowned let guest: Guest
    private var onRead: Retained?
    private var onRoom: Retained?
    private var isHolding = false
    /// Where the next bytes go.
    private var chunk = HostMemory(count: 0)
    /// A reading loop that was left for others to have a turn, or waits, comes back by itself.
    private var isReadingScheduled = false

    private static let chunkSize = 64 << 10
    /// After so many chunks others have their turn.
    private static let mostChunks = 16

    init(_ id: Int, _ descriptor: WatchedDescriptor, of guest: Guest) {
        self.id = id
        self.descriptor = descriptor
        self.guest = guest
    }

    func startReading(then handler: GuestValue) {
        onRead = Retained(handler, in: guest.engine)
        updateReference()
        if !isReadingScheduled { awaitBytes() }
    }

    func stopReading() {
        onRead = nil
        updateReference()
    }

    func awaitRoom(then handler: GuestValue) {
        onRoom = Retained(handler, in: guest.engine)
        updateReference()
        descriptor.whenWritable { [control = guest.control, id] in
            control.inbox.post { $0.pipes[id]?.hasRoom() }
        }
    }

    func close() {
        onRead = nil
        onRoom = nil
        updateReference()
        descriptor.close()
    }

    private func updateReference() {
        // What has still to be written holds in any case: a program's last words are not lost.
        let holds = isReferenced && onRead != nil || onRoom != nil
        guard holds != isHolding else { return }
        isHolding = holds
        if holds { guest.loop.addReference() } else { guest.loop.removeReference() }
    }

    private func hasRoom() {
        guard let handler = onRoom else { return }
        onRoom = nil
        updateReference()
        guest.call(handler)
    }

    private func awaitBytes() {
        isReadingScheduled = true
        descriptor.whenReadable { [control = guest.control, id] in
            control.inbox.post { $0.pipes[id]?.readOn() }
        }
    }

    private func readOn() {
        isReadingScheduled = false
        for _ in 0..<Self.mostChunks {
            guard let handler = onRead, !guest.engine.isStopped else { return }
            if chunk.bytes.count < Self.chunkSize { chunk = HostMemory(count: Self.chunkSize) }
            let count = descriptor.read(into: chunk.bytes)
            if count == -Int(EAGAIN) { return awaitBytes() }
            if count <= 0 {
                stopReading()
                return guest.call(handler, [count == 0 ? guest.engine.undefined : guest.engine.value(count)])
            }
            guest.call(handler, [takeChunk(count)])
        }
        isReadingScheduled = true
        guest.control.inbox.post { [id] in $0.pipes[id]?.readOn() }
    }

    /// Small ones are copied out, lest each keeps memory for a large one.
    private func takeChunk(_ count: Int) -> GuestValue {
        guard count > Self.chunkSize / 4 else {
            return guest.engine.arrayBuffer(copying: UnsafeRawBufferPointer(rebasing: chunk.bytes.prefix(count)))
        }
        defer { chunk = HostMemory(count: 0) }
        return guest.engine.arrayBuffer(chunk, count: count)
    }
}
