// Addresses as text: what is one, and what its numbers are.

const {
    NumberParseInt, RegExpPrototypeExec, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeSplit,
} = primordials;

const byte = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
let version4;

function isIPv4(text) {
    version4 ??= new RegExp(`^${byte}(?:\\.${byte}){3}$`);
    return RegExpPrototypeExec(version4, `${text}`) !== null;
}

/** The eight 16-bit groups of an IPv6 address, or undefined. A zone (`%eth0`) is left out. */
function groupsOf(text) {
    const zone = StringPrototypeIndexOf(text, '%');
    if (zone >= 0) {
        if (RegExpPrototypeExec(/^%[0-9a-zA-Z\-.:]+$/, StringPrototypeSlice(text, zone)) === null) return undefined;
        text = StringPrototypeSlice(text, 0, zone);
    }
    const gap = StringPrototypeIndexOf(text, '::');
    if (gap < 0) {
        const groups = groupList(text, true);
        return groups?.length === 8 ? groups : undefined;
    }
    const tail = StringPrototypeSlice(text, gap + 2);
    if (StringPrototypeIndexOf(tail, '::') >= 0) return undefined;
    const left = gap === 0 ? [] : groupList(StringPrototypeSlice(text, 0, gap), false);
    const right = tail === '' ? [] : groupList(tail, true);
    if (left === undefined || right === undefined || left.length + right.length > 7) return undefined;
    const groups = [];
    for (let i = 0; i < left.length; i++) groups[i] = left[i];
    for (let i = left.length; i < 8 - right.length; i++) groups[i] = 0;
    for (let i = 0; i < right.length; i++) groups[8 - right.length + i] = right[i];
    return groups;
}

/** Groups between colons; the last may be an IPv4 address, which makes two. */
function groupList(text, mayEndInVersion4) {
    const parts = StringPrototypeSplit(text, ':');
    const groups = [];
    for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        if (i === parts.length - 1 && mayEndInVersion4 && isIPv4(part)) {
            const bytes = bytesOf(part);
            groups[groups.length] = bytes[0] << 8 | bytes[1];
            groups[groups.length] = bytes[2] << 8 | bytes[3];
        } else if (RegExpPrototypeExec(/^[0-9a-fA-F]{1,4}$/, part) !== null) {
            groups[groups.length] = NumberParseInt(part, 16);
        } else return undefined;
    }
    return groups;
}

/** The four numbers of an IPv4 address. */
function bytesOf(text) {
    const parts = StringPrototypeSplit(text, '.');
    return [+parts[0], +parts[1], +parts[2], +parts[3]];
}

function isIPv6(text) { return groupsOf(`${text}`) !== undefined; }

function isIP(text) {
    if (isIPv4(text)) return 4;
    return isIPv6(text) ? 6 : 0;
}

module.exports = { bytesOf, groupsOf, isIP, isIPv4, isIPv6 };
