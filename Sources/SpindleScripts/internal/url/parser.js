// The parser of the URL standard (https://url.spec.whatwg.org), its states as functions that each take the place where
// they begin. A record: scheme, username, password, host (null or serialised), port (null or a number), path (a list of
// segments, or a string if opaque), query and fragment (null or a string, without their marks).

const {
    ArrayPrototypeJoin,
    ArrayPrototypePop,
    ArrayPrototypePush,
    ArrayPrototypeSlice,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    StringPrototypeIndexOf,
    StringPrototypeLastIndexOf,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
} = primordials;

const { parseHost } = require('internal/url/host');
const sets = require('internal/url/percent');
const { percentEncode } = sets;

const defaultPorts = { __proto__: null, 'file': null, 'ftp': 21, 'http': 80, 'https': 443, 'ws': 80, 'wss': 443 };

const isSpecial = (url) => defaultPorts[url.scheme] !== undefined;
const hasOpaquePath = (url) => typeof url.path === 'string';

// Replacing by a regular expression costs more than parsing all of a common URL.
function withoutNewlines(text) {
    for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit < 0x0e && (unit === 0x09 || unit === 0x0a || unit === 0x0d)) {
            return RegExpPrototypeSymbolReplace(/[\t\n\r]+/g, text, '');
        }
    }
    return text;
}

/** Without the control characters and spaces around it. */
function trimmed(text) {
    let start = 0;
    let end = text.length;
    while (start < end && text.charCodeAt(start) <= 0x20) start++;
    while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
    return start === 0 && end === text.length ? text : StringPrototypeSlice(text, start, end);
}

/** The length of a scheme at the beginning of a text, its colon included; 0 if there is none. */
function schemeLength(text) {
    for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        const letter = unit | 0x20;
        if (letter >= 0x61 && letter <= 0x7a) continue;
        if (i === 0) return 0;
        if (unit === 0x3a) return i + 1;
        if (!((unit >= 0x30 && unit <= 0x39) || unit === 0x2b || unit === 0x2d || unit === 0x2e)) return 0;
    }
    return 0;
}

const isWindowsDrive = (text) => RegExpPrototypeExec(/^[a-z][:|]$/i, text) !== null;

