// The hosts of URLs: domains, IPv4 and IPv6 addresses, opaque hosts. Every parser gives the serialised host, undefined for
// a failure.

const {
    ArrayPrototypePop,
    MathFloor,
    NumberPrototypeToString,
    RegExpPrototypeExec,
    StringPrototypeIncludes,
    StringPrototypeSlice,
    StringPrototypeSplit,
} = primordials;

const { control, percentDecode, percentEncode } = require('internal/url/percent');

const forbiddenInHost = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const forbiddenInDomain = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

function parseHost(input, isOpaque) {
    if (input[0] === '[') {
        if (input[input.length - 1] !== ']') return undefined;
        const pieces = parseIPv6(StringPrototypeSlice(input, 1, -1));
        return pieces && `[${serializeIPv6(pieces)}]`;
    }
    if (isOpaque) {
        return RegExpPrototypeExec(forbiddenInHost, input) === null ? percentEncode(input, control) : undefined;
    }
    if (isPlain(input)) return input;
    const domain = StringPrototypeIncludes(input, '%') ? percentDecode(input) : input;
    const ascii = require('internal/url/idna').domainToASCII(domain);
    if (ascii === undefined || ascii === '' || RegExpPrototypeExec(forbiddenInDomain, ascii) !== null) return undefined;
    return RegExpPrototypeExec(/(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/, ascii) === null ? ascii : parseIPv4(ascii);
}

/** Whether a domain is lower-case ASCII and neither an address nor in Punycode: then nothing has to be done to it. */
function isPlain(domain) {
    let start = 0;
    for (let i = 0; i < domain.length; i++) {
        const unit = domain.charCodeAt(i);
        if (unit === 0x2e) start = i + 1;
        else if (unit === 0x78 && i === start) return false;
        else if (!((unit >= 0x61 && unit <= 0x7a) || unit === 0x2d || (unit >= 0x30 && unit <= 0x39))) return false;
    }
    // An address ends in a number, whether or not a full stop follows.
    return start < domain.length && domain.charCodeAt(start) > 0x39;
}

/** A number of an IPv4 address: decimal, octal or hexadecimal; NaN if it is none. */
function parseNumber(part) {
    if (part === '') return NaN;
    if (RegExpPrototypeExec(/^0x[0-9a-f]*$/i, part) !== null) return part.length === 2 ? 0 : +part;
    if (part.length > 1 && part[0] === '0') {
        return RegExpPrototypeExec(/^[0-7]+$/, part) === null ? NaN : +`0o${part}`;
    }
    return RegExpPrototypeExec(/^\d+$/, part) === null ? NaN : +part;
}

function parseIPv4(input) {
    const parts = StringPrototypeSplit(input, '.');
    if (parts[parts.length - 1] === '' && parts.length > 1) ArrayPrototypePop(parts);
    if (parts.length > 4) return undefined;
    let address = 0;
    for (let i = 0; i < parts.length; i++) {
        const number = parseNumber(parts[i]);
        const isLast = i === parts.length - 1;
        // The last part fills what the others leave.
        if (!(number < (isLast ? 256 ** (4 - i) : 256))) return undefined;
        address += isLast ? number : number * 256 ** (3 - i);
    }
    const byte = (place) => MathFloor(address / 256 ** place) % 256;
    return `${byte(3)}.${byte(2)}.${byte(1)}.${byte(0)}`;
}

function parseIPv6(input) {
    const pieces = [0, 0, 0, 0, 0, 0, 0, 0];
    let index = 0;
    let compress = -1;
    let at = 0;
    if (input[0] === ':') {
        if (input[1] !== ':') return undefined;
        at = 2;
        compress = ++index;
    }
    while (at < input.length) {
        if (index === 8) return undefined;
        if (input[at] === ':') {
            if (compress !== -1) return undefined;
            at++;
            compress = ++index;
            continue;
        }
        const start = at;
        let value = 0;
        while (at - start < 4 && at < input.length && RegExpPrototypeExec(/[0-9a-f]/i, input[at]) !== null) {
            value = value * 16 + +`0x${input[at++]}`;
        }
        if (input[at] === '.') {
            if (at === start || index > 6) return undefined;
            const tail = StringPrototypeSlice(input, start);
            const match = RegExpPrototypeExec(
                /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/, tail);
            if (match === null) return undefined;
            const { 1: a, 2: b, 3: c, 4: d } = match;
            if (a > 255 || b > 255 || c > 255 || d > 255) return undefined;
            pieces[index++] = a * 256 + +b;
            pieces[index++] = c * 256 + +d;
            break;
        }
        if (input[at] === ':') {
            if (++at === input.length) return undefined;
        } else if (at < input.length) {
            return undefined;
        }
        pieces[index++] = value;
    }
    if (compress !== -1) {
        // What came after the gap moves to the end.
        for (let moved = index - compress, to = 7; to !== 0 && moved > 0; to--, moved--) {
            const from = compress + moved - 1;
            const piece = pieces[to];
            pieces[to] = pieces[from];
            pieces[from] = piece;
        }
    } else if (index !== 8) {
        return undefined;
    }
    return pieces;
}

function serializeIPv6(pieces) {
    // The first of the longest runs of two or more zeros is left out.
    let best = -1;
    let bestLength = 1;
    for (let i = 0; i < 8; i++) {
        let length = 0;
        while (i + length < 8 && pieces[i + length] === 0) length++;
        if (length > bestLength) {
            best = i;
            bestLength = length;
        }
        i += length;
    }
    let text = '';
    for (let i = 0; i < 8; i++) {
        if (i === best) {
            text += i === 0 ? '::' : ':';
            i += bestLength - 1;
            continue;
        }
        text += NumberPrototypeToString(pieces[i], 16);
        if (i < 7) text += ':';
    }
    return text;
}

module.exports = { parseHost };
