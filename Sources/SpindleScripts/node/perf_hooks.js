// node:perf_hooks and the global `performance`.

const {
    ArrayPrototypeIncludes, MathCeil, MathMax, ObjectDefineProperties, ObjectDefineProperty, ObjectFreeze,
    ReflectApply, ReflectConstruct, SymbolToStringTag,
} = primordials;
const {
    codes: {
        ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_THIS, ERR_MISSING_ARGS,
        ERR_PERFORMANCE_INVALID_TIMESTAMP, ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS,
    },
} = require('internal/errors');
const { validateFunction, validateNumber, validateObject, validateString } = require('internal/validators');
const clock = require('internal/clock');
const { EventTarget } = require('internal/event_target');
const { RecordableHistogram, createHistogram, monitorEventLoopDelay } = require('internal/histogram');
const {
    PerformanceEntry, PerformanceNodeEntry, PerformanceObserver, PerformanceObserverEntryList, clear, detailOf, enqueue, kCreate,
    select,
} = require('internal/performance_entries');
const { loopIdle, loopStart } = binding('performance');

const milestones = ['nodeStart', 'v8Start', 'environment', 'loopStart', 'loopExit', 'bootstrapComplete'];

// --- Marks and measures ------------------------------------------------------------------------------------------------

function cloneDetail(detail) {
    if (detail === undefined || detail === null) return null;
    if (typeof detail !== 'object' && typeof detail !== 'function' && typeof detail !== 'symbol') return detail;
    return require('internal/clone').structuredClone(detail);
}

