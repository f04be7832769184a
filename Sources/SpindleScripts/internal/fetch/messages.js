// Request and Response of the Fetch standard.

const {
    Boolean, JSONStringify, Number, RangeError, RegExpPrototypeExec, String, StringPrototypeToUpperCase, Symbol,
    SymbolToStringTag, TypeError,
} = primordials;
const { isToken } = require('internal/http/fields');
const { Headers, freeze } = require('internal/fetch/headers');
const { addBodyMembers, bodyOf, cloneBody, isUsed, kBody } = require('internal/fetch/body');

const kState = Symbol('state');
/** Marks what the constructors get from within. */
const kInternal = Symbol('internal');

const choices = {
    __proto__: null,
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
    credentials: ['omit', 'same-origin', 'include'],
    mode: ['navigate', 'same-origin', 'no-cors', 'cors'],
    redirect: ['follow', 'error', 'manual'],
};
const defaults = { __proto__: null, cache: 'default', credentials: 'same-origin', mode: 'cors', redirect: 'follow' };

class Request {
    constructor(input, init = {}) {
        if (input === undefined) throw new TypeError('Request constructor: 1 argument required, but only 0 present.');
        init ??= {};
        const { URL } = require('internal/url');
        const from = input instanceof Request ? input : undefined;
        const state = { __proto__: null, ...defaults };
        if (from !== undefined) {
            const old = from[kState];
            for (const name in old) state[name] = old[name];
        } else {
            let url;
            try {
                url = new URL(`${input}`);
            } catch (cause) {
                throw new TypeError(`Failed to parse URL from ${input}`, { cause });
            }
            if (url.username || url.password) {
                throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${input}`);
            }
            state.url = url;
            state.method = 'GET';
            state.referrer = 'about:client';
            state.referrerPolicy = '';
            state.integrity = '';
            state.keepalive = false;
        }
        for (const name in choices) {
            if (init[name] === undefined) continue;
            const value = String(init[name]);
            if (!choices[name].includes(value)) {
                throw new TypeError(
                    `Request constructor: ${value} is not an accepted type. Expected one of ${choices[name].join(', ')}.`);
            }
            state[name] = value;
        }
        if (init.method !== undefined) state.method = methodOf(init.method);
        if (init.integrity !== undefined) state.integrity = String(init.integrity);
        if (init.keepalive !== undefined) state.keepalive = Boolean(init.keepalive);
        if (init.duplex !== undefined) state.duplex = init.duplex;
        state.dispatcher = init.dispatcher;
        this[kState] = state;
        const { AbortController, AbortSignal } = require('internal/abort');
        const signal = init.signal === undefined ? from?.signal : init.signal;
        if (signal != null && !(typeof signal === 'object' && 'aborted' in signal)) {
            throw new TypeError('Failed to construct \'Request\': member signal is not of type AbortSignal.');
        }
        this.#signal = signal == null ? new AbortController().signal : AbortSignal.any([signal]);
        this.#headers = new Headers(init.headers ?? from?.headers);
        let body = null;
        if (init.body != null) {
            if (state.method === 'GET' || state.method === 'HEAD') {
                throw new TypeError('Request with GET/HEAD method cannot have body.');
            }
            body = bodyOf(init.body);
            if (body.length === null && state.duplex === undefined) {
                throw new TypeError('RequestInit: duplex option is required when sending a body.');
            }
            if (body.type !== null && !this.#headers.has('content-type')) this.#headers.append('content-type', body.type);
        } else if (from !== undefined && from[kBody] !== null) {
            if (isUsed(from[kBody])) {
                throw new TypeError('Cannot construct a Request with a Request object that has already been used.');
            }
            body = { ...from[kBody] };
            from[kBody].used = true;
        }
        this[kBody] = body;
    }
    #headers;
    #signal;

    get method() { return this[kState].method; }
    get url() { return this[kState].url.href; }
    get headers() { return this.#headers; }
    get signal() { return this.#signal; }
    get redirect() { return this[kState].redirect; }
    get mode() { return this[kState].mode; }
    get credentials() { return this[kState].credentials; }
    get cache() { return this[kState].cache; }
    get destination() { return ''; }
    get duplex() { return 'half'; }
    get integrity() { return this[kState].integrity; }
    get keepalive() { return this[kState].keepalive; }
    get referrer() { return this[kState].referrer; }
    get referrerPolicy() { return this[kState].referrerPolicy; }

    clone() {
        if (isUsed(this[kBody])) throw new TypeError('Request.clone: Body has already been consumed.');
        const copy = new Request(this.url, { ...this[kState], headers: this.headers, signal: this.signal });
        copy[kBody] = cloneBody(this[kBody]);
        return copy;
    }
    get [SymbolToStringTag]() { return 'Request'; }
}
addBodyMembers(Request.prototype);

function methodOf(given) {
    const method = String(given);
    const upper = StringPrototypeToUpperCase(method);
    if (!isToken(method) || upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK') {
        throw new TypeError(`'${method}' is not a valid HTTP method.`);
    }
    return RegExpPrototypeExec(/^(?:DELETE|GET|HEAD|OPTIONS|POST|PUT)$/, upper) !== null ? upper : method;
}

class Response {
    #headers;

    constructor(body = null, init = {}) {
        init ??= {};
        const isInternal = init[kInternal] === true;
        const status = init.status === undefined ? 200 : Number(init.status);
        if (!isInternal && !(status >= 200 && status <= 599)) {
            throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
        }
        const statusText = init.statusText === undefined ? '' : String(init.statusText);
        if (RegExpPrototypeExec(/[^\t\x20-\x7e\x80-\xff]/, statusText) !== null) throw new TypeError('Invalid statusText');
        this[kState] = { status: status & 0xFFFF, statusText, type: 'default', url: '', redirected: false };
        this.#headers = new Headers(init.headers);
        this[kBody] = null;
        if (body === null || body === undefined) return;
        if (status === 101 || status === 204 || status === 205 || status === 304) {
            throw new TypeError(`Response constructor: Invalid response status code ${status}`);
        }
        this[kBody] = isInternal ? body : bodyOf(body);
        if (!isInternal && this[kBody].type !== null && !this.#headers.has('content-type')) {
            this.#headers.append('content-type', this[kBody].type);
        }
    }

    static error() {
        const response = new Response(null, { [kInternal]: true, status: 0 });
        response[kState].type = 'error';
        freeze(response.headers);
        return response;
    }
    static json(data, init = {}) {
        const text = JSONStringify(data);
        if (text === undefined) throw new TypeError('Value is not JSON serializable');
        const headers = new Headers(init.headers);
        if (!headers.has('content-type')) headers.set('content-type', 'application/json');
        return new Response(text, { ...init, headers });
    }
    static redirect(url, status = 302) {
        const { URL } = require('internal/url');
        let target;
        try {
            target = new URL(`${url}`);
        } catch (cause) {
            throw new TypeError(`Failed to parse URL from ${url}`, { cause });
        }
        if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`Invalid status code ${status}`);
        const response = new Response(null, { status, headers: { location: target.href } });
        freeze(response.headers);
        return response;
    }

    get type() { return this[kState].type; }
    get url() { return this[kState].url; }
    get redirected() { return this[kState].redirected; }
    get status() { return this[kState].status; }
    get statusText() { return this[kState].statusText; }
    get ok() { return this[kState].status >= 200 && this[kState].status <= 299; }
    get headers() { return this.#headers; }

    clone() {
        if (isUsed(this[kBody])) throw new TypeError('Response.clone: Body has already been consumed.');
        const copy = new Response(cloneBody(this[kBody]), {
            [kInternal]: true, status: this.status, statusText: this.statusText, headers: this.headers,
        });
        copy[kState] = { ...this[kState] };
        return copy;
    }
    get [SymbolToStringTag]() { return 'Response'; }
}
addBodyMembers(Response.prototype);

/** A Response of what came from the network. */
function receivedResponse({ body, headers, redirected, status, statusText, type, url }) {
    const response = new Response(body, { [kInternal]: true, status, statusText, headers });
    response[kState].url = url;
    response[kState].type = type;
    response[kState].redirected = redirected;
    freeze(response.headers);
    return response;
}

module.exports = { Request, Response, kState, receivedResponse };
