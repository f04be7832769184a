// The older interface of node:url, whose many rules programs rely on.

const {
    ArrayPrototypeConcat,
    ArrayPrototypeJoin,
    ArrayPrototypePop,
    ArrayPrototypePush,
    ArrayPrototypeShift,
    ArrayPrototypeSplice,
    ArrayPrototypeUnshift,
    FunctionPrototypeCall,
    ObjectAssign,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    StringPrototypeIncludes,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeSplit,
    StringPrototypeStartsWith,
    StringPrototypeToLowerCase,
    decodeURIComponent,
    encodeURIComponent,
} = primordials;

const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_URL } } = require('internal/errors');
const { validateObject, validateString } = require('internal/validators');
const { domainToUnicode, isURL, recordOf } = require('internal/url');

const matches = (pattern, text) => RegExpPrototypeExec(pattern, text) !== null;

// With the colon; `format` takes protocols without it, too.
const withSlashes = {
    '__proto__': null, 'http:': true, 'https:': true, 'ftp:': true, 'gopher:': true, 'file:': true, 'ws:': true, 'wss:': true,
};
const isSlashed = (protocol) => withSlashes[protocol] || withSlashes[`${protocol}:`];
const isScript = (protocol) => protocol === 'javascript' || protocol === 'javascript:';

function Url() {
    this.protocol = null;
    this.slashes = null;
    this.auth = null;
    this.host = null;
    this.port = null;
    this.hostname = null;
    this.hash = null;
    this.search = null;
    this.query = null;
    this.pathname = null;
    this.path = null;
    this.href = null;
}

const isSpace = (unit) => unit <= 0x20 || unit === 0xa0 || unit === 0xfeff;

