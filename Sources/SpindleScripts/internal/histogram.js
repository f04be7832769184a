// Histograms of whole numbers in the layout of HdrHistogram: values below 2^11 are exact, above that buckets double in width
// every 1,024 slots, so that a value is known to 0.1 %.

const {
    BigInt, Float64Array, MathFloor, MathLog2, MathMax, MathMin, MathRound, MathSqrt, Number, NumberIsInteger, NumberIsNaN,
    NumberMAX_SAFE_INTEGER, ObjectDefineProperty, SafeMap, Symbol, SymbolFor,
} = primordials;
const {
    codes: { ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_OUT_OF_RANGE },
} = require('internal/errors');
const { validateInteger, validateNumber, validateObject } = require('internal/validators');

const half = 1024;
const emptyMin = 2 ** 63;

/** The bucket of `value`, as the exponent of its width. */
function exponentOf(value) {
    if (value < 2 * half) return 0;
    let exponent = MathFloor(MathLog2(value)) - 10;
    // The logarithm of a number just below a power of two may round up.
    if (2 ** (exponent + 10) > value) exponent--;
    return exponent;
}
function slotOf(value) {
    const exponent = exponentOf(value);
    return exponent * half + MathFloor(value / 2 ** exponent);
}
function lowestOf(slot) {
    if (slot < 2 * half) return slot;
    const exponent = MathFloor(slot / half) - 1;
    return (slot - exponent * half) * 2 ** exponent;
}
const widthOf = (slot) => (slot < 2 * half ? 1 : 2 ** (MathFloor(slot / half) - 1));
const middleOf = (slot) => lowestOf(slot) + MathFloor(widthOf(slot) / 2);
const highestOf = (slot) => lowestOf(slot) + widthOf(slot) - 1;

class Counts {
    constructor(highest) {
        this.highest = highest;
        this.slots = new Float64Array(256);
        this.reset();
    }
    reset() {
        this.total = 0;
        this.exceeds = 0;
        this.min = emptyMin;
        this.max = 0;
        for (let i = 0; i < this.slots.length; i++) this.slots[i] = 0;
    }
    record(value, count = 1) {
        if (value > this.highest) {
            this.exceeds += count;
            return false;
        }
        const slot = slotOf(value);
        if (slot >= this.slots.length) {
            const slots = new Float64Array(MathMax(slot + 1, this.slots.length * 2));
            for (let i = 0; i < this.slots.length; i++) slots[i] = this.slots[i];
            this.slots = slots;
        }
        this.slots[slot] += count;
        this.total += count;
        this.min = MathMin(this.min, value);
        this.max = MathMax(this.max, value);
        return true;
    }
    get mean() {
        if (this.total === 0) return NaN;
        let sum = 0;
        for (let i = 0; i < this.slots.length; i++) if (this.slots[i] > 0) sum += this.slots[i] * middleOf(i);
        return sum / this.total;
    }
    get stddev() {
        if (this.total === 0) return NaN;
        const { mean } = this;
        let sum = 0;
        for (let i = 0; i < this.slots.length; i++) {
            if (this.slots[i] > 0) sum += this.slots[i] * (middleOf(i) - mean) ** 2;
        }
        return MathSqrt(sum / this.total);
    }
    percentile(percentile) {
        const wanted = MathMax(1, MathFloor(percentile / 100 * this.total + 0.5));
        let count = 0;
        for (let i = 0; i < this.slots.length; i++) {
            count += this.slots[i];
            if (count >= wanted) return highestOf(i);
        }
        return 0;
    }
    /** Calls back for 0, 50, 75, 87.5 … % until the greatest value is reached, and for 100 %. */
    forEachPercentile(callback) {
        let next = 0;
        let count = 0;
        let value = 0;
        for (let i = 0; i < this.slots.length && count < this.total; i++) {
            if (this.slots[i] === 0) continue;
            count += this.slots[i];
            value = highestOf(i);
            while (next <= 100 * count / this.total) {
                callback(next, value);
                if (next >= 100 || count === this.total) break;
                next += 100 / 2 ** (MathFloor(MathLog2(100 / (100 - next))) + 1);
            }
        }
        callback(100, value);
    }
}

const kCounts = Symbol('kCounts');
const kCreate = Symbol('kCreate');
/** Of one that the host measures for: brings it up to date. */
const kUpdate = Symbol('kUpdate');
const countsOf = (histogram) => {
    const counts = histogram?.[kCounts];
    if (counts === undefined) throw new ERR_INVALID_THIS('Histogram');
    histogram[kUpdate]?.();
    return counts;
};

