// The URL class, and the ways between URLs and paths.

const {
    ObjectDefineProperties,
    RegExpPrototypeExec,
    RegExpPrototypeSymbolReplace,
    StringPrototypeEndsWith,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    SymbolFor,
    SymbolToStringTag,
    decodeURIComponent,
} = primordials;

const {
    codes: {
        ERR_INVALID_ARG_TYPE,
        ERR_INVALID_ARG_VALUE,
        ERR_INVALID_FILE_URL_HOST,
        ERR_INVALID_FILE_URL_PATH,
        ERR_INVALID_THIS,
        ERR_INVALID_URL,
        ERR_INVALID_URL_SCHEME,
        ERR_MISSING_ARGS,
    },
} = require('internal/errors');
const { validateString } = require('internal/validators');
const parser = require('internal/url/parser');
const { URLSearchParams, attach, replaceList, toUSVString } = require('internal/url/search_params');

const inspectCustom = SymbolFor('nodejs.util.inspect.custom');

/** The record of a text relative to a text or to nothing; undefined if one of the two is not valid. */
function parse(input, base) {
    if (base === undefined) return parser.parse(toUSVString(input), null);
    const baseRecord = parser.parse(toUSVString(base), null);
    return baseRecord && parser.parse(toUSVString(input), baseRecord);
}

let isURL;
let recordOf;
let fromRecord;

class URL {
    #record;
    // Made when first asked for.
    #params = null;

    static {
        isURL = (value) => value !== null && typeof value === 'object' && #record in value;
        recordOf = (url) => url.#record;
        fromRecord = (record) => {
            const url = new URL('a:');
            url.#record = record;
            return url;
        };
    }

