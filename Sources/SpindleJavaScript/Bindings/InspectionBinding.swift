internal import CJavaScriptCore
internal import Glibc

/// `binding('util')`: what the language itself does not tell of its values.
///
/// The engine's C interface does not either. It begins every object with one header, in which a byte says what kind it
/// is; the bytes of promises, proxies and iterators are learned from ones made here. A promise's state comes from functions
/// that the library exports for its own C++; without them nothing of this is told apart.
func makeInspectionBinding(_ guest: Guest) -> GuestValue {
    let kinds = ObjectKinds(guest.engine)
    return guest.engine.object(of: [
        // (value) → [0 pending | 1 fulfilled | 2 rejected, result], or undefined
        "getPromiseDetails": { call in
            let engine = call.engine
            guard let kinds, engine.isObject(call[0]), ObjectKinds.kind(of: call[0]) == kinds.promise else { return nil }
            let vm = engine.group
            let status = kinds.status(call[0], vm)
            return engine.array([
                engine.value(Int(status)), status == 0 ? engine.undefined : kinds.result(call[0], vm) ?? engine.undefined,
            ])
        },
        // (value) → [target, handler], nulls once it is revoked, or undefined
        "getProxyDetails": { call in
            let engine = call.engine
            guard let kinds, engine.isObject(call[0]), ObjectKinds.kind(of: call[0]) == kinds.proxy else { return nil }
            guard let target = JSObjectGetProxyTarget(call[0]), let handler = ObjectKinds.fields(of: call[0])[1],
                engine.isObject(handler)
            else { return engine.array([engine.null, engine.null]) }
            return engine.array([target, handler])
        },
        // (iterator of a map or set) → [what is left in it, whether those are pairs], or undefined
        "previewEntries": { call in
            let engine = call.engine
            guard let kinds, engine.isObject(call[0]) else { return nil }
            let kind = ObjectKinds.kind(of: call[0])
            guard kind == kinds.mapIterator || kind == kinds.setIterator else { return nil }
            // Copies are run to their end, so that the iterator stays where it is. An iterator of pairs makes new ones each time.
            let copies = try (0..<2).map { _ in
                let copy = try engine.call(kinds.makeIterator.value, [engine.value(kind == kinds.mapIterator)])
                _ = ObjectKinds.fields(of: copy).update(fromContentsOf: ObjectKinds.fields(of: call[0]))
                return copy
            }
            return try engine.call(kinds.drain.value, copies)
        },
        // (fd) → what kind of thing it is
        "guessHandleType": { call in
            var status = stat()
            guard fstat(Int32(truncatingIfNeeded: call.int(0)), &status) == 0 else { return call.engine.value("INVALID") }
            let type =
                switch status.st_mode & S_IFMT {
                case S_IFREG: "FILE"
                case S_IFIFO: "PIPE"
                case S_IFSOCK: "PIPE"
                case S_IFCHR: isatty(Int32(truncatingIfNeeded: call.int(0))) == 1 ? "TTY" : "FILE"
                default: "UNKNOWN"
                }
            return call.engine.value(type)
        },
    ])
}

private struct ObjectKinds {
    typealias Status = @convention(c) (GuestValue, JSContextGroupRef) -> UInt32
    typealias Result = @convention(c) (GuestValue, JSContextGroupRef) -> GuestValue?

    let promise: UInt8
    let proxy: UInt8
    let mapIterator: UInt8
    let setIterator: UInt8
    let status: Status
    let result: Result
    let makeIterator: Retained
    let drain: Retained

    private static let script = """
        (() => {
            const bind = Function.prototype.call.bind.bind(Function.prototype.call);
            const keysOfMap = bind(Map.prototype.keys), keysOfSet = bind(Set.prototype.keys);
            const nextOfMap = bind(Object.getPrototypeOf(new Map().keys()).next);
            const nextOfSet = bind(Object.getPrototypeOf(new Set().keys()).next);
            const { isArray } = Array;
            const rest = (iterator) => {
                const items = [];
                const next = Object.getPrototypeOf(iterator) === prototype ? nextOfMap : nextOfSet;
                for (let item = next(iterator); !item.done; item = next(iterator)) items[items.length] = item.value;
                return items;
            };
            const prototype = Object.getPrototypeOf(new Map().keys());
            return [
                Promise.resolve(), new Proxy({}, {}), new Map().keys(), new Set().keys(),
                (isMap) => isMap ? keysOfMap(new Map()) : keysOfSet(new Set()),
                (first, second) => {
                    const items = rest(first);
                    if (items.length === 0 || !isArray(items[0]) || items[0] === rest(second)[0]) return [items, false];
                    const flat = [];
                    for (const pair of items) flat.push(pair[0], pair[1]);
                    return [flat, true];
                },
            ];
        })()
        """

    init?(_ engine: Engine) {
        guard let status = dlsym(nil, "_ZNK3JSC9JSPromise6statusERNS_2VME"),
            let result = dlsym(nil, "_ZNK3JSC9JSPromise6resultERNS_2VME"),
            let samples = try? engine.evaluate(Self.script, at: "spindle:kinds")
        else { return nil }
        self.status = unsafeBitCast(status, to: Status.self)
        self.result = unsafeBitCast(result, to: Result.self)
        promise = Self.kind(of: engine.element(0, of: samples))
        proxy = Self.kind(of: engine.element(1, of: samples))
        mapIterator = Self.kind(of: engine.element(2, of: samples))
        setIterator = Self.kind(of: engine.element(3, of: samples))
        makeIterator = Retained(engine.element(4, of: samples), in: engine)
        drain = Retained(engine.element(5, of: samples), in: engine)
    }

    /// The sixth byte of a cell's header (JSC::JSCell): its JSType.
    static func kind(of object: GuestValue) -> UInt8 { UnsafeRawPointer(object).load(fromByteOffset: 5, as: UInt8.self) }

    /// The internal fields of a proxy (target, handler) or an iterator, behind the header and the pointer to properties. An
    /// iterator has at most four; cells come in multiples of 16 bytes, so four lie within it anyway.
    static func fields(of object: GuestValue) -> UnsafeMutableBufferPointer<GuestValue?> {
        let first = UnsafeMutableRawPointer(object) + 16
        return UnsafeMutableBufferPointer(start: first.assumingMemoryBound(to: GuestValue?.self), count: 4)
    }
}