class Histogram {
    constructor(token, counts) {
        if (token !== kCreate) throw new ERR_ILLEGAL_CONSTRUCTOR();
        ObjectDefineProperty(this, kCounts, { __proto__: null, value: counts });
    }
    get count() { return countsOf(this).total; }
    get countBigInt() { return BigInt(this.count); }
    get exceeds() { return countsOf(this).exceeds; }
    get exceedsBigInt() { return BigInt(this.exceeds); }
    get min() { return countsOf(this).min; }
    get minBigInt() { return countsOf(this).total === 0 ? 2n ** 63n - 1n : BigInt(this.min); }
    get max() { return countsOf(this).max; }
    get maxBigInt() { return BigInt(this.max); }
    get mean() { return countsOf(this).mean; }
    get stddev() { return countsOf(this).stddev; }
    percentile(percentile) {
        const counts = countsOf(this);
        validateNumber(percentile, 'percentile');
        if (NumberIsNaN(percentile) || percentile <= 0 || percentile > 100) {
            throw new ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', percentile);
        }
        return counts.percentile(percentile);
    }
    percentileBigInt(percentile) { return BigInt(this.percentile(percentile)); }
    get percentiles() {
        const result = new SafeMap();
        countsOf(this).forEachPercentile((percentile, value) => result.set(percentile, value));
        return result;
    }
    get percentilesBigInt() {
        const result = new SafeMap();
        countsOf(this).forEachPercentile((percentile, value) => result.set(percentile, BigInt(value)));
        return result;
    }
    reset() { countsOf(this).reset(); }
    toJSON() {
        const percentiles = {};
        countsOf(this).forEachPercentile((percentile, value) => { percentiles[percentile] = value; });
        const { count, min, max, mean, exceeds, stddev } = this;
        return { count, min, max, mean, exceeds, stddev, percentiles };
    }
    [SymbolFor('nodejs.util.inspect.custom')](depth, options) {
        if (depth < 0) return this;
        const { inspect } = require('internal/util/inspect');
        const { min, max, mean, exceeds, stddev, count, percentiles } = this;
        return `Histogram ${inspect({ min, max, mean, exceeds, stddev, count, percentiles }, {
            ...options, depth: options.depth == null ? null : options.depth - 1,
        })}`;
    }
}

class RecordableHistogram extends Histogram {
    #last;
    record(value) {
        const counts = countsOf(this);
        if (typeof value === 'bigint') value = Number(value);
        else if (!NumberIsInteger(value)) throw new ERR_INVALID_ARG_TYPE('val', ['integer', 'bigint'], value);
        if (value < 1 || value > NumberMAX_SAFE_INTEGER) {
            throw new ERR_OUT_OF_RANGE('val', 'a safe integer greater than 0', value);
        }
        counts.record(value);
    }
    /** Records the nanoseconds since its last call. */
    recordDelta() {
        const now = require('internal/clock').now();
        if (this.#last !== undefined) countsOf(this).record(MathMax(1, MathRound((now - this.#last) * 1e6)));
        this.#last = now;
    }
    add(other) {
        if (!(other instanceof RecordableHistogram)) throw new ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
        const own = countsOf(this);
        const { slots, exceeds, min, max, total } = countsOf(other);
        for (let i = 0; i < slots.length; i++) if (slots[i] > 0) own.record(lowestOf(i), slots[i]);
        own.exceeds += exceeds;
        if (total > 0) {
            own.min = MathMin(own.min, min);
            own.max = MathMax(own.max, max);
        }
    }
}

/** Those that are enabled, by the host's number. */
const sampling = new SafeMap();
function takeSamples(number) {
    const samples = binding('performance').takeSamples(number);
    const counts = sampling.get(number)?.[kCounts];
    if (counts !== undefined) for (let i = 0; i < samples.length; i++) counts.record(MathMax(1, samples[i]));
}

/** Samples how late the loop is, in nanoseconds, while it is enabled. */
class IntervalHistogram extends Histogram {
    #resolution;
    #number = 0;
    constructor(token, counts, resolution) {
        super(token, counts);
        this.#resolution = resolution;
        ObjectDefineProperty(this, kUpdate, { __proto__: null, value: () => { if (this.#number !== 0) takeSamples(this.#number); } });
    }
    enable() {
        if (this.#number !== 0) return false;
        this.#number = binding('performance').startSampling(this.#resolution, takeSamples);
        sampling.set(this.#number, this);
        return true;
    }
    disable() {
        if (this.#number === 0) return false;
        takeSamples(this.#number);
        binding('performance').stopSampling(this.#number);
        sampling.delete(this.#number);
        this.#number = 0;
        return true;
    }
}

function createHistogram(options = {}) {
    validateObject(options, 'options');
    const { lowest = 1, highest = NumberMAX_SAFE_INTEGER, figures = 3 } = options;
    if (typeof lowest !== 'bigint') validateInteger(lowest, 'options.lowest', 1, NumberMAX_SAFE_INTEGER);
    if (typeof highest !== 'bigint') validateInteger(highest, 'options.highest', 2 * Number(lowest), NumberMAX_SAFE_INTEGER);
    else if (highest < 2n * BigInt(lowest)) throw new ERR_OUT_OF_RANGE('options.highest', `>= ${2n * BigInt(lowest)}`, highest);
    validateInteger(figures, 'options.figures', 1, 5);
    return new RecordableHistogram(kCreate, new Counts(Number(highest)));
}

function monitorEventLoopDelay(options = {}) {
    validateObject(options, 'options');
    const { resolution = 10 } = options;
    validateInteger(resolution, 'options.resolution', 1);
    return new IntervalHistogram(kCreate, new Counts(3.6e12), resolution);
}

module.exports = { RecordableHistogram, createHistogram, monitorEventLoopDelay };