    constructor(input, base = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
        input = `${input}`;
        if (base !== undefined) base = `${base}`;
        this.#record = parse(input, base);
        if (this.#record === undefined) throw new ERR_INVALID_URL(input, base);
    }

    static canParse(url, base = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
        url = `${url}`;
        return parse(url, base === undefined ? undefined : `${base}`) !== undefined;
    }

    static parse(input, base = undefined) {
        if (arguments.length === 0) throw new ERR_MISSING_ARGS('url');
        input = `${input}`;
        const record = parse(input, base === undefined ? undefined : `${base}`);
        return record === undefined ? null : fromRecord(record);
    }

    static createObjectURL(obj) {
        return require('internal/blob').createObjectURL(obj);
    }

    static revokeObjectURL(url) {
        require('internal/blob').revokeObjectURL(`${url}`);
    }

    /** The list of the search parameters follows the query. */
    #queryChanged() {
        if (this.#params !== null) replaceList(this.#params, this.#record.query ?? '');
    }

    toString() {
        check(this);
        return parser.serialize(this.#record);
    }

    toJSON() {
        check(this);
        return parser.serialize(this.#record);
    }

    get href() {
        check(this);
        return parser.serialize(this.#record);
    }

    set href(value) {
        check(this);
        value = `${value}`;
        const record = parse(value, undefined);
        if (record === undefined) throw new ERR_INVALID_URL(value);
        this.#record = record;
        this.#queryChanged();
    }

    get origin() {
        check(this);
        return parser.origin(this.#record);
    }

    get protocol() {
        check(this);
        return `${this.#record.scheme}:`;
    }

    set protocol(value) {
        check(this);
        parser.setScheme(this.#record, toUSVString(value));
    }

    get username() {
        check(this);
        return this.#record.username;
    }

    set username(value) {
        check(this);
        parser.setUsername(this.#record, toUSVString(value));
    }

    get password() {
        check(this);
        return this.#record.password;
    }

    set password(value) {
        check(this);
        parser.setPassword(this.#record, toUSVString(value));
    }

    get host() {
        check(this);
        return parser.serializeHost(this.#record);
    }

    set host(value) {
        check(this);
        parser.setHost(this.#record, toUSVString(value), true);
    }

    get hostname() {
        check(this);
        return this.#record.host ?? '';
    }

    set hostname(value) {
        check(this);
        parser.setHost(this.#record, toUSVString(value), false);
    }

    get port() {
        check(this);
        const { port } = this.#record;
        return port === null ? '' : `${port}`;
    }

    set port(value) {
        check(this);
        parser.setPortText(this.#record, toUSVString(value));
    }

    get pathname() {
        check(this);
        return parser.serializePath(this.#record);
    }

    set pathname(value) {
        check(this);
        parser.setPath(this.#record, toUSVString(value));
    }

    get search() {
        check(this);
        const { query } = this.#record;
        return query ? `?${query}` : '';
    }

    set search(value) {
        check(this);
        parser.setQuery(this.#record, toUSVString(value));
        this.#queryChanged();
    }

    get searchParams() {
        check(this);
        this.#params ??= attach(this.#record.query ?? '', (query) => {
            this.#record.query = query === '' ? null : query;
        });
        return this.#params;
    }

    get hash() {
        check(this);
        const { fragment } = this.#record;
        return fragment ? `#${fragment}` : '';
    }

    set hash(value) {
        check(this);
        parser.setFragment(this.#record, toUSVString(value));
    }

    [inspectCustom](depth, options, inspect) {
        check(this);
        if (typeof depth === 'number' && depth < 0) return this;
        const { constructor } = this;
        const view = {};
        view.href = this.href;
        view.origin = this.origin;
        view.protocol = this.protocol;
        view.username = this.username;
        view.password = this.password;
        view.host = this.host;
        view.hostname = this.hostname;
        view.port = this.port;
        view.pathname = this.pathname;
        view.search = this.search;
        view.searchParams = this.searchParams;
        view.hash = this.hash;
        return `${typeof constructor === 'function' ? constructor.name : 'URL'} ${inspect(view, options)}`;
    }
}

function check(url) {
    if (!isURL(url)) throw new ERR_INVALID_THIS('URL');
}

const enumerable = { __proto__: null, enumerable: true };
ObjectDefineProperties(URL, {
    __proto__: null,
    canParse: enumerable,
    createObjectURL: enumerable,
    parse: enumerable,
    revokeObjectURL: enumerable,
});
ObjectDefineProperties(URL.prototype, {
    __proto__: null,
    hash: enumerable,
    host: enumerable,
    hostname: enumerable,
    href: enumerable,
    origin: enumerable,
    password: enumerable,
    pathname: enumerable,
    port: enumerable,
    protocol: enumerable,
    search: enumerable,
    searchParams: enumerable,
    toJSON: enumerable,
    toString: enumerable,
    username: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'URL' },
});

function domainToASCII(domain) {
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
    const record = parser.parse(`ws://${toUSVString(domain)}`, null);
    return record === undefined ? '' : record.host;
}

function domainToUnicode(domain) {
    if (arguments.length < 1) throw new ERR_MISSING_ARGS('domain');
    const record = parser.parse(`ws://${toUSVString(domain)}`, null);
    return record === undefined ? '' : require('internal/url/idna').domainToUnicode(record.host);
}

/** What `http.request` takes as options. */
function urlToHttpOptions(url) {
    const { hostname, pathname, port, username, password, search } = url;
    const options = {
        __proto__: null,
        ...url,
        protocol: url.protocol,
        hostname: hostname && hostname[0] === '[' ? StringPrototypeSlice(hostname, 1, -1) : hostname,
        hash: url.hash,
        search,
        pathname,
        path: `${pathname || ''}${search || ''}`,
        href: url.href,
    };
    if (port !== '') options.port = +port;
    if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return options;
}

/** The file a URL of the scheme `file:` names. */
function fileURLToPath(path, options = undefined) {
    if (typeof path === 'string') path = new URL(path);
    else if (!(path?.href && path.protocol && path.auth === undefined && path.path === undefined)) {
        throw new ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
    }
    if (path.protocol !== 'file:') throw new ERR_INVALID_URL_SCHEME('file');
    return options?.windows ? windowsPath(path) : posixPath(path);
}

function posixPath({ hostname, pathname }) {
    if (hostname !== '') throw new ERR_INVALID_FILE_URL_HOST('linux');
    if (RegExpPrototypeExec(/%2f/i, pathname) !== null) {
        throw new ERR_INVALID_FILE_URL_PATH('must not include encoded / characters');
    }
    return decodeURIComponent(pathname);
}

function windowsPath({ hostname, pathname }) {
    if (RegExpPrototypeExec(/%2f|%5c/i, pathname) !== null) {
        throw new ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters');
    }
    const path = decodeURIComponent(RegExpPrototypeSymbolReplace(/\//g, pathname, '\\'));
    if (hostname !== '') return `\\\\${domainToUnicode(hostname)}${path}`;
    if (RegExpPrototypeExec(/^\\[a-z]:/i, path) === null) throw new ERR_INVALID_FILE_URL_PATH('must be absolute');
    return StringPrototypeSlice(path, 1);
}

/** The URL of a file, its path resolved against the working directory. */
function pathToFileURL(filepath, options = undefined) {
    validateString(filepath, 'path');
    const windows = options?.windows ?? false;
    if (windows && StringPrototypeStartsWith(filepath, '\\\\')) return uncToFileURL(filepath);
    const path = require('path');
    let resolved = (windows ? path.win32 : path.posix).resolve(filepath);
    const last = filepath[filepath.length - 1];
    // Resolving takes the slash away that says folder.
    if ((last === '/' || (windows && last === '\\')) && !StringPrototypeEndsWith(resolved, windows ? '\\' : '/')) {
        resolved += '/';
    }
    const encoded = encodePath(resolved, windows);
    return new URL(`file://${windows ? '/' : ''}${encoded}`);
}

/** A share on a server: \\server\share\path. */
function uncToFileURL(filepath) {
    const match = RegExpPrototypeExec(/^\\\\(?:\?\\UNC\\)?([^\\]*)(\\.*)$/s, filepath);
    if (match === null) throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Missing UNC resource path');
    if (match[1] === '') throw new ERR_INVALID_ARG_VALUE('path', filepath, 'Empty UNC servername');
    const url = new URL('file://');
    url.hostname = match[1];
    url.pathname = encodePath(match[2], true);
    return url;
}

// Characters of a file's name that mean something in a URL, or vanish from it.
const escapes = {
    '__proto__': null, '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09', '?': '%3F', '#': '%23', '[': '%5B',
    ']': '%5D', '^': '%5E', '|': '%7C', '~': '%7E',
};

function encodePath(path, windows) {
    if (windows) {
        const withSlashes = RegExpPrototypeSymbolReplace(/\\/g, path, '/');
        return RegExpPrototypeSymbolReplace(/[%\n\r\t?#[\]^|~]/g, withSlashes, escape);
    }
    return RegExpPrototypeSymbolReplace(/[%\\\n\r\t?#[\]^|~]/g, path, escape);
}

const escape = (character) => escapes[character];

/** The path of an argument that may be a URL; anything else passes. */
function toPathIfFileURL(value) {
    return isURL(value) ? fileURLToPath(value) : value;
}

module.exports = {
    URL,
    URLSearchParams,
    domainToASCII,
    domainToUnicode,
    fileURLToPath,
    isURL,
    pathToFileURL,
    recordOf,
    toPathIfFileURL,
    urlToHttpOptions,
};
