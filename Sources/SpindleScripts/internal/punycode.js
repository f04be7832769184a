// Bootstring with the parameters of RFC 3492.

const {
    ArrayPrototypePush,
    ArrayPrototypeSplice,
    MathFloor,
    RangeError,
    StringFromCodePoint,
    StringPrototypeCharCodeAt,
    StringPrototypeCodePointAt,
    StringPrototypeLastIndexOf,
} = primordials;

const base = 36;
const tMin = 1;
const tMax = 26;
const maxInt = 0x7fffffff;

/** The code points of a text; surrogates without a partner stand for themselves. */
function codePoints(text) {
    const points = [];
    for (let i = 0; i < text.length; i++) {
        const point = StringPrototypeCodePointAt(text, i);
        ArrayPrototypePush(points, point);
        if (point > 0xffff) i++;
    }
    return points;
}

function fromCodePoints(points) {
    let text = '';
    for (let i = 0; i < points.length; i++) text += StringFromCodePoint(points[i]);
    return text;
}

function adapt(delta, count, isFirst) {
    delta = isFirst ? MathFloor(delta / 700) : delta >> 1;
    delta += MathFloor(delta / count);
    let k = 0;
    for (; delta > (base - tMin) * tMax >> 1; k += base) delta = MathFloor(delta / (base - tMin));
    return k + MathFloor((base - tMin + 1) * delta / (delta + 38));
}

const threshold = (k, bias) => (k <= bias ? tMin : k >= bias + tMax ? tMax : k - bias);

const overflow = () => new RangeError('Overflow: input needs wider integers to process');
const invalid = () => new RangeError('Invalid input');

function digitOf(unit) {
    if (unit >= 0x30 && unit < 0x3a) return unit - 0x30 + 26;
    const letter = unit | 0x20;
    return letter >= 0x61 && letter <= 0x7a ? letter - 0x61 : base;
}

const unitOf = (digit) => StringFromCodePoint(digit < 26 ? 0x61 + digit : 0x30 + digit - 26);

function decode(input) {
    const points = [];
    const basic = StringPrototypeLastIndexOf(input, '-');
    for (let i = 0; i < basic; i++) {
        const unit = StringPrototypeCharCodeAt(input, i);
        if (unit >= 0x80) throw new RangeError('Illegal input >= 0x80 (not a basic code point)');
        ArrayPrototypePush(points, unit);
    }
    let point = 128;
    let bias = 72;
    let i = 0;
    for (let at = basic > 0 ? basic + 1 : 0; at < input.length;) {
        const before = i;
        for (let weight = 1, k = base; ; k += base) {
            if (at >= input.length) throw invalid();
            const digit = digitOf(StringPrototypeCharCodeAt(input, at++));
            if (digit >= base) throw invalid();
            if (digit > MathFloor((maxInt - i) / weight)) throw overflow();
            i += digit * weight;
            const t = threshold(k, bias);
            if (digit < t) break;
            if (weight > MathFloor(maxInt / (base - t))) throw overflow();
            weight *= base - t;
        }
        const count = points.length + 1;
        bias = adapt(i - before, count, before === 0);
        point += MathFloor(i / count);
        i %= count;
        if (point > 0x10ffff) throw invalid();
        ArrayPrototypeSplice(points, i++, 0, point);
    }
    return fromCodePoints(points);
}

function encode(input) {
    const points = codePoints(input);
    let output = '';
    for (let i = 0; i < points.length; i++) {
        if (points[i] < 0x80) output += StringFromCodePoint(points[i]);
    }
    const basicLength = output.length;
    let handled = basicLength;
    if (basicLength > 0) output += '-';
    let point = 128;
    let delta = 0;
    let bias = 72;
    while (handled < points.length) {
        let next = maxInt;
        for (let i = 0; i < points.length; i++) {
            if (points[i] >= point && points[i] < next) next = points[i];
        }
        if (next - point > MathFloor((maxInt - delta) / (handled + 1))) throw overflow();
        delta += (next - point) * (handled + 1);
        point = next;
        for (let i = 0; i < points.length; i++) {
            if (points[i] < point && ++delta > maxInt) throw overflow();
            if (points[i] !== point) continue;
            let rest = delta;
            for (let k = base; ; k += base) {
                const t = threshold(k, bias);
                if (rest < t) break;
                output += unitOf(t + (rest - t) % (base - t));
                rest = MathFloor((rest - t) / (base - t));
            }
            output += unitOf(rest);
            bias = adapt(delta, handled + 1, handled === basicLength);
            delta = 0;
            handled++;
        }
        delta++;
        point++;
    }
    return output;
}

module.exports = { codePoints, decode, encode, fromCodePoints };
