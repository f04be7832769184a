internal import Glibc

/// A random generator whose course its seed decides (SplitMix64).
///
/// Take the seed as an argument of the test, from ``seeds(_:)``: a failure then
/// names it, and `SPINDLE_TEST_SEED=N swift test …` repeats that very walk.
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in `percent` of 100 cases.
    package mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    package mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// Fresh seeds in every run, or the one that the environment asks for.
    package static func seeds(_ count: Int) -> [UInt64] {
        if let text = getenv("SPINDLE_TEST_SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
        return (0..<count).map { _ in .random(in: 0 ... .max) }
    }
}