/** Without white space around; backslashes before the query are slashes. */
function normalized(text) {
    let start = 0;
    let end = text.length;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    const trimmed = StringPrototypeSlice(text, start, end);
    if (!StringPrototypeIncludes(trimmed, '\\')) return trimmed;
    const path = RegExpPrototypeExec(/[?#]/, trimmed)?.index ?? trimmed.length;
    return RegExpPrototypeSymbolReplace(/\\/g, StringPrototypeSlice(trimmed, 0, path), '/') +
        StringPrototypeSlice(trimmed, path);
}

const querystring = () => require('querystring');

function setQuery(url, search, isParsed) {
    if (search !== '') {
        url.search = search;
        url.query = StringPrototypeSlice(search, 1);
        if (isParsed) url.query = querystring().parse(url.query);
    } else if (isParsed) {
        url.search = null;
        url.query = { __proto__: null };
    }
}

const escapes = {
    '__proto__': null, '\t': '%09', '\n': '%0A', '\r': '%0D', ' ': '%20', '"': '%22', '\'': '%27', '<': '%3C', '>': '%3E',
    '\\': '%5C', '^': '%5E', '`': '%60', '{': '%7B', '|': '%7C', '}': '%7D',
};

Url.prototype.parse = function parse(url, parseQueryString, slashesDenoteHost) {
    validateString(url, 'url');
    let rest = normalized(url);
    // A mere path is common, and needs none of what follows.
    if (!slashesDenoteHost && !matches(/#|^[^?]*@/, rest)) {
        const simple = RegExpPrototypeExec(/^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/, rest);
        if (simple !== null) {
            this.path = rest;
            this.href = rest;
            this.pathname = simple[1];
            setQuery(this, simple[2] ?? '', parseQueryString);
            return this;
        }
    }
    const protocol = RegExpPrototypeExec(/^[a-z0-9.+-]+:/i, rest)?.[0];
    if (protocol !== undefined) {
        this.protocol = StringPrototypeToLowerCase(protocol);
        rest = StringPrototypeSlice(rest, protocol.length);
    }
    let hasSlashes = false;
    if (slashesDenoteHost || protocol !== undefined || matches(/^\/\/[^@/]+@[^@/]+/, rest)) {
        hasSlashes = StringPrototypeStartsWith(rest, '//');
        if (hasSlashes && !isScript(this.protocol)) {
            rest = StringPrototypeSlice(rest, 2);
            this.slashes = true;
        }
    }
    if (!isScript(this.protocol) && (hasSlashes || (protocol !== undefined && !isSlashed(protocol)))) {
        rest = takeAuthority(this, rest, url);
    }
    if (!isScript(this.protocol) && matches(/[\t\n\r "'<>\\^`{|}]/, rest)) {
        rest = RegExpPrototypeSymbolReplace(/[\t\n\r "'<>\\^`{|}]/g, rest, (character) => escapes[character]);
    }
    const hash = StringPrototypeIndexOf(rest, '#');
    if (hash >= 0) {
        this.hash = StringPrototypeSlice(rest, hash);
        rest = StringPrototypeSlice(rest, 0, hash);
    }
    const question = StringPrototypeIndexOf(rest, '?');
    setQuery(this, question < 0 ? '' : StringPrototypeSlice(rest, question), parseQueryString);
    const pathname = question < 0 ? rest : StringPrototypeSlice(rest, 0, question);
    if (pathname !== '') this.pathname = pathname;
    else if (isSlashed(this.protocol) && this.hostname) this.pathname = '/';
    if (this.pathname || this.search) this.path = (this.pathname ?? '') + (this.search ?? '');
    this.href = this.format();
    return this;
};

/** Takes credentials, host and port off the front of `rest` and gives what remains. */
function takeAuthority(self, rest, url) {
    // The host ends at a character no host has; an at sign before the path takes that back.
    let sign = -1;
    let end = -1;
    scan: for (let i = 0; i < rest.length; i++) {
        switch (rest.charCodeAt(i)) {
        case 0x09:
        case 0x0a:
        case 0x0d:
            rest = StringPrototypeSlice(rest, 0, i) + StringPrototypeSlice(rest, i + 1);
            i--;
            break;
        case 0x23: // #
        case 0x2f: // /
        case 0x3f: // ?
            if (end < 0) end = i;
            break scan;
        case 0x40: // @
            sign = i;
            end = -1;
            break;
        case 0x20:
        case 0x22: // "
        case 0x25: // %
        case 0x27: // '
        case 0x3b: // ;
        case 0x3c: // <
        case 0x3e: // >
        case 0x5c: // backslash
        case 0x5e: // ^
        case 0x60: // `
        case 0x7b: // {
        case 0x7c: // |
        case 0x7d: // }
            if (end < 0) end = i;
            break;
        }
    }
    if (sign >= 0) self.auth = decodeURIComponent(StringPrototypeSlice(rest, 0, sign));
    self.host = StringPrototypeSlice(rest, sign + 1, end < 0 ? rest.length : end);
    rest = end < 0 ? '' : StringPrototypeSlice(rest, end);
    self.parseHost();
    let hostname = self.hostname ?? '';
    const isAddress = matches(/^\[.*\]$/s, hostname);
    if (!isAddress) {
        const stop = RegExpPrototypeExec(/[/\\#?:]/, hostname)?.index ?? hostname.length;
        if (stop < hostname.length) {
            rest = `/${StringPrototypeSlice(hostname, stop)}${rest}`;
            hostname = StringPrototypeSlice(hostname, 0, stop);
        }
    }
    hostname = hostname.length > 255 ? '' : StringPrototypeToLowerCase(hostname);
    if (hostname !== '') {
        if (!isAddress) {
            hostname = legacyToASCII(hostname);
            if (hostname === '' || matches(/[\0\t\n\r #%/:<>?@[\\\]^|]/, hostname)) throw new ERR_INVALID_URL(url);
        } else if (matches(/[\0\t\n\r #%/<>?@\\^|]/, hostname)) {
            throw new ERR_INVALID_URL(url);
        }
    }
    self.host = hostname + (self.port ? `:${self.port}` : '');
    self.hostname = isAddress ? StringPrototypeSlice(hostname, 1, -1) : hostname;
    return isAddress && rest[0] !== '/' ? `/${rest}` : rest;
}

/** Unlike a standard URL's, this host may be anything that is ASCII. */
function legacyToASCII(hostname) {
    return require('internal/url/idna').domainToASCII(hostname) ?? '';
}

Url.prototype.parseHost = function parseHost() {
    let { host } = this;
    const port = RegExpPrototypeExec(/:[0-9]*$/, host)?.[0];
    if (port !== undefined) {
        if (port !== ':') this.port = StringPrototypeSlice(port, 1);
        host = StringPrototypeSlice(host, 0, -port.length);
    }
    if (host) this.hostname = host;
};

Url.prototype.format = function format() {
    let auth = this.auth || '';
    if (auth) auth = `${ArrayPrototypeJoin(StringPrototypeSplit(encodeURIComponent(auth), '%3A'), ':')}@`;
    let protocol = this.protocol || '';
    let pathname = this.pathname || '';
    let hash = this.hash || '';
    let host = '';
    if (this.host) {
        host = auth + this.host;
    } else if (this.hostname) {
        const isAddress = StringPrototypeIncludes(this.hostname, ':') && !matches(/^\[.*\]$/s, this.hostname);
        host = auth + (isAddress ? `[${this.hostname}]` : this.hostname);
        if (this.port) host += `:${this.port}`;
    }
    let search = this.search || '';
    if (!search && this.query !== null && typeof this.query === 'object') {
        const query = querystring().stringify(this.query);
        if (query) search = `?${query}`;
    }
    if (protocol && protocol[protocol.length - 1] !== ':') protocol += ':';
    if (matches(/[#?]/, pathname)) {
        pathname = RegExpPrototypeSymbolReplace(/[#?]/g, pathname, (mark) => (mark === '#' ? '%23' : '%3F'));
    }
    if (this.slashes || isSlashed(protocol)) {
        if (this.slashes || host) {
            if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
            host = `//${host}`;
        } else if (StringPrototypeStartsWith(protocol, 'file')) {
            host = '//';
        }
    }
    if (StringPrototypeIncludes(search, '#')) search = RegExpPrototypeSymbolReplace(/#/g, search, '%23');
    if (hash && hash[0] !== '#') hash = `#${hash}`;
    if (search && search[0] !== '?') search = `?${search}`;
    return protocol + host + pathname + search + hash;
};

Url.prototype.resolve = function resolve(relative) {
    return this.resolveObject(parse(relative, false, true)).format();
};

/** The path and the address as a whole, once all parts are known. */
function finished(url) {
    if (url.pathname !== null || url.search !== null) url.path = (url.pathname || '') + (url.search || '');
    url.href = url.format();
    return url;
}

/** Before the segments goes the host, for URLs whose `..` may climb over it. */
function prependHost(segments, host) {
    if (!host) return;
    if (segments[0] === '') segments[0] = host;
    else ArrayPrototypeUnshift(segments, host);
}

/** The first segment becomes the host, and what stands in it before an at sign the credentials. */
function takeHost(url, host) {
    url.host = host;
    url.hostname = host;
    const parts = host && StringPrototypeIndexOf(host, '@') > 0 ? StringPrototypeSplit(host, '@') : undefined;
    if (parts === undefined) return;
    url.auth = parts[0];
    url.host = parts[1];
    url.hostname = parts[1];
}

/** Resolves `.` and `..` in place; gives how many levels above the first segment are left over. */
function removeDots(segments) {
    let up = 0;
    for (let i = segments.length - 1; i >= 0; i--) {
        const segment = segments[i];
        if (segment === '..') up++;
        else if (segment !== '.' && up === 0) continue;
        else if (segment !== '.') up--;
        ArrayPrototypeSplice(segments, i, 1);
    }
    return up;
}

/** A link to another protocol; nothing but what the link lacks comes from the base. */
function changeProtocol(result, link) {
    if (!isSlashed(link.protocol)) {
        ObjectAssign(result, link);
        result.href = result.format();
        return result;
    }
    result.protocol = link.protocol;
    let { host, hostname, pathname } = link;
    if (!host && !matches(/^file:?$/, link.protocol)) {
        // There must be a host: the first segment that is not empty.
        const segments = StringPrototypeSplit(pathname || '', '/');
        do host = ArrayPrototypeShift(segments); while (!host && segments.length > 0);
        host ||= '';
        hostname ||= '';
        if (segments[0] !== '') ArrayPrototypeUnshift(segments, '');
        if (segments.length < 2) ArrayPrototypeUnshift(segments, '');
        pathname = ArrayPrototypeJoin(segments, '/');
    }
    result.pathname = pathname;
    result.search = link.search;
    result.query = link.query;
    result.host = host || '';
    result.auth = link.auth;
    result.hostname = hostname || host;
    result.port = link.port;
    if (result.pathname || result.search) result.path = (result.pathname || '') + (result.search || '');
    result.slashes = result.slashes || link.slashes;
    result.href = result.format();
    return result;
}

Url.prototype.resolveObject = function resolveObject(relative) {
    const link = ObjectAssign(new Url(), typeof relative === 'string' ? new Url().parse(relative, false, true) : relative);
    const result = ObjectAssign(new Url(), this);
    result.hash = link.hash;
    if (link.href === '') {
        result.href = result.format();
        return result;
    }
    if (link.slashes && !link.protocol) {
        const { protocol } = result;
        ObjectAssign(result, link);
        result.protocol = protocol;
        if (isSlashed(protocol) && result.hostname && !result.pathname) {
            result.path = '/';
            result.pathname = '/';
        }
        result.href = result.format();
        return result;
    }
    if (link.protocol && link.protocol !== result.protocol) return changeProtocol(result, link);

    const isBaseAbsolute = result.pathname && result.pathname[0] === '/';
    const isLinkAbsolute = link.host || (link.pathname && link.pathname[0] === '/');
    let isAbsolute = isLinkAbsolute || isBaseAbsolute || (result.host && link.pathname);
    const removesAllDots = isAbsolute;
    let segments = result.pathname ? StringPrototypeSplit(result.pathname, '/') : [];
    const linkSegments = link.pathname ? StringPrototypeSplit(link.pathname, '/') : [];
    // Such a URL's host is no more than the first of its segments.
    const isHostSegment = result.protocol && !isSlashed(result.protocol);
    if (isHostSegment) {
        result.hostname = '';
        result.port = null;
        prependHost(segments, result.host);
        result.host = '';
        if (link.protocol) {
            link.hostname = null;
            link.port = null;
            result.auth = null;
            prependHost(linkSegments, link.host);
            link.host = null;
        }
        isAbsolute = isAbsolute && (linkSegments[0] === '' || segments[0] === '');
    }
    if (isLinkAbsolute) {
        if (link.host || link.host === '') {
            if (result.host !== link.host) result.auth = null;
            result.host = link.host;
            result.port = link.port;
        }
        if (link.hostname || link.hostname === '') {
            if (result.hostname !== link.hostname) result.auth = null;
            result.hostname = link.hostname;
        }
        result.search = link.search;
        result.query = link.query;
        segments = linkSegments;
    } else if (linkSegments.length > 0) {
        ArrayPrototypePop(segments);
        segments = ArrayPrototypeConcat(segments, linkSegments);
        result.search = link.search;
        result.query = link.query;
    } else if (link.search !== null && link.search !== undefined) {
        if (isHostSegment) takeHost(result, ArrayPrototypeShift(segments));
        result.search = link.search;
        result.query = link.query;
        return finished(result);
    }
    if (segments.length === 0) {
        result.pathname = null;
        result.path = result.search ? `/${result.search}` : null;
        result.href = result.format();
        return result;
    }
    const last = segments[segments.length - 1];
    const endsInSlash = last === '' ||
        ((result.host || link.host || segments.length > 1) && (last === '.' || last === '..'));
    const up = removeDots(segments);
    if (!isAbsolute && !removesAllDots) {
        for (let i = 0; i < up; i++) ArrayPrototypeUnshift(segments, '..');
    }
    if (isAbsolute && segments[0] !== '' && segments[0]?.[0] !== '/') ArrayPrototypeUnshift(segments, '');
    if (endsInSlash && !matches(/\/$/, ArrayPrototypeJoin(segments, '/'))) ArrayPrototypePush(segments, '');
    const beginsInSlash = segments[0] === '' || segments[0]?.[0] === '/';
    if (isHostSegment) takeHost(result, beginsInSlash || segments.length === 0 ? '' : ArrayPrototypeShift(segments));
    isAbsolute = isAbsolute || (result.host && segments.length > 0);
    if (isAbsolute && !beginsInSlash) ArrayPrototypeUnshift(segments, '');
    if (segments.length === 0) {
        result.pathname = null;
        result.path = null;
    } else {
        result.pathname = ArrayPrototypeJoin(segments, '/');
    }
    result.auth = link.auth || result.auth;
    result.slashes = result.slashes || link.slashes;
    return finished(result);
};

function parse(url, parseQueryString, slashesDenoteHost) {
    return url instanceof Url ? url : new Url().parse(url, parseQueryString, slashesDenoteHost);
}

function resolve(source, relative) {
    return parse(source, false, true).resolve(relative);
}

function resolveObject(source, relative) {
    return source ? parse(source, false, true).resolveObject(relative) : relative;
}

function format(urlObject, options) {
    if (typeof urlObject === 'string') return parse(urlObject).format();
    if (typeof urlObject !== 'object' || urlObject === null) {
        throw new ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], urlObject);
    }
    if (isURL(urlObject)) {
        if (options) validateObject(options, 'options');
        const { auth = true, fragment = true, search = true, unicode = false } = options ?? { __proto__: null };
        const { serialize, serializeHost } = require('internal/url/parser');
        const record = recordOf(urlObject);
        const host = unicode && record.host ? serializeHost({ ...record, host: domainToUnicode(record.host) }) : undefined;
        return serialize(record, { __proto__: null, auth, fragment, search, host });
    }
    return FunctionPrototypeCall(Url.prototype.format, urlObject);
}

module.exports = { Url, format, parse, resolve, resolveObject };
