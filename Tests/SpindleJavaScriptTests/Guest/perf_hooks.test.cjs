'use strict';
const { deepEqual, equal, match, ok, since, test, throws } = require('./support/harness.cjs');
const {
    PerformanceObserver, createHistogram, monitorEventLoopDelay, performance: own, PerformanceEntry, PerformanceMark,
} = require('node:perf_hooks');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('now grows and counts from timeOrigin', () => {
    equal(own, performance);
    const a = performance.now();
    const b = performance.now();
    ok(b >= a && a > 0);
    ok(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000);
    throws(() => performance.now.call({}), { name: 'TypeError' });
});

test('marks and measures make entries', () => {
    const mark = performance.mark('a', { startTime: 5, detail: 'd' });
    deepEqual([mark.name, mark.entryType, mark.startTime, mark.duration, mark.detail], ['a', 'mark', 5, 0, 'd']);
    ok(mark instanceof PerformanceMark && mark instanceof PerformanceEntry);
    performance.mark('b', { startTime: 9 });
    const measure = performance.measure('m', 'a', 'b');
    deepEqual([measure.startTime, measure.duration, measure.entryType, measure.detail], [5, 4, 'measure', null]);
    const other = performance.measure('n', { start: 2, duration: 6, detail: 1 });
    deepEqual([other.startTime, other.duration, other.detail], [2, 6, 1]);
    deepEqual(performance.measure('o', { end: 'b', duration: 1 }).startTime, 8);
    ok(performance.measure('p').duration > 0);
    deepEqual(performance.getEntriesByType('measure').map((entry) => entry.name), ['p', 'n', 'm', 'o']);
    deepEqual(performance.getEntriesByName('a').length, 1);
    deepEqual(performance.getEntries().length >= 6, true);
    performance.clearMarks('a');
    deepEqual(performance.getEntriesByName('a'), []);
    performance.clearMarks();
    performance.clearMeasures();
    deepEqual(performance.getEntriesByType('mark'), []);
    deepEqual(Object.keys(mark.toJSON()), ['name', 'entryType', 'startTime', 'duration', 'detail']);
});

test('wrong marks and measures are refused', () => {
    throws(() => performance.measure('x', 'missing'), {
        name: 'SyntaxError', code: 12, message: 'The "missing" performance mark has not been set',
    });
    throws(() => performance.mark('x', { startTime: -1 }), { code: 'ERR_PERFORMANCE_INVALID_TIMESTAMP' });
    throws(() => performance.mark('nodeStart'), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => performance.measure('x', { start: 1, end: 2, duration: 1 }), {
        code: 'ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS',
    });
    throws(() => new PerformanceEntry(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
});

test('observers get the entries of their types, later', async () => {
    const seen = [];
    const observer = new PerformanceObserver((list, given) => {
        equal(given, observer);
        for (const entry of list.getEntries()) seen.push(entry.name);
    });
    observer.observe({ entryTypes: ['mark'] });
    performance.mark('one');
    performance.measure('not');
    deepEqual(seen, []);
    await sleep(10);
    deepEqual(seen, ['one']);
    performance.mark('two');
    deepEqual(observer.takeRecords().map((entry) => entry.name), ['two']);
    observer.disconnect();
    performance.mark('three');
    await sleep(10);
    deepEqual(seen, ['one']);
    const buffered = [];
    const second = new PerformanceObserver((list) => buffered.push(...list.getEntriesByType('mark')));
    second.observe({ type: 'mark', buffered: true });
    await sleep(10);
    second.disconnect();
    deepEqual(buffered.map((entry) => entry.name), ['one', 'two', 'three']);
    performance.clearMarks();
    performance.clearMeasures();
    throws(() => second.observe({}), { code: 'ERR_MISSING_ARGS' });
    throws(() => new PerformanceObserver(), { code: 'ERR_INVALID_ARG_TYPE' });
    ok(PerformanceObserver.supportedEntryTypes.includes('measure'));
});

test('timerify measures functions, constructors and promises', async () => {
    const entries = [];
    const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
    observer.observe({ entryTypes: ['function'] });
    const histogram = createHistogram();
    const add = performance.timerify(function add(a, b) { return a + b; }, { histogram });
    equal(add.name, 'timerified add');
    equal(add.length, 2);
    equal(add(1, 2), 3);
    class Point { constructor(x) { this.x = x; } }
    equal(new (performance.timerify(Point))(4).x, 4);
    equal(await performance.timerify(async () => 'late')(), 'late');
    await sleep(10);
    observer.disconnect();
    deepEqual(entries.map((entry) => entry.name), ['add', 'Point', '']);
    equal(histogram.count, 1);
    throws(() => performance.timerify(1), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => performance.timerify(() => {}, { histogram: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a histogram knows its values', () => {
    const histogram = createHistogram();
    const { count, exceeds, max, mean, min } = histogram;
    deepEqual([count, max, min, mean, exceeds], [0, 0, 9223372036854776000, NaN, 0]);
    for (let i = 1; i <= 1000; i++) histogram.record(i);
    deepEqual([histogram.count, histogram.min, histogram.max, histogram.mean], [1000, 1, 1000, 500.5]);
    deepEqual([histogram.percentile(50), histogram.percentile(99), histogram.percentile(100)], [500, 990, 1000]);
    equal(Math.round(histogram.stddev), 289);
    deepEqual([...histogram.percentiles.keys()].slice(0, 4), [0, 50, 75, 87.5]);
    deepEqual([...histogram.percentiles.values()].slice(0, 4), [1, 500, 750, 875]);
    equal(histogram.countBigInt, 1000n);
    histogram.record(12345678901n);
    ok(Math.abs(histogram.percentile(100) / 12345678901 - 1) < 0.001);
    const other = createHistogram();
    other.record(5);
    histogram.add(other);
    equal(histogram.count, 1002);
    histogram.reset();
    equal(histogram.count, 0);
    deepEqual([...histogram.percentiles], [[100, 0]]);
    histogram.recordDelta();
    histogram.recordDelta();
    equal(histogram.count, 1);
    throws(() => histogram.record(0), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => histogram.record('a'), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => histogram.percentile(0), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => createHistogram({ lowest: 'a' }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('the delay of the loop is sampled', async () => {
    const histogram = monitorEventLoopDelay({ resolution: 5 });
    equal(histogram.enable(), true);
    equal(histogram.enable(), false);
    await sleep(60);
    equal(histogram.disable(), true);
    equal(histogram.disable(), false);
    ok(histogram.count > 1, `${histogram.count}`);
    ok(histogram.mean > 1e6 && histogram.mean < 1e9, `${histogram.mean}`);
});

test('the use of the loop is a fraction', () => {
    const before = performance.eventLoopUtilization();
    deepEqual(Object.keys(before), ['idle', 'active', 'utilization']);
    const after = performance.eventLoopUtilization(before);
    ok(after.active >= 0);
    ok(performance.nodeTiming.duration > 0);
    equal(performance.nodeTiming.name, 'node');
    deepEqual(Object.keys(performance.toJSON()), ['nodeTiming', 'timeOrigin', 'eventLoopUtilization']);
});
