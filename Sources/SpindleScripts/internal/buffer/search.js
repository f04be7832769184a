// Comparing, searching and filling bytes.

const {
    Int32Array,
    MathMin,
    MathTrunc,
    TypedArrayPrototypeCopyWithin,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeIndexOf,
    TypedArrayPrototypeLastIndexOf,
    TypedArrayPrototypeSet,
    TypedArrayPrototypeSubarray,
} = primordials;

/** The bytes from `start` as whole words; undefined where they do not lie on a word boundary. */
function words(bytes, start, count) {
    const offset = TypedArrayPrototypeGetByteOffset(bytes) + start;
    return (offset & 3) === 0 ? new Int32Array(TypedArrayPrototypeGetBuffer(bytes), offset, count >> 2) : undefined;
}

// From this length on two views cost less than they save.
const wordsLength = 128;

/** Orders two ranges of bytes: -1, 0 or 1. */
function compareBytes(a, aStart, aEnd, b, bStart, bEnd) {
    const aLength = aEnd - aStart;
    const bLength = bEnd - bStart;
    const length = MathMin(aLength, bLength);
    let i = 0;
    if (length >= wordsLength) {
        const aWords = words(a, aStart, length);
        const bWords = aWords && words(b, bStart, length);
        if (bWords !== undefined) {
            const count = length >> 2;
            let word = 0;
            while (word < count && aWords[word] === bWords[word]) word++;
            i = word * 4;
        }
    }
    for (; i < length; i++) {
        const difference = a[aStart + i] - b[bStart + i];
        if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    return aLength === bLength ? 0 : aLength < bLength ? -1 : 1;
}

/** Where a search begins; -1 where it cannot find anything. Negative offsets count from the end. */
function searchStart(length, offset, needleLength, isForward) {
    if (offset < 0) {
        if (offset + length >= 0) return offset + length;
        return isForward || needleLength === 0 ? 0 : -1;
    }
    if (offset + needleLength <= length) return offset;
    if (needleLength === 0) return length;
    return isForward ? -1 : length - 1;
}

function indexOfByte(bytes, byte, offset, isForward) {
    const start = searchStart(bytes.length, MathTrunc(offset), 1, isForward);
    if (start < 0 || bytes.length === 0) return -1;
    return isForward ? TypedArrayPrototypeIndexOf(bytes, byte & 0xff, start) :
        TypedArrayPrototypeLastIndexOf(bytes, byte & 0xff, start);
}

/** `step` is 2 where the haystack is of UTF-16 units: what lies across two of them does not count. */
function indexOfBytes(bytes, needle, offset, isForward, step) {
    const size = needle.length;
    const start = searchStart(bytes.length, MathTrunc(offset), size, isForward);
    if (size === 0) return start;
    const last = bytes.length - size;
    if (start < 0 || last < 0 || (isForward && start > last) || (step === 2 && size < 2)) return -1;
    if (step === 2) return indexOfUnits(bytes, needle, start, last, isForward);
    const first = needle[0];
    let at = isForward ? start : MathMin(start, last);
    for (;;) {
        at = isForward ? TypedArrayPrototypeIndexOf(bytes, first, at) : TypedArrayPrototypeLastIndexOf(bytes, first, at);
        if (at < 0 || at > last) return -1;
        if (matches(bytes, at, needle, size)) return at;
        if (isForward) at++;
        else if (--at < 0) return -1;
    }
}

function indexOfUnits(bytes, needle, start, last, isForward) {
    const size = needle.length & ~1;
    const step = isForward ? 2 : -2;
    for (let at = (isForward ? start : MathMin(start, last)) & ~1; at >= 0 && at <= last; at += step) {
        if (matches(bytes, at, needle, size)) return at;
    }
    return -1;
}

function matches(bytes, at, needle, size) {
    for (let i = 0; i < size; i++) {
        if (bytes[at + i] !== needle[i]) return false;
    }
    return true;
}

/** Repeats `pattern` from `start` to `end`. */
function fillBytes(bytes, pattern, start, end) {
    const length = MathMin(pattern.length, end - start);
    TypedArrayPrototypeSet(bytes, length < pattern.length ? TypedArrayPrototypeSubarray(pattern, 0, length) : pattern, start);
    for (let filled = length; start + filled < end; filled *= 2) {
        TypedArrayPrototypeCopyWithin(bytes, start + filled, start, start + MathMin(filled, end - start - filled));
    }
}

module.exports = { compareBytes, fillBytes, indexOfByte, indexOfBytes };