function beginsWithWindowsDrive(input, at) {
    return RegExpPrototypeExec(/^[a-z][:|](?:[/\\?#]|$)/i, StringPrototypeSlice(input, at, at + 3)) !== null;
}

/** The record of a well-formed text, undefined if it is none; `base` is a record or null. */
function parse(text, base) {
    // What surrounds a URL does not belong to it, nor do line breaks within.
    const input = withoutNewlines(trimmed(text));
    const url = {
        scheme: '', username: '', password: '', host: null, port: null, path: [], query: null, fragment: null,
    };
    const at = schemeLength(input);
    if (at === 0) {
        if (base === null) return undefined;
        if (hasOpaquePath(base)) {
            if (input[0] !== '#') return undefined;
            url.scheme = base.scheme;
            url.path = base.path;
            url.query = base.query;
            parseFragment(url, input, 0);
            return url;
        }
        return base.scheme === 'file' ? parseFile(url, input, 0, base) : parseRelative(url, input, 0, base);
    }
    url.scheme = StringPrototypeToLowerCase(StringPrototypeSlice(input, 0, at - 1));
    if (url.scheme === 'file') return parseFile(url, input, at, base);
    if (isSpecial(url)) {
        const isAuthority = input[at] === '/' && input[at + 1] === '/';
        return base?.scheme === url.scheme && !isAuthority ? parseRelative(url, input, at, base) :
            parseAuthority(url, input, afterSlashes(input, at));
    }
    if (input[at] === '/') {
        return input[at + 1] === '/' ? parseAuthority(url, input, at + 2) : parsePath(url, input, at + 1);
    }
    const end = endOf(input, at, question | number);
    // A space at the end would be lost when the URL is read again, were it not encoded.
    const path = StringPrototypeSlice(input, at, end);
    url.path = percentEncode(end < input.length && path[path.length - 1] === ' ' ?
        `${StringPrototypeSlice(path, 0, -1)}%20` : path, sets.control);
    return parseTail(url, input, end);
}

function afterSlashes(input, at) {
    while (input[at] === '/' || input[at] === '\\') at++;
    return at;
}

/** Where from `at` on the first of the `marks` is, the end if there is none; those are slashes, `?` and `#`. */
function endOf(input, at, marks) {
    for (let i = at; i < input.length; i++) {
        const unit = input.charCodeAt(i);
        if (unit === 0x2f ? marks & slash : unit === 0x3f ? marks & question : unit === 0x23 ? marks & number :
            unit === 0x5c && marks & backslash) return i;
    }
    return input.length;
}
const slash = 1;
const backslash = 2;
const question = 4;
const number = 8;

const isSlash = (url, character) => character === '/' || (character === '\\' && isSpecial(url));

function takeBase(url, base) {
    url.username = base.username;
    url.password = base.password;
    url.host = base.host;
    url.port = base.port;
}

function parseRelative(url, input, at, base) {
    url.scheme = base.scheme;
    if (isSlash(url, input[at])) {
        at++;
        if (isSpecial(url) ? isSlash(url, input[at]) : input[at] === '/') {
            return parseAuthority(url, input, isSpecial(url) ? afterSlashes(input, at) : at + 1);
        }
        takeBase(url, base);
        return parsePath(url, input, at);
    }
    takeBase(url, base);
    return parseBesideBase(url, input, at, base);
}

/** The path of the base is the beginning of the URL's. */
function parseBesideBase(url, input, at, base) {
    url.path = ArrayPrototypeSlice(base.path);
    url.query = base.query;
    if (at === input.length || input[at] === '?' || input[at] === '#') return parseTail(url, input, at);
    url.query = null;
    shorten(url);
    return parsePath(url, input, at);
}

function parseFile(url, input, at, base) {
    url.scheme = 'file';
    url.host = '';
    const isBased = base?.scheme === 'file';
    if (isSlash(url, input[at])) {
        if (isSlash(url, input[++at])) return parseFileHost(url, input, at + 1);
        if (isBased) {
            url.host = base.host;
            if (!beginsWithWindowsDrive(input, at) && base.path.length > 0 &&
                RegExpPrototypeExec(/^[a-z]:$/i, base.path[0]) !== null) ArrayPrototypePush(url.path, base.path[0]);
        }
        return parsePath(url, input, at);
    }
    if (!isBased) return parsePath(url, input, at);
    url.host = base.host;
    return beginsWithWindowsDrive(input, at) ? parsePath(url, input, at) : parseBesideBase(url, input, at, base);
}

function parseFileHost(url, input, at) {
    const end = endOf(input, at, slash | backslash | question | number);
    const text = StringPrototypeSlice(input, at, end);
    // A drive where the host should be is the path's.
    if (isWindowsDrive(text)) return parsePath(url, input, at);
    return setFileHost(url, text) ? parsePathStart(url, input, end) : undefined;
}

function setFileHost(url, text) {
    if (text === '') {
        url.host = '';
        return true;
    }
    const host = parseHost(text, false);
    if (host === undefined) return false;
    url.host = host === 'localhost' ? '' : host;
    return true;
}

const authorityEnd = (url, input, at) => (
    endOf(input, at, slash | question | number | (isSpecial(url) ? backslash : 0)));

function parseAuthority(url, input, at) {
    const end = authorityEnd(url, input, at);
    const authority = StringPrototypeSlice(input, at, end);
    const sign = StringPrototypeLastIndexOf(authority, '@');
    if (sign >= 0) {
        const credentials = StringPrototypeSlice(authority, 0, sign);
        const colon = StringPrototypeIndexOf(credentials, ':');
        url.username = percentEncode(colon < 0 ? credentials : StringPrototypeSlice(credentials, 0, colon), sets.userinfo);
        if (colon >= 0) url.password = percentEncode(StringPrototypeSlice(credentials, colon + 1), sets.userinfo);
    }
    const server = StringPrototypeSlice(authority, sign + 1);
    const colon = portColon(server);
    const name = StringPrototypeSlice(server, 0, colon);
    if (name === '' && (isSpecial(url) || sign >= 0 || colon < server.length)) return undefined;
    const host = name === '' ? '' : parseHost(name, !isSpecial(url));
    if (host === undefined) return undefined;
    url.host = host;
    const port = StringPrototypeSlice(server, colon + 1);
    if (port !== '' && (RegExpPrototypeExec(/^\d+$/, port) === null || !setPort(url, port))) return undefined;
    return parsePathStart(url, input, end);
}

/** Where the colon before the port is, the end if there is none; colons in brackets are the address's. */
function portColon(server) {
    let isInBrackets = false;
    for (let i = 0; i < server.length; i++) {
        if (server[i] === '[') isInBrackets = true;
        else if (server[i] === ']') isInBrackets = false;
        else if (server[i] === ':' && !isInBrackets) return i;
    }
    return server.length;
}

function setPort(url, digits) {
    const port = +digits;
    if (port > 0xffff) return false;
    url.port = port === defaultPorts[url.scheme] ? null : port;
    return true;
}

function parsePathStart(url, input, at) {
    if (isSlash(url, input[at])) return parsePath(url, input, at + 1);
    return isSpecial(url) ? parsePath(url, input, at) : parseTail(url, input, at);
}

function shorten(url) {
    const { path } = url;
    if (url.scheme === 'file' && path.length === 1 && RegExpPrototypeExec(/^[a-z]:$/i, path[0]) !== null) return;
    ArrayPrototypePop(path);
}

/** Begins behind a slash. */
function parsePath(url, input, at) {
    const end = endOf(input, at, question | number);
    addSegments(url, StringPrototypeSlice(input, at, end));
    return parseTail(url, input, end);
}

function addSegments(url, text) {
    const special = isSpecial(url);
    const { path } = url;
    const marks = special ? slash | backslash : slash;
    for (let at = 0; at <= text.length;) {
        const end = endOf(text, at, marks);
        let segment = StringPrototypeSlice(text, at, end);
        const isLast = end === text.length;
        if ((segment[0] === '.' || segment[0] === '%') && RegExpPrototypeExec(/^(?:\.|%2e){1,2}$/i, segment) !== null) {
            const isDouble = RegExpPrototypeExec(/^(?:\.|%2e)$/i, segment) === null;
            if (isDouble) shorten(url);
            if (isLast) ArrayPrototypePush(path, '');
        } else {
            if (url.scheme === 'file' && path.length === 0 && isWindowsDrive(segment)) segment = `${segment[0]}:`;
            ArrayPrototypePush(path, percentEncode(segment, sets.path));
        }
        at = end + 1;
    }
}

/** A query and a fragment, if they follow. */
function parseTail(url, input, at) {
    if (input[at] === '?') {
        const end = endOf(input, at, number);
        url.query = encodeQuery(url, StringPrototypeSlice(input, at + 1, end));
        at = end;
    }
    if (at < input.length) parseFragment(url, input, at);
    return url;
}

function encodeQuery(url, text) {
    return percentEncode(text, isSpecial(url) ? sets.specialQuery : sets.query);
}

function parseFragment(url, input, at) {
    url.fragment = percentEncode(StringPrototypeSlice(input, at + 1), sets.fragment);
}

// What setting one part does to a record; what is not valid changes nothing.

function setScheme(url, text) {
    const match = RegExpPrototypeExec(/^([a-z][a-z0-9+.-]*)(?::|$)/i, withoutNewlines(text));
    if (match === null) return;
    const scheme = StringPrototypeToLowerCase(match[1]);
    if ((defaultPorts[scheme] !== undefined) !== isSpecial(url)) return;
    if (scheme === 'file' && (hasCredentials(url) || url.port !== null)) return;
    if (url.scheme === 'file' && url.host === '') return;
    url.scheme = scheme;
    if (url.port === defaultPorts[scheme]) url.port = null;
}

const hasCredentials = (url) => url.username !== '' || url.password !== '';
const lacksServer = (url) => url.host === null || url.host === '' || url.scheme === 'file';

function setUsername(url, text) {
    if (!lacksServer(url)) url.username = percentEncode(text, sets.userinfo);
}

function setPassword(url, text) {
    if (!lacksServer(url)) url.password = percentEncode(text, sets.userinfo);
}

function setHost(url, text, takesPort) {
    if (hasOpaquePath(url)) return;
    const input = withoutNewlines(text);
    if (url.scheme === 'file') {
        setFileHost(url, StringPrototypeSlice(input, 0, endOf(input, 0, slash | backslash | question | number)));
        return;
    }
    const server = StringPrototypeSlice(input, 0, authorityEnd(url, input, 0));
    const colon = portColon(server);
    const hasPort = colon < server.length;
    if (hasPort && !takesPort) return;
    const name = StringPrototypeSlice(server, 0, colon);
    if (name === '' && (hasPort || isSpecial(url) || hasCredentials(url) || url.port !== null)) return;
    const host = name === '' ? '' : parseHost(name, !isSpecial(url));
    if (host === undefined) return;
    url.host = host;
    if (hasPort) setLeadingPort(url, StringPrototypeSlice(server, colon + 1));
}

function setLeadingPort(url, text) {
    const digits = RegExpPrototypeExec(/^\d+/, text);
    if (digits !== null) setPort(url, digits[0]);
}

function setPortText(url, text) {
    if (lacksServer(url)) return;
    if (text === '') url.port = null;
    else setLeadingPort(url, withoutNewlines(text));
}

function setPath(url, text) {
    if (hasOpaquePath(url)) return;
    const input = withoutNewlines(text);
    url.path = [];
    // Here question and number signs are the path's.
    if (isSlash(url, input[0])) addSegments(url, StringPrototypeSlice(input, 1));
    else if (isSpecial(url) || input !== '') addSegments(url, input);
    else if (url.host === null) ArrayPrototypePush(url.path, '');
}

function setQuery(url, text) {
    if (text === '') url.query = null;
    else url.query = encodeQuery(url, withoutNewlines(text[0] === '?' ? StringPrototypeSlice(text, 1) : text));
}

function setFragment(url, text) {
    if (text === '') url.fragment = null;
    else parseFragment(url, withoutNewlines(text[0] === '#' ? text : `#${text}`), 0);
}

function serializePath(url) {
    if (hasOpaquePath(url)) return url.path;
    return url.path.length === 0 ? '' : `/${ArrayPrototypeJoin(url.path, '/')}`;
}

function serializeHost(url) {
    if (url.host === null) return '';
    return url.port === null ? url.host : `${url.host}:${url.port}`;
}

const everything = { __proto__: null, auth: true, fragment: true, search: true, host: undefined };

/** `options` may leave out parts, and give the host in another form. */
function serialize(url, options = everything) {
    const { auth, fragment, search, host = serializeHost(url) } = options;
    let text = `${url.scheme}:`;
    if (url.host !== null) {
        text += '//';
        if (auth && hasCredentials(url)) text += `${url.username}${url.password === '' ? '' : `:${url.password}`}@`;
        text += host;
    } else if (!hasOpaquePath(url) && url.path.length > 1 && url.path[0] === '') {
        // Without it the path would be read as a host.
        text += '/.';
    }
    text += serializePath(url);
    if (search && url.query !== null) text += `?${url.query}`;
    if (fragment && url.fragment !== null) text += `#${url.fragment}`;
    return text;
}

function origin(url) {
    if (url.scheme === 'blob') {
        const inner = hasOpaquePath(url) ? parse(url.path, null) : undefined;
        return inner?.scheme === 'http' || inner?.scheme === 'https' ? origin(inner) : 'null';
    }
    return isSpecial(url) && url.scheme !== 'file' ? `${url.scheme}://${serializeHost(url)}` : 'null';
}

module.exports = {
    origin,
    parse,
    serialize,
    serializeHost,
    serializePath,
    setFragment,
    setHost,
    setPassword,
    setPath,
    setPortText,
    setQuery,
    setScheme,
    setUsername,
};
