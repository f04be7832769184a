internal import CJavaScriptCore
internal import SpindleMemory

/// `binding('clone')`: what an object is, read off its header, and memory for messages.
///
/// JavaScript can neither tell a proxy from what it stands for nor, without asking methods that a program may have
/// replaced, a Map from an object with Map's prototype. The C interface tells little of it either. The engine's own type byte
/// tells all; which number means what is found out from samples, so that only its place is assumed.
func makeCloneBinding(_ guest: Guest) -> GuestValue {
    let engine = guest.engine
    let kinds = ObjectKinds(engine)
    let binding = engine.object(of: [
        "allocate": { call in call.engine.arrayBuffer(MemoryBlock(count: call.int(0), isShared: false)) },
        "shareAgain": { call in
            let engine = call.engine
            guard let block = engine.memoryBlock(of: call[0]) else { return call[0] }
            return engine.arrayBuffer(block)
        },
    ])
    engine.add("kind", to: binding) { call in call.engine.value(kinds.kind(of: call[0])) }
    return binding
}

/// The types of the engine's objects, by numbers of ours that `internal/clone/values` names.
private final class ObjectKinds {
    /// The structures of arrays as literals make them. They belong to the global object and live as long.
    private var ordinaryArrays: Set<UInt32> = []

    private static let array = 2.0
    private static let unusualArray = 3.0
    /// By type, found out by the first engine of the process.
    private static let kinds = Lock<[Double]>([])
    private let kinds: [Double]

    init(_ engine: Engine) {
        let arrays = (try? engine.evaluate(Self.arrays, at: "node:internal/clone/samples")).map { engine.elements(of: $0) } ?? []
        for array in arrays { ordinaryArrays.insert(Self.structure(of: array)) }
        kinds = Self.kinds.withLock { kinds in
            if kinds.isEmpty { kinds = Self.findKinds(engine, array: arrays.first) }
            return kinds
        }
    }

    private static func findKinds(_ engine: Engine, array: GuestValue?) -> [Double] {
        var kinds = [Double](repeating: 0, count: 256)
        guard let array, let samples = try? engine.evaluate(samples, at: "node:internal/clone/samples") else { return kinds }
        kinds[Int(type(of: array))] = Self.array
        for sample in engine.elements(of: samples) {
            kinds[Int(type(of: engine.element(0, of: sample)))] = engine.double(engine.element(1, of: sample))
        }
        return kinds
    }

    func kind(of object: GuestValue) -> Double {
        let kind = kinds[Int(Self.type(of: object))]
        guard kind == Self.array else { return kind }
        return ordinaryArrays.contains(Self.structure(of: object)) ? Self.array : Self.unusualArray
    }

    // The header of every cell (JSCell.h): u32 structure, u8 indexing type, u8 type.
    private static func type(of object: GuestValue) -> UInt8 { UnsafeRawPointer(object).load(fromByteOffset: 5, as: UInt8.self) }
    private static func structure(of object: GuestValue) -> UInt32 { UnsafeRawPointer(object).load(as: UInt32.self) }

    /// Arrays of every way in which the engine keeps their items.
    private static let arrays = """
        (function () {
            const grown = (first) => { const list = []; list.push(first); return list; };
            return [[], [1], [1.5], ['a'], grown(1), grown(1.5), grown('a'), new Array(3), [, 1]];
        })()
        """

    /// Pairs of an object and its kind. What is not here, nor an array, is of kind 0.
    private static let samples = """
        [
            [{}, 1], [new Proxy({}, {}), 4], [new Date(0), 5],
            [/a/, 6], [new Map(), 7], [new Set(), 8], [new Error(), 9], [new ArrayBuffer(1), 10],
            [new DataView(new ArrayBuffer(1)), 12], [new Int8Array(1), 12], [new Uint8Array(1), 12],
            [new Uint8ClampedArray(1), 12], [new Int16Array(1), 12], [new Uint16Array(1), 12], [new Int32Array(1), 12],
            [new Uint32Array(1), 12], [new Float32Array(1), 12], [new Float64Array(1), 12], [new BigInt64Array(1), 12],
            [new BigUint64Array(1), 12],
            ...(typeof Float16Array === 'function' ? [[new Float16Array(1), 12]] : []),
            [Object(true), 13], [Object(1), 14], [Object('s'), 15], [Object(Symbol()), 0],
        ]
        """
}