class PerformanceMark extends PerformanceEntry {
    constructor(name, options = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        name = `${name}`;
        if (ArrayPrototypeIncludes(milestones, name)) throw new ERR_INVALID_ARG_VALUE('name', name);
        if (options != null) validateObject(options, 'options');
        const startTime = options?.startTime ?? clock.now();
        validateNumber(startTime, 'startTime');
        if (startTime < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(startTime);
        super(kCreate, name, 'mark', startTime, 0, cloneDetail(options?.detail));
    }
    get detail() { return detailOf(this); }
}
class PerformanceMeasure extends PerformanceEntry {
    get detail() { return detailOf(this); }
}
function tag(constructor) {
    ObjectDefineProperty(constructor.prototype, SymbolToStringTag, {
        __proto__: null, configurable: true, value: constructor.name,
    });
}
tag(PerformanceMark);
tag(PerformanceMeasure);

/** The time that a mark's name, a milestone's name or a number stands for. */
function timeOf(mark) {
    if (mark === undefined) return undefined;
    if (typeof mark === 'number') {
        if (mark < 0) throw new ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
        return mark;
    }
    const name = `${mark}`;
    if (ArrayPrototypeIncludes(milestones, name)) return nodeTiming[name];
    const found = select(name, 'mark');
    if (found.length > 0) return found[found.length - 1].startTime;
    const { DOMException } = require('internal/dom_exception');
    throw new DOMException(`The "${name}" performance mark has not been set`, 'SyntaxError');
}

function measure(name, startOrOptions, endMark) {
    validateString(name, 'name');
    let options = {};
    if (startOrOptions !== null && typeof startOrOptions === 'object') {
        options = startOrOptions;
        const { start, end, duration, detail } = options;
        const given = start !== undefined || end !== undefined || duration !== undefined || detail !== undefined;
        if (given) {
            if (endMark !== undefined) throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS('endMark must not be specified');
            if (start !== undefined && end !== undefined && duration !== undefined) {
                throw new ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS(
                    'Must not have options.start, options.end, and options.duration specified');
            }
        }
    } else if (startOrOptions !== undefined) options = { start: startOrOptions };
    const { start, end, duration } = options;
    let endTime = timeOf(endMark ?? end);
    endTime ??= start !== undefined && duration !== undefined ? timeOf(start) + duration : clock.now();
    const startTime = start !== undefined ? timeOf(start) : duration !== undefined ? endTime - duration : 0;
    const entry = new PerformanceMeasure(kCreate, name, 'measure', startTime, endTime - startTime, cloneDetail(options.detail));
    enqueue(entry, true);
    return entry;
}

// --- Functions and the loop --------------------------------------------------------------------------------------------

function timerify(fn, options = {}) {
    validateFunction(fn, 'fn');
    validateObject(options, 'options');
    const { histogram } = options;
    if (histogram !== undefined && !(histogram instanceof RecordableHistogram)) {
        throw new ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
    }
    function timerified(...args) {
        const start = clock.now();
        const finish = () => {
            const duration = clock.now() - start;
            histogram?.record(MathMax(1, MathCeil(duration * 1e6)));
            enqueue(new PerformanceNodeEntry(kCreate, fn.name, 'function', start, duration, args), false);
        };
        const result = new.target ? ReflectConstruct(fn, args, fn) : ReflectApply(fn, this, args);
        if (typeof result?.finally === 'function') return result.finally(finish);
        finish();
        return result;
    }
    ObjectDefineProperties(timerified, {
        length: { __proto__: null, configurable: false, enumerable: true, value: fn.length },
        name: { __proto__: null, configurable: false, enumerable: true, value: `timerified ${fn.name}` },
    });
    return timerified;
}

function eventLoopUtilization(now, before) {
    if (before !== undefined) return difference(now.idle - before.idle, now.active - before.active);
    const start = loopStart();
    if (start < 0) return { idle: 0, active: 0, utilization: 0 };
    const idle = loopIdle();
    const active = clock.now() - start - idle;
    return now === undefined ? difference(idle, active) : difference(idle - now.idle, active - now.active);
}
function difference(idle, active) { return { idle, active, utilization: active / (idle + active) }; }

/** Times of this thread's life; what a runtime without such phases has no word for is its beginning. */
class PerformanceNodeTiming extends PerformanceEntry {
    constructor() {
        super(kCreate, 'node', 'node', 0, 0, undefined);
        const at = (get) => ({ __proto__: null, configurable: true, enumerable: true, get });
        ObjectDefineProperties(this, {
            duration: at(() => clock.now()),
            nodeStart: at(() => 0),
            v8Start: at(() => 0),
            environment: at(() => 0),
            loopStart: at(() => loopStart()),
            loopExit: at(() => -1),
            bootstrapComplete: at(() => MathMax(loopStart(), 0)),
            idleTime: at(() => loopIdle()),
        });
    }
    toJSON() {
        const { name, entryType, startTime, duration, nodeStart, v8Start, bootstrapComplete, environment, idleTime } = this;
        return {
            name, entryType, startTime, duration, nodeStart, v8Start, bootstrapComplete, environment, loopStart: this.loopStart,
            loopExit: this.loopExit, idleTime,
        };
    }
}
const nodeTiming = new PerformanceNodeTiming();

// --- performance -------------------------------------------------------------------------------------------------------

class Performance extends EventTarget {
    constructor(token = undefined) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        super();
    }
    now() {
        check(this);
        return clock.now();
    }
    get timeOrigin() {
        check(this);
        return clock.timeOrigin;
    }
    mark(name, options = undefined) {
        check(this);
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        const mark = new PerformanceMark(name, options);
        enqueue(mark, true);
        return mark;
    }
    measure(name, startOrOptions = undefined, endMark = undefined) {
        check(this);
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        return measure(name, startOrOptions, endMark);
    }
    clearMarks(name = undefined) {
        check(this);
        clear(name, 'mark');
    }
    clearMeasures(name = undefined) {
        check(this);
        clear(name, 'measure');
    }
    clearResourceTimings() { check(this); }
    setResourceTimingBufferSize() { check(this); }
    getEntries() {
        check(this);
        return select(undefined, undefined);
    }
    getEntriesByName(name, type = undefined) {
        check(this);
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('name');
        return select(`${name}`, type === undefined ? undefined : `${type}`);
    }
    getEntriesByType(type) {
        check(this);
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('type');
        return select(undefined, `${type}`);
    }
    toJSON() {
        check(this);
        return { nodeTiming, timeOrigin: clock.timeOrigin, eventLoopUtilization: eventLoopUtilization() };
    }
}
const performance = new Performance(kCreate);
function check(value) {
    if (value !== performance) throw new ERR_INVALID_THIS('Performance');
}
tag(Performance);
ObjectDefineProperties(performance, {
    eventLoopUtilization: { __proto__: null, configurable: true, enumerable: true, value: eventLoopUtilization, writable: true },
    nodeTiming: { __proto__: null, configurable: true, enumerable: true, value: nodeTiming, writable: true },
    timerify: { __proto__: null, configurable: true, enumerable: true, value: timerify, writable: true },
});

module.exports = {
    Performance,
    PerformanceEntry,
    PerformanceMark,
    PerformanceMeasure,
    PerformanceObserver,
    PerformanceObserverEntryList,
    monitorEventLoopDelay,
    eventLoopUtilization,
    timerify,
    createHistogram,
    performance,
    constants: ObjectFreeze({
        __proto__: null,
        NODE_PERFORMANCE_GC_MAJOR: 4,
        NODE_PERFORMANCE_GC_MINOR: 1,
        NODE_PERFORMANCE_GC_INCREMENTAL: 8,
        NODE_PERFORMANCE_GC_WEAKCB: 16,
        NODE_PERFORMANCE_GC_FLAGS_NO: 0,
        NODE_PERFORMANCE_GC_FLAGS_CONSTRUCT_RETAINED: 2,
        NODE_PERFORMANCE_GC_FLAGS_FORCED: 4,
        NODE_PERFORMANCE_GC_FLAGS_SYNCHRONOUS_PHANTOM_PROCESSING: 8,
        NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE: 16,
        NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY: 32,
        NODE_PERFORMANCE_GC_FLAGS_SCHEDULE_IDLE: 64,
    }),
};
