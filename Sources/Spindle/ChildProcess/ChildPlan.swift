internal import CSpindle
internal import Glibc

/// What a child is started with, spelt out: what the kernel is told, and nothing that has yet to be looked up.
package struct ChildPlan: Sendable {
    /// Its place among the processes of this program's session.
    package enum Session: Sendable {
        case shared, group, own, terminal

        fileprivate var number: Int32 {
            switch self {
            case .shared: Int32(SPINDLE_CHILD_SHARED)
            case .group: Int32(SPINDLE_CHILD_GROUP)
            case .own: Int32(SPINDLE_CHILD_SESSION)
            case .terminal: Int32(SPINDLE_CHILD_TERMINAL)
            }
        }
    }

    /// A path, or a name that is looked for in the `PATH` of ``environment``.
    package var program: String
    /// What it is told, its own name first.
    package var arguments: [String]
    /// `NAME=value` each.
    package var environment: [String]
    package var directory: String?
    /// Descriptors of this process by the number that the child has them under; it gets no others.
    package var descriptors: [Int32: Int32] = [:]
    /// An identity to take on; -1 for none.
    package var user: Int64 = -1
    package var group: Int64 = -1
    package var session = Session.shared
    var limits = ProcessLimits(coreFiles: true)
    /// Whether it is killed when the thread that starts it ends.
    var endsWithThread = false

    package init(program: String, arguments: [String], environment: [String]) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// Why a start failed.
    package struct Failure: Error {
        package enum Step: Sendable { case create, session, directory, descriptors, limits, identity, execute }

        package let step: Step
        package let errno: Int32
    }

    /// Starts the child and returns once its program runs. The calling thread waits for that: some tenths of a millisecond.
    ///
    /// The pidfd is the caller's, who also has to reap the child.
    package func start() throws(Failure) -> (pid: Int32, pidfd: Int32) {
        let search = environment.first { $0.utf8.starts(with: "PATH=".utf8) }.map { String($0.dropFirst(5)) }
        let texts = CStrings([program, directory ?? "", search ?? ""] + arguments + environment)
        let argv = texts.list(3..<3 + arguments.count)
        let envp = texts.list(3 + arguments.count..<3 + arguments.count + environment.count)
        let descriptors = descriptors.map { spindle_child_descriptor(source: $0.value, target: $0.key) }
        let systemLimits = limits.asSystemLimits
        let processors = (limits.cpuAffinity ?? []).map(Int32.init)
        var plan = spindle_child_plan()
        plan.program = UnsafePointer(texts[0])
        plan.directory = directory == nil ? nil : UnsafePointer(texts[1])
        plan.search = search == nil ? nil : UnsafePointer(texts[2])
        plan.user = user
        plan.group = group
        plan.nice = Int32(limits.nice ?? 0)
        plan.session = session.number
        plan.ends_with_thread = endsWithThread
        var child = spindle_child()
        let result = argv.withUnsafeBufferPointer { argv in
            plan.arguments = argv.baseAddress
            return envp.withUnsafeBufferPointer { envp in
                plan.environment = envp.baseAddress
                return descriptors.withUnsafeBufferPointer { descriptors in
                    (plan.descriptors, plan.descriptor_count) = (descriptors.baseAddress, descriptors.count)
                    return systemLimits.withUnsafeBufferPointer { limits in
                        (plan.limits, plan.limit_count) = (limits.baseAddress, limits.count)
                        return processors.withUnsafeBufferPointer { processors in
                            (plan.processors, plan.processor_count) = (processors.baseAddress, processors.count)
                            return withExtendedLifetime(texts) { spindle_child_start(&plan, &child) }
                        }
                    }
                }
            }
        }
        guard result == 0 else { throw Failure(step: Failure.Step(number: child.failed_step), errno: -result) }
        return (child.pid, child.pidfd)
    }
}

extension ChildPlan.Failure.Step {
    fileprivate init(number: Int32) {
        switch Int(number) {
        case SPINDLE_CHILD_STEP_SESSION: self = .session
        case SPINDLE_CHILD_STEP_DIRECTORY: self = .directory
        case SPINDLE_CHILD_STEP_DESCRIPTORS: self = .descriptors
        case SPINDLE_CHILD_STEP_LIMITS: self = .limits
        case SPINDLE_CHILD_STEP_IDENTITY: self = .identity
        case SPINDLE_CHILD_STEP_EXECUTE: self = .execute
        default: self = .create
        }
    }
}

extension ProcessLimits {
    fileprivate var asSystemLimits: [spindle_child_limit] {
        var limits: [spindle_child_limit] = []
        func add(_ limit: Int, _ soft: UInt64?, hard: UInt64? = nil) {
            if let soft { limits.append(spindle_child_limit(limit: Int32(limit), soft: soft, hard: hard ?? soft)) }
        }
        add(SPINDLE_LIMIT_CORE, coreFiles ? nil : 0)
        // The second to come is for a program that ignores the first signal.
        add(SPINDLE_LIMIT_CPU_SECONDS, cpuSeconds, hard: cpuSeconds.map { $0 < .max ? $0 + 1 : $0 })
        add(SPINDLE_LIMIT_OPEN_FILES, openFiles)
        add(SPINDLE_LIMIT_PROCESSES, processes)
        add(SPINDLE_LIMIT_FILE_SIZE, fileSize)
        add(SPINDLE_LIMIT_ADDRESS_SPACE, addressSpace)
        return limits
    }
}

/// Strings as C sees them, all in one allocation.
private final class CStrings {
    private let bytes: UnsafeMutablePointer<CChar>
    private var offsets: [Int] = []

    init(_ texts: [String]) {
        bytes = .allocate(capacity: max(1, texts.reduce(0) { $0 + $1.utf8.count + 1 }))
        var offset = 0
        offsets.reserveCapacity(texts.count)
        for text in texts {
            offsets.append(offset)
            for byte in text.utf8 {
                bytes[offset] = CChar(bitPattern: byte)
                offset += 1
            }
            bytes[offset] = 0
            offset += 1
        }
    }

    deinit { bytes.deallocate() }

    subscript(_ index: Int) -> UnsafeMutablePointer<CChar> { bytes + offsets[index] }

    /// With a null pointer at the end.
    func list(_ range: Range<Int>) -> [UnsafeMutablePointer<CChar>?] { range.map { self[$0] } + [nil] }
}
