'use strict';
const { test, equal, deepEqual, ok, throws } = require('./support/harness.cjs');
const v8 = require('node:v8');

test('what was serialized is there again', () => {
    const value = { a: [1, , 2.5], b: new Map([['k', new Set([1n])]]), c: 'é😀', d: new Date(5), e: /x/g, f: undefined };
    value.self = value;
    const made = v8.deserialize(v8.serialize(value));
    ok(made.self === made);
    equal(made.c, value.c);
    equal(made.d.getTime(), 5);
    ok(made.b.get('k').has(1n));
    ok(!(1 in made.a));
    ok(Buffer.isBuffer(v8.serialize(1)));
    equal(v8.deserialize(new Uint8Array(v8.serialize('x'.repeat(100_000)))).length, 100_000);
    deepEqual([...v8.deserialize(v8.serialize(new Uint8Array([1, 2])))], [1, 2]);
});

test('what cannot be serialized says so', () => {
    throws(() => v8.serialize(() => 1), { name: 'Error', message: '() => 1 could not be cloned.' });
    throws(() => v8.serialize(new SharedArrayBuffer(1)), { name: 'Error', message: '#<SharedArrayBuffer> could not be cloned.' });
});

test('bytes that are no message are refused', () => {
    throws(() => v8.deserialize(Buffer.from([1, 2, 3])), { name: 'Error' });
    throws(() => v8.deserialize('x'), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: 'buffer must be a TypedArray or a DataView' });
    const sparse = () => Object.assign([], { 9: 1, name: 'x' });
    const good = v8.serialize({
        a: 'text', b: [1, 2, { c: new Map([[1, 2]]) }, { c: 'again' }], d: new Float64Array(3), e: new Error('x'),
        f: [sparse(), sparse()],
    });
    let seed = 1;
    const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 5000; i++) {
        const bad = Buffer.from(good);
        for (let k = random(4); k >= 0; k--) bad[random(bad.length)] = random(256);
        try {
            v8.deserialize(bad.subarray(0, random(2) ? bad.length : random(bad.length)));
        } catch (error) {
            ok(error instanceof Error);
        }
    }
});

test('a serializer writes parts and values in turn', () => {
    const writer = new v8.Serializer();
    writer.writeHeader();
    writer.writeUint32(5);
    writer.writeUint64(1, 2);
    writer.writeDouble(1.5);
    writer.writeRawBytes(Buffer.from('ab'));
    writer.writeValue({ a: 1 });
    writer.writeValue('two');
    const reader = new v8.Deserializer(writer.releaseBuffer());
    ok(reader.readHeader());
    equal(reader.readUint32(), 5);
    deepEqual(reader.readUint64(), [1, 2]);
    equal(reader.readDouble(), 1.5);
    equal(reader.readRawBytes(2).toString(), 'ab');
    deepEqual(reader.readValue(), { a: 1 });
    equal(reader.readValue(), 'two');
});

test('the heap has figures', () => {
    const figures = v8.getHeapStatistics();
    ok(figures.total_heap_size > 0 && figures.used_heap_size > 0 && figures.heap_size_limit > 0);
    ok(v8.getHeapSpaceStatistics().length > 0);
    ok('code_and_metadata_size' in v8.getHeapCodeStatistics());
    equal(typeof v8.cachedDataVersionTag(), 'number');
    throws(() => v8.setFlagsFromString(1), { code: 'ERR_INVALID_ARG_TYPE' });
});
