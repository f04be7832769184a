internal import Glibc
internal import Spindle

/// `binding('child')`: other programs. A child is a number; see `Sources/SpindleScripts/README.md`.
func makeChildBinding(_ guest: Guest) -> GuestValue {
    let memories = Memories()
    return guest.engine.object(
        of: [
            "start": { [unowned guest] call in
                let plan = try ChildPlan(options: call[0], of: call.engine)
                var connections = ChildConnections()
                do throws(ChildPlan.Failure) {
                    let planned = try connections.complete(plan, with: call.engine.numbers("stdio", of: call[0]))
                    let child = try guest.startChild(planned, then: call[1])
                    let pipes = connections.takeOwnEnds().map { $0.map { guest.adoptPipe($0).id } ?? 0 }
                    return call.engine.array([Int(child.running.pid), child.id] + pipes)
                } catch {
                    return call.engine.value(-Int(error.errno))
                }
            },
            "memory": { call in memories.lend(call) },
            "kill": { [unowned guest] call in
                let child = guest.children[call.int(0)]
                return call.engine.value(-Int(child?.running.signal(Int32(truncatingIfNeeded: call.int(1))) ?? ESRCH))
            },
            "ref": { [unowned guest] call in
                guest.children[call.int(0)]?.isReferenced = call.bool(1)
                return nil
            },
        ],
        waiting: [
            // Blocks until the child has ended: → [errno, pid, code, signal, outputs].
            "run": { [unowned guest] call in
                let plan = try ChildPlan(options: call[0], of: call.engine)
                var run = SynchronousRun(call[0], of: call.engine, input: memories.remove)
                let outcome = run.perform(plan, unless: guest.control.stop)
                return outcome.value(in: call.engine)
            }
        ])
}

/// The pipes of a child that is being started. Those that nobody has taken are closed at the end.
struct ChildConnections: ~Copyable {
    private var ownEnds: [Int32?] = []
    private var childEnds: [Int32] = []

    deinit { for descriptor in ownEnds.compactMap({ $0 }) + childEnds { close(descriptor) } }

    /// - Parameter connections: for each descriptor of the child one of this process, or a negative number as scripts name
    ///   what it is: nothing, empty, written or read by the child, or both.
    mutating func complete(_ plan: ChildPlan, with connections: [Int]) throws(ChildPlan.Failure) -> ChildPlan {
        var plan = plan
        for (number, connection) in connections.enumerated() {
            ownEnds.append(nil)
            let kind: ChildConnection
            switch connection {
            case -1: continue
            case -2: kind = .null
            case -3: kind = .fromChild
            case -4: kind = .toChild
            case -5: kind = .bothWays
            default:
                plan.descriptors[Int32(number)] = Int32(truncatingIfNeeded: connection)
                continue
            }
            let (own, child) = try kind.make()
            ownEnds[number] = own
            childEnds.append(child)
            plan.descriptors[Int32(number)] = child
        }
        return plan
    }

    /// By the child's numbers; the caller's from here on.
    mutating func takeOwnEnds() -> [Int32?] {
        defer { ownEnds = [] }
        return ownEnds
    }
}

extension ChildPlan {
    fileprivate init(options: GuestValue, of engine: Engine) throws {
        func text(_ name: String) throws -> String { try engine.string(engine.property(name, of: options)) }
        func texts(_ name: String) throws -> [String] {
            try engine.elements(of: engine.property(name, of: options)).map { try engine.string($0) }
        }
        self.init(program: try text("file"), arguments: try texts("args"), environment: try texts("env"))
        let cwd = engine.property("cwd", of: options)
        if engine.isString(cwd) { directory = try engine.string(cwd) }
        let (uid, gid) = (engine.property("uid", of: options), engine.property("gid", of: options))
        if engine.isNumber(uid) { user = Int64(engine.int(uid)) }
        if engine.isNumber(gid) { group = Int64(engine.int(gid)) }
        if engine.bool(engine.property("detached", of: options)) { session = .own }
    }
}

extension Engine {
    func numbers(_ name: String, of object: GuestValue) -> [Int] { elements(of: property(name, of: object)).map { int($0) } }
}

/// A child of the guest, which keeps the loop alive until it has ended, while it is referenced.
final class GuestChild {
    let id: Int
    let running: RunningChild
    var isReferenced = true {
        didSet {
            guard isReferenced != oldValue else { return }
            if isReferenced { guest.loop.addReference() } else { guest.loop.removeReference() }
        }
    }
    fileprivate let onExit: Retained
    private unowned let guest: Guest

    fileprivate init(_ id: Int, _ running: RunningChild, then onExit: Retained, of guest: Guest) {
        self.id = id
        self.running = running
        self.onExit = onExit
        self.guest = guest
        guest.loop.addReference()
    }
}

extension Guest {
    /// The child outlives the guest if need be: who started it is the process.
    fileprivate func startChild(_ plan: ChildPlan, then onExit: GuestValue) throws(ChildPlan.Failure) -> GuestChild {
        lastChild += 1
        let id = lastChild
        let running = try RunningChild(plan, watchedBy: monitor) { [control] running in
            let end = running.reap()
            control.inbox.post { $0.childEnded(id, end.cause) }
        }
        let child = GuestChild(id, running, then: Retained(onExit, in: engine), of: self)
        children[id] = child
        return child
    }

    /// What it has started goes on without it, and is still taken out of the process table.
    func leaveChildren() {
        for child in children.values { child.running.watch(by: ProcessMonitor.shared) }
    }

    private func childEnded(_ id: Int, _ cause: RunningChild.Cause) {
        guard let child = children.removeValue(forKey: id) else { return }
        child.isReferenced = false
        let (code, signal) = cause.numbers
        call(child.onExit, [engine.value(Int(code)), engine.value(Int(signal))])
    }
}
