// Text for a terminal: quoting, control sequences, the columns a string fills.

const {
    NumberPrototypeToString,
    RegExp,
    RegExpPrototypeExec,
    StringPrototypeCharCodeAt,
    StringPrototypeCodePointAt,
    StringPrototypeIncludes,
    StringPrototypeNormalize,
    StringPrototypePadStart,
    StringPrototypeSlice,
    StringPrototypeToUpperCase,
} = primordials;

const { validateString } = require('internal/validators');

// What cannot stand in a quoted string as it is: control characters, the backslash, halves of surrogate pairs.
const loneSurrogate = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const special = new RegExp(`[\\x00-\\x1f\\\\\\x7f-\\x9f]|${loneSurrogate}`, 'g');
const specialOrQuote = new RegExp(`['\\x00-\\x1f\\\\\\x7f-\\x9f]|${loneSurrogate}`, 'g');

// Most strings are of this kind, and this pattern is much the fastest.
const harmless = /^[ -&(-[\]-~]*$/;

const shortEscapes = {
    '__proto__': null,
    '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\', "'": "\\'",
};

function escapeCharacter(character) {
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = StringPrototypeCharCodeAt(character, 0);
    const hex = NumberPrototypeToString(code, 16);
    return code < 0x100 ? `\\x${StringPrototypeToUpperCase(StringPrototypePadStart(hex, 2, '0'))}` : `\\u${hex}`;
}

// By `exec` alone: `String.prototype.replace` would go through what a guest may have patched.
function replaceAll(pattern, text, replacement) {
    pattern.lastIndex = 0;
    let result = '';
    let end = 0;
    for (let match; (match = RegExpPrototypeExec(pattern, text)) !== null; end = pattern.lastIndex) {
        result += StringPrototypeSlice(text, end, match.index) + replacement(match[0]);
    }
    return result + StringPrototypeSlice(text, end);
}

function has(pattern, text) {
    pattern.lastIndex = 0;
    return RegExpPrototypeExec(pattern, text) !== null;
}

// `text` with everything special escaped, single quotes included.
function escape(text) {
    return has(specialOrQuote, text) ? replaceAll(specialOrQuote, text, escapeCharacter) : text;
}

// A literal in the first kind of quotes that need no escaping: single, double, backticks; else single ones.
function quote(text) {
    if (RegExpPrototypeExec(harmless, text) !== null) return `'${text}'`;
    if (!StringPrototypeIncludes(text, "'")) {
        return `'${has(special, text) ? replaceAll(special, text, escapeCharacter) : text}'`;
    }
    let mark;
    if (!StringPrototypeIncludes(text, '"')) {
        mark = '"';
    } else if (!StringPrototypeIncludes(text, '`') && !StringPrototypeIncludes(text, '${')) {
        mark = '`';
    } else {
        return `'${escape(text)}'`;
    }
    return `${mark}${has(special, text) ? replaceAll(special, text, escapeCharacter) : text}${mark}`;
}

// Escape sequences of terminals: string sequences (titles, links) up to their terminator, else control sequences
// with numeric parameters.
const controlSequence = new RegExp(
    '[\\u001b\\u009b][[\\]()#;?]*' +
    '(?:(?:[a-zA-Z\\d]*(?:;[-a-zA-Z\\d/#&.:=?%@~_]*)*)?(?:\\u0007|\\u001b\\\\|\\u009c)' +
    '|(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~])',
    'g',
);

function stripVTControlCharacters(text) {
    validateString(text, 'str');
    return has(controlSequence, text) ? replaceAll(controlSequence, text, () => '') : text;
}

// Ranges of code points, in pairs: those drawn two columns wide (East Asian Width W and F, emoji) …
const wide = [
    0x1100, 0x115f, 0x231a, 0x231b, 0x2329, 0x232a, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe,
    0x2614, 0x2615, 0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be,
    0x26c4, 0x26c5, 0x26ce, 0x26ce, 0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa,
    0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b, 0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755,
    0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf, 0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55,
    0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900, 0xfaff,
    0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18cff, 0x1aff0, 0x1b2ff,
    0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f1e6, 0x1f202, 0x1f210, 0x1f23b,
    0x1f240, 0x1f248, 0x1f250, 0x1f251, 0x1f260, 0x1f265, 0x1f300, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c,
    0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e,
    0x1f440, 0x1f440, 0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a,
    0x1f595, 0x1f596, 0x1f5a4, 0x1f5a4, 0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2,
    0x1f6d5, 0x1f6d7, 0x1f6dc, 0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc, 0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0,
    0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947, 0x1f9ff, 0x1fa70, 0x1faff, 0x20000, 0x3fffd,
];
// … and those that take none: controls, combining marks, joiners, variation selectors.
const narrow = [
    0x0, 0x1f, 0x7f, 0x9f, 0x300, 0x36f, 0x483, 0x489, 0x591, 0x5bd, 0x610, 0x61a, 0x64b, 0x65f, 0x200b, 0x200f,
    0x2028, 0x202e, 0x2060, 0x206f, 0x20d0, 0x20ff, 0xfe00, 0xfe0f, 0xfe20, 0xfe2f, 0xfeff, 0xfeff,
    0xe0000, 0xe007f, 0xe0100, 0xe01ef,
];

function isWithin(ranges, code) {
    let low = 0;
    let high = ranges.length / 2 - 1;
    while (low <= high) {
        const middle = (low + high) >> 1;
        if (code < ranges[2 * middle]) high = middle - 1;
        else if (code > ranges[2 * middle + 1]) low = middle + 1;
        else return true;
    }
    return false;
}

const isZeroWidthCodePoint = (code) => isWithin(narrow, code);

const printableAscii = /^[\x20-\x7e]*$/;

function getStringWidth(text, stripsControls = true) {
    if (RegExpPrototypeExec(printableAscii, text) !== null) return text.length;
    if (stripsControls) text = stripVTControlCharacters(text);
    text = StringPrototypeNormalize(text, 'NFC');
    let width = 0;
    for (let i = 0; i < text.length; i++) {
        const code = StringPrototypeCodePointAt(text, i);
        if (code > 0xffff) i++;
        if (!isWithin(narrow, code)) width += isWithin(wide, code) ? 2 : 1;
    }
    return width;
}

module.exports = { escape, getStringWidth, isZeroWidthCodePoint, quote, stripVTControlCharacters };
