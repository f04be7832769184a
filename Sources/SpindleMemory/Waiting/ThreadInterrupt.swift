internal import CSpindle

/// Ends the blocking waits of one thread from another.
///
/// A thread that is about to be stopped may be blocked in ``SharedView/wait(at:expecting:timeout:)``
/// or in a port's blocking receive. Both watch the interrupt that is installed on
/// their thread and return as soon as it is raised. Workers install one each.
///
/// Protocol: one private futex word, 0 or 1. `raise` stores 1 and then wakes; a
/// waiter passes 0 as the expected value to the kernel, which compares and sleeps
/// in one step, so a raise before the sleep makes the call return at once.
package final class ThreadInterrupt: Sendable {
    package let word = FutexWord()

    package init() {}

    package var isRaised: Bool { word.load() != 0 }

    /// Ends the present blocking wait of the thread, and every later one until ``reset()``.
    package func raise() {
        word.store(1)
        word.wake(.max)
    }

    /// Allows blocking waits again.
    package func reset() { word.store(0) }

    /// The interrupt of the calling thread, if it has one.
    package static var current: ThreadInterrupt? {
        guard let slot = spindle_interrupt_slot_get() else { return nil }
        return Unmanaged<ThreadInterrupt>.fromOpaque(slot).takeUnretainedValue()
    }

    /// Makes this the interrupt of the calling thread until ``uninstall()``, which
    /// must come before the last reference goes: the slot does not retain it.
    package func install() {
        spindle_interrupt_slot_set(Unmanaged.passUnretained(self).toOpaque())
    }

    package static func uninstall() { spindle_interrupt_slot_set(nil) }
}
