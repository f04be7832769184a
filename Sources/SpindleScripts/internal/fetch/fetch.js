// fetch, over http and https.

const {
    ArrayPrototypePush, Error, Promise, RegExpPrototypeExec, StringPrototypeSplit, StringPrototypeToLowerCase,
    StringPrototypeTrim, TypeError,
} = primordials;
const { Request, kState, receivedResponse } = require('internal/fetch/messages');
const { kBody, streamOf } = require('internal/fetch/body');

const redirectLimit = 20;

function fetch(input, init = undefined) {
    return new Promise((resolve, reject) => {
        const request = new Request(input, init);
        const { signal } = request;
        if (signal.aborted) {
            reject(signal.reason);
            return;
        }
        const { protocol } = request[kState].url;
        if (protocol === 'data:' || protocol === 'blob:') {
            local(request, protocol).then(resolve, reject);
            return;
        }
        send(request, {
            url: request[kState].url, method: request.method, body: request[kBody], redirects: 0, resolve, reject,
        });
    });
}

function networkError(cause) { return new TypeError('fetch failed', { cause }); }

function send(request, hop) {
    const { url, method, body, reject } = hop;
    const { signal } = request;
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        reject(networkError(new Error(url.protocol === 'about:' ? 'about scheme is not supported' : 'unknown scheme')));
        return;
    }
    const { urlToHttpOptions } = require('internal/url');
    const client = url.protocol === 'https:' ? require('https') : require('http');
    const headers = { __proto__: null, host: url.host, connection: 'keep-alive' };
    for (const { 0: name, 1: value } of request.headers) {
        if (!(hop.dropsBody && RegExpPrototypeExec(/^content-/, name) !== null) &&
            !(hop.isForeign && (name === 'authorization' || name === 'cookie' || name === 'proxy-authorization'))) {
            headers[name] = value;
        }
    }
    headers.accept ??= '*/*';
    headers['accept-language'] ??= '*';
    headers['sec-fetch-mode'] ??= 'cors';
    headers['user-agent'] ??= 'node';
    headers['accept-encoding'] ??= 'gzip, deflate';
    const hasBody = body !== null && !hop.dropsBody;
    if (hasBody && body.length !== null) headers['content-length'] = `${body.length}`;
    else if (!hasBody && (method === 'POST' || method === 'PUT')) headers['content-length'] = '0';
    let message;
    const outgoing = client.request({ ...urlToHttpOptions(url), method, headers });
    let isOver = false;
    const onAbort = () => {
        isOver = true;
        reject(signal.reason);
        message?.destroy(signal.reason);
        outgoing.destroy(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    outgoing.on('error', (error) => {
        if (isOver) return;
        isOver = true;
        signal.removeEventListener('abort', onAbort);
        reject(networkError(error));
    });
    outgoing.on('response', (incoming) => {
        message = incoming;
        const redirected = redirect(request, hop, incoming);
        if (redirected) {
            isOver = true;
            signal.removeEventListener('abort', onAbort);
            incoming.resume();
            return;
        }
        incoming.on('close', () => signal.removeEventListener('abort', onAbort));
        respond(request, hop, incoming);
        isOver = true;
    });
    if (!hasBody) outgoing.end();
    else if (require('buffer').Buffer.isBuffer(body.source)) {
        body.used = true;
        outgoing.end(body.source);
    } else {
        body.used = true;
        const stream = streamOf(body);
        stream.on('error', (error) => outgoing.destroy(error));
        stream.pipe(outgoing);
    }
}

/** Follows where the answer points; true if the answer is not the one to hand out. */
function redirect(request, hop, incoming) {
    const { statusCode: status } = incoming;
    if (status !== 301 && status !== 302 && status !== 303 && status !== 307 && status !== 308) return false;
    const { location } = incoming.headers;
    if (request.redirect === 'manual' || location === undefined) return false;
    if (request.redirect === 'error') {
        hop.reject(networkError(new Error('unexpected redirect')));
        return true;
    }
    if (hop.redirects === redirectLimit) {
        hop.reject(networkError(new Error('redirect count exceeded')));
        return true;
    }
    const { URL } = require('internal/url');
    let url;
    try {
        url = new URL(location, hop.url);
    } catch (error) {
        hop.reject(networkError(error));
        return true;
    }
    if (url.hash === '') url.hash = hop.url.hash;
    let { method, body } = hop;
    let { dropsBody } = hop;
    if ((method === 'POST' && (status === 301 || status === 302)) || (status === 303 && method !== 'GET' && method !== 'HEAD')) {
        method = 'GET';
        body = null;
        dropsBody = true;
    } else if (body !== null && body.length === null) {
        // What has been read cannot be sent again.
        hop.reject(networkError(new Error('RequestBody is not rewindable')));
        return true;
    }
    send(request, {
        ...hop, url, method, body, dropsBody, redirects: hop.redirects + 1,
        isForeign: hop.isForeign || url.origin !== hop.url.origin,
    });
    return true;
}

function respond(request, hop, incoming) {
    const headers = [];
    const { rawHeaders, statusCode: status } = incoming;
    for (let i = 0; i < rawHeaders.length; i += 2) ArrayPrototypePush(headers, [rawHeaders[i], rawHeaders[i + 1]]);
    let body = null;
    if (status === 101 || status === 204 || status === 205 || status === 304 || hop.method === 'HEAD') incoming.resume();
    else {
        const source = decoded(incoming);
        body = {
            source, type: null, length: null, used: false, web: null,
            failure() {
                const { aborted, reason } = request.signal;
                return aborted ? reason : new TypeError('terminated', { cause: source.errored });
            },
        };
        // Told to who reads.
        source.on('error', () => {});
    }
    hop.resolve(receivedResponse({
        body, headers, redirected: hop.redirects > 0, status, statusText: incoming.statusMessage,
        type: 'basic', url: withoutHash(hop.url),
    }));
}
function withoutHash(url) {
    const { 0: text } = StringPrototypeSplit(url.href, '#');
    return text;
}

/** What undoes each coding of a content: names of functions of zlib. */
const decoders = {
    __proto__: null, br: 'createBrotliDecompress', deflate: 'createInflate', gzip: 'createGunzip', 'x-gzip': 'createGunzip',
};
function decoded(incoming) {
    const field = incoming.headers['content-encoding'];
    if (field === undefined) return incoming;
    const codings = StringPrototypeSplit(field, ',');
    let stream = incoming;
    for (let i = codings.length - 1; i >= 0; i--) {
        const make = decoders[StringPrototypeToLowerCase(StringPrototypeTrim(codings[i]))];
        if (make === undefined) return stream;
        stream = require('stream').pipeline(stream, require('zlib')[make](), () => {});
    }
    return stream;
}

/** What needs no network. */
async function local(request, protocol) {
    if (protocol === 'blob:') throw networkError(new Error('blob scheme is not supported'));
    const text = request[kState].url.href;
    const parts = RegExpPrototypeExec(/^data:([^,]*?)(;\s*base64)?,([^#]*)/i, text);
    if (parts === null || request.method !== 'GET') throw networkError(new Error('invalid data: URL'));
    const { Buffer } = require('buffer');
    const { percentDecode } = require('internal/url/percent');
    const content = Buffer.from(percentDecode(parts[3]), parts[2] === undefined ? 'utf8' : 'base64');
    return receivedResponse({
        body: { source: content, type: null, length: content.length, used: false, web: null },
        headers: [['content-type', parts[1] || 'text/plain;charset=US-ASCII']], redirected: false, status: 200, statusText: 'OK',
        type: 'basic', url: text,
    });
}

module.exports = { fetch };
