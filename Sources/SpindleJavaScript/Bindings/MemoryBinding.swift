internal import CJavaScriptCore
internal import SpindleMemory

/// `binding('memory')`: memory that all threads see, and waiting on it.
func makeMemoryBinding(_ guest: Guest) -> GuestValue {
    func place(_ call: HostCall) throws -> (block: MemoryBlock, place: AtomicWaiters.Place) {
        let offset = call.int(1)
        let is64 = call.bool(2)
        guard let block = call.engine.memoryBlock(of: call[0]), offset >= 0, offset + (is64 ? 8 : 4) <= block.count else {
            throw HostError("ERR_OUT_OF_RANGE", "There is no shared memory at \(offset).")
        }
        let low = Int32(truncatingIfNeeded: call.int(3))
        let expected = is64 ? Int64(call.int(4)) << 32 | Int64(UInt32(bitPattern: low)) : Int64(low)
        return (block, AtomicWaiters.Place(address: UnsafeRawPointer(block.address + offset), is64: is64, expected: expected))
    }
    /// In nanoseconds; negative for none.
    func timeout(_ call: HostCall) -> Int64 {
        let milliseconds = call.double(5)
        return milliseconds < 0 ? -1 : Int64(min(milliseconds * 1e6, 9e18))
    }
    return guest.engine.object(
        of: [
            "allocateShared": { [unowned guest] call in
                let engine = call.engine
                let buffer = engine.arrayBuffer(try guest.sharedMemory(count: call.int(0)))
                // Asking for the address pins it: nothing can detach it from then on.
                _ = engine.memoryBlock(of: buffer)
                return buffer
            },
            // → what came of it at once, or below zero the number of the wait, whose end `done` is called with
            "waitAsync": { [unowned guest] call in
                let (block, place) = try place(call)
                return call.engine.value(guest.waitLater(at: place, of: block, then: call[5]))
            },
            "stopWaiting": { [unowned guest] call in
                guard let leave = guest.waits.removeValue(forKey: -call.int(0)), leave() else { return call.engine.value(false) }
                guest.operations[-call.int(0)] = nil
                guest.loop.removeReference()
                return call.engine.value(true)
            },
            "notify": { call in
                guard let block = call.engine.memoryBlock(of: call[0]) else { return call.engine.value(0) }
                return call.engine.value(block.notify(at: call.int(1), count: call.int(2)))
            },
        ],
        waiting: [
            "wait": { call in
                let (block, place) = try place(call)
                let outcome = block.wait(at: place, timeout: timeout(call))
                if call.engine.isStopped { throw call.engine.stopNow() }
                return withExtendedLifetime(block) { call.engine.value(outcome.rawValue) }
            }
        ])
}

extension Guest {
    /// Zeroed. Only in a process of its own does a guest need memory that others can map: it costs a descriptor.
    fileprivate func sharedMemory(count: Int) throws -> MemoryBlock {
        guard configuration.sharesWithProcesses else { return MemoryBlock(count: count, isShared: true) }
        do throws(SharedBufferError) {
            return MemoryBlock.showing(try SharedBuffer(byteLength: count))
        } catch {
            throw HostError("ERR_MEMORY_ALLOCATION_FAILED", "Array buffer allocation failed: \(error.message)")
        }
    }

    fileprivate func waitLater(at place: AtomicWaiters.Place, of block: MemoryBlock, then done: GuestValue) -> Int {
        lastOperation += 1
        let operation = lastOperation
        let leave = AtomicWaiters.waitLater(at: place) { [control] in
            control.inbox.post { guest in
                guest.waits[operation] = nil
                guard let done = guest.operations.removeValue(forKey: operation) else { return }
                guest.loop.removeReference()
                guest.call(done, [guest.engine.value(AtomicWaiters.Outcome.ok.rawValue)])
            }
        }
        guard let leave else { return AtomicWaiters.Outcome.notEqual.rawValue }
        operations[operation] = Retained(done, in: engine)
        waits[operation] = { withExtendedLifetime(block) { leave() } }
        loop.addReference()
        return -operation
    }

    /// Takes the guest off every list of waiters.
    func stopWaiting() {
        for leave in waits.values { _ = leave() }
        waits = [:]
    }
}
