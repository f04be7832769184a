// Domains between Unicode and ASCII, by UTS #46 as the URL standard calls it: no transitional processing, hyphens and
// lengths unchecked. Its mapping table is derived from what the engine knows of Unicode (case, compatibility
// normalisation, properties) rather than carried along. What that misses: characters whose mapping in the table is
// neither (a few Cherokee letters, some that a newer Unicode changed), the joining types that U+200C asks for (any
// letters of the joining scripts will do), and bidirectional classes of single punctuation marks.

const {
    ArrayPrototypeJoin,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    StringPrototypeNormalize,
    StringPrototypeSlice,
    StringPrototypeSplit,
    StringPrototypeStartsWith,
    StringPrototypeToLowerCase,
} = primordials;

const { decode, encode } = require('internal/punycode');

const matches = (pattern, text) => RegExpPrototypeExec(pattern, text) !== null;

const ignored = /[\u00ad\u034f\u180b-\u180f\u200b\u2060\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;
const disallowed = new RegExp('(?![\u200c\u200d])[\\p{Cc}\\p{Cf}\\p{Cn}\\p{Co}\\p{Cs}\\p{Z}\u115f\u1160\u17b4\u17b5' +
    '\u2ff0-\u2fff\u3164\uffa0\ufff9-\ufffd]', 'u');
// Their compatibility forms hold full stops, which must not come to divide labels.
const dotted = /[\u2024-\u2026\u2488-\u249b\ufe19\ufe30\ufe52]/;
const virama = '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d3b\\u0d3c\\u0d4d\\u0dca\\u0e3a\\u0eba\\u0f84' +
    '\\u1039\\u103a\\u1714\\u1734\\u17d2\\u1a60\\u1b44\\u1baa\\u1bab\\u1bf2\\u1bf3\\u2d7f\\ua806\\ua8c4\\ua953\\ua9c0\\uaaf6\\uabed]';
const joining = '[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Mandaic}]';
const rtl = '\\p{Script=Hebrew}\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Thaana}\\p{Script=Nko}\\p{Script=Samaritan}' +
    '\\p{Script=Mandaic}\\p{Script=Adlam}';
// Built when a domain first needs them.
let lazy;

function patterns() {
    lazy ??= {
        misplacedJoiner: new RegExp(
            `(?<!${virama})\\u200d|(?<!${virama}|${joining}\\p{M}*)\\u200c|(?<!${virama})\\u200c(?!\\p{M}*${joining})`, 'u'),
        rightToLeft: new RegExp(`[${rtl}]`, 'u'),
        // A label of one direction: what it begins with, and what it may not contain or end in.
        beginsRight: new RegExp(`^(?:(?!\\p{M}|\\p{Nd})[${rtl}])`, 'u'),
        leftLetter: new RegExp(`(?![${rtl}])\\p{L}`, 'u'),
        beginsLeft: new RegExp(`^(?![${rtl}])\\p{L}`, 'u'),
        endsRight: new RegExp(`(?:[${rtl}]|\\p{Nd})\\p{M}*$`, 'u'),
        endsLeft: new RegExp('[\\p{L}\\p{Nd}]\\p{M}*$', 'u'),
    };
    return lazy;
}

/** Case, width and compatibility variants become one; a text maps to itself where all of it is valid. */
function mapped(text) {
    let result = RegExpPrototypeSymbolReplace(ignored, text, '');
    // By character: in a word, a last capital sigma would become another letter.
    const lower = (from) => RegExpPrototypeSymbolReplace(/[^\0-\x7f]/gu, StringPrototypeNormalize(from, 'NFKC'),
        (character) => StringPrototypeToLowerCase(character));
    result = lower(lower(result));
    result = RegExpPrototypeSymbolReplace(/\u3002/g, result, '.');
    result = RegExpPrototypeSymbolReplace(/[A-Z]+/g, result, (letters) => StringPrototypeToLowerCase(letters));
    return StringPrototypeNormalize(result, 'NFC');
}

function isValidLabel(label) {
    return !matches(/^\p{M}/u, label) && !matches(disallowed, label) &&
        (!matches(/[\u200c\u200d]/, label) || !matches(patterns().misplacedJoiner, label));
}

/** The rule of RFC 5893, for a label of a domain that somewhere runs from right to left. */
function keepsDirection(label) {
    if (label === '') return true;
    const { beginsLeft, beginsRight, endsLeft, endsRight, leftLetter, rightToLeft } = patterns();
    if (matches(beginsRight, label)) {
        return !matches(leftLetter, label) && matches(endsRight, label) &&
            !(matches(/[0-9\u06f0-\u06f9]/, label) && matches(/[\u0660-\u0669]/, label));
    }
    return matches(beginsLeft, label) && !matches(rightToLeft, label) && matches(endsLeft, label);
}

/** The labels in Unicode; undefined if one is not valid. */
function unicodeLabels(domain) {
    if (matches(dotted, domain)) return undefined;
    const labels = StringPrototypeSplit(mapped(domain), '.');
    for (let i = 0; i < labels.length; i++) {
        let label = labels[i];
        if (StringPrototypeStartsWith(label, 'xn--')) {
            if (matches(/[^\0-\x7f]/, label)) return undefined;
            try {
                label = decode(StringPrototypeSlice(label, 4));
            } catch {
                return undefined;
            }
            if (!matches(/[^\0-\x7f]/, label) || mapped(label) !== label) return undefined;
        }
        if (!isValidLabel(label)) return undefined;
        labels[i] = label;
    }
    const joined = ArrayPrototypeJoin(labels, '.');
    if (matches(/[^\0-\x7f]/, joined) && matches(patterns().rightToLeft, joined)) {
        for (let i = 0; i < labels.length; i++) {
            if (!keepsDirection(labels[i])) return undefined;
        }
    }
    return labels;
}

/** The ASCII form of a domain; undefined if it has none. */
function domainToASCII(domain) {
    if (!matches(/[^\0-\x7f]|xn--/i, domain)) return StringPrototypeToLowerCase(domain);
    const labels = unicodeLabels(domain);
    if (labels === undefined) return undefined;
    for (let i = 0; i < labels.length; i++) {
        if (matches(/[^\0-\x7f]/, labels[i])) labels[i] = `xn--${encode(labels[i])}`;
    }
    return ArrayPrototypeJoin(labels, '.');
}

/** The Unicode form of a domain; labels that have none stay as they are. */
function domainToUnicode(domain) {
    const labels = StringPrototypeSplit(domain, '.');
    for (let i = 0; i < labels.length; i++) {
        const decoded = unicodeLabels(labels[i]);
        if (decoded !== undefined) labels[i] = ArrayPrototypeJoin(decoded, '.');
    }
    return ArrayPrototypeJoin(labels, '.');
}

module.exports = { domainToASCII, domainToUnicode };
