const {
    ArrayPrototypeJoin,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    RegExpPrototypeSymbolSplit,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    StringPrototypeToLowerCase,
} = primordials;

const { codePoints, decode, encode, fromCodePoints } = require('internal/punycode');

/** Applies `convert` to the labels of a domain, which may be that of a mail address. */
function mapLabels(input, convert) {
    const at = StringPrototypeIndexOf(input, '@');
    const domain = RegExpPrototypeSymbolReplace(/[\u3002\uff0e\uff61]/g, StringPrototypeSlice(input, at + 1), '.');
    const labels = RegExpPrototypeSymbolSplit(/\./, domain);
    for (let i = 0; i < labels.length; i++) labels[i] = convert(labels[i]);
    return StringPrototypeSlice(input, 0, at + 1) + ArrayPrototypeJoin(labels, '.');
}

function toASCII(input) {
    return mapLabels(input, (label) => (
        RegExpPrototypeExec(/[^\0-\x7f]/, label) === null ? label : `xn--${encode(label)}`));
}

function toUnicode(input) {
    return mapLabels(input, (label) => (StringPrototypeStartsWith(label, 'xn--') ?
        decode(StringPrototypeToLowerCase(StringPrototypeSlice(label, 4))) : label));
}

module.exports = {
    version: '2.1.0',
    ucs2: { decode: codePoints, encode: fromCodePoints },
    decode,
    encode,
    toASCII,
    toUnicode,
};
