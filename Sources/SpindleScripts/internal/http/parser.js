// HTTP/1 from bytes to messages, for both sides. As strict as the parser that Node uses, and stricter where leniency has
// let requests be smuggled: one parser must not see an end of a message where another sees none.
//
// Its owner has the methods `onHead(head)`, which says what becomes of the body, `onBody(bytes, start, end)`,
// `onTrailers(list)`, `onComplete()`, `onUpgrade(bytes, start, end)` and `onParseError(error)`.

const {
    ArrayPrototypePush, Error, MathMin, NumberParseInt, RegExpPrototypeExec, StringFromCharCode, StringPrototypeCharCodeAt,
    StringPrototypeEndsWith, StringPrototypeIndexOf, StringPrototypeLastIndexOf, StringPrototypeSlice,
    StringPrototypeToLowerCase, StringPrototypeTrim, TypedArrayPrototypeSlice, Uint8Array,
} = primordials;
const { latin1Slice } = require('internal/codecs');

const methods = [
    'ACL', 'BIND', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LINK', 'LOCK', 'M-SEARCH', 'MERGE', 'MKACTIVITY',
    'MKCALENDAR', 'MKCOL', 'MOVE', 'NOTIFY', 'OPTIONS', 'PATCH', 'POST', 'PROPFIND', 'PROPPATCH', 'PURGE', 'PUT', 'QUERY',
    'REBIND', 'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'TRACE', 'UNBIND', 'UNLINK', 'UNLOCK', 'UNSUBSCRIBE',
];
const knownMethods = { __proto__: null };
for (let i = 0; i < methods.length; i++) knownMethods[methods[i]] = methods[i];
const longestMethod = 11;

// What a byte may be part of: of a token, of a value, of a request's target.
const kToken = 1;
const kValue = 2;
const kTarget = 4;
const kinds = new Uint8Array(256);
{
    const marks = '!#$%&\'*+-.^_`|~';
    for (let i = 0; i < 256; i++) {
        const isDigit = i >= 48 && i <= 57;
        const isLetter = (i >= 65 && i <= 90) || (i >= 97 && i <= 122);
        if (isDigit || isLetter || (i < 128 && StringPrototypeIndexOf(marks, StringFromCharCode(i)) >= 0)) kinds[i] |= kToken;
        if (i === 9 || (i >= 32 && i !== 127)) kinds[i] |= kValue;
        if (i > 32 && i < 127) kinds[i] |= kTarget;
    }
}

const CR = 13;
const LF = 10;

// Where in a message the parser is.
const kStart = 0;
const kHead = 1;
const kBody = 2;
const kUntilEnd = 3;
const kChunkSize = 4;
const kChunkData = 5;
const kChunkEnd = 6;
const kTrailers = 7;
const kLast = 8;
const kStopped = 9;

/** What `onHead` may say: the message has a body if it says so; it has none; what follows is no HTTP any more. */
const kDefaultBody = 0;
const kNoBody = 1;
const kUpgraded = 2;

/** Bytes of a line with a chunk's size, extensions and all. */
const longestSizeLine = 16 << 10;

function parseError(code, reason, bytesParsed = 0) {
    const error = new Error(reason === '' ? 'Parse Error' : `Parse Error: ${reason}`);
    error.code = code;
    error.reason = reason;
    error.bytesParsed = bytesParsed;
    return error;
}

class Parser {
    constructor(owner, isServer, maxHeaderSize, maxHeaderPairs) {
        this.owner = owner;
        this.isServer = isServer;
        this.maxHeaderSize = maxHeaderSize;
        this.maxHeaderPairs = maxHeaderPairs;
        this.state = kStart;
        /** The part of a head, a size or a trailer that has come so far. */
        this.pending = '';
        /** Bytes of the body, or of its chunk, that are to come. */
        this.rest = 0;
        /** Whether the message that comes is the last of its connection. */
        this.isLast = false;
    }

    /** Whether a message has begun and not ended. */
    get isInMessage() { return this.state !== kStart && this.state < kLast; }

    execute(bytes, start, end) {
        let at = start;
        try {
            while (at < end) {
                const { state } = this;
                if (state === kStart) at = this.#skipLines(bytes, at, end);
                else if (state === kHead) at = this.#head(bytes, at, end);
                else if (state === kBody || state === kChunkData) at = this.#body(bytes, at, end);
                else if (state === kUntilEnd) {
                    this.owner.onBody(bytes, at, end);
                    at = end;
                } else if (state === kChunkSize) at = this.#chunkSize(bytes, at, end);
                else if (state === kChunkEnd) at = this.#chunkEnd(bytes, at, end);
                else if (state === kTrailers) at = this.#trailers(bytes, at, end);
                else if (state === kLast) at = afterLast(bytes, at, end);
                else return;
            }
        } catch (error) {
            if (error?.code === undefined || error.reason === undefined) throw error;
            this.state = kStopped;
            error.bytesParsed = at - start;
            error.rawPacket = require('buffer').Buffer.from(TypedArrayPrototypeSlice(bytes, start, end));
            this.owner.onParseError(error);
        }
    }

    /** The other side sends nothing more. */
    finish() {
        const { state } = this;
        if (state === kStart || state >= kLast) return;
        this.state = kStopped;
        if (state === kUntilEnd) this.owner.onComplete();
        else this.owner.onParseError(parseError('HPE_INVALID_EOF_STATE', ''));
    }

    /** Nothing that comes from now on is looked at. */
    stop() { this.state = kStopped; }

    /** Empty lines before a message. */
    #skipLines(bytes, at, end) {
        while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++;
        if (at < end) {
            this.state = kHead;
            this.pending = '';
            this.owner.onBegin();
        }
        return at;
    }

    /**
     * The text up to an empty line, or undefined if that has not come yet; `this.next` is where the rest begins. `from`: how
     * much of what is pending may be part of that line.
     */
    #until(mark, bytes, at, end, limit) {
        const { pending } = this;
        const before = MathMin(pending.length, mark.length - 1);
        const tail = before === 0 ? '' : StringPrototypeSlice(pending, pending.length - before);
        // Not more than may be there at all.
        const stop = MathMin(end, at + limit - pending.length + mark.length);
        const text = latin1Slice(bytes, at, stop);
        const found = StringPrototypeIndexOf(tail + text, mark);
        if (found < 0) {
            this.pending = pending + text;
            this.next = stop;
            return undefined;
        }
        const length = found - before + mark.length;
        this.next = at + length;
        this.pending = '';
        const own = StringPrototypeSlice(text, 0, length);
        return pending === '' ? own : pending + own;
    }

    #head(bytes, at, end) {
        // What can be no head is refused before all of it has come.
        if (this.pending === '' && this.isServer) this.#checkMethod(bytes, at, end);
        const text = this.#until('\r\n\r\n', bytes, at, end, this.maxHeaderSize);
        if (text === undefined) {
            if (this.pending.length >= this.maxHeaderSize) throw parseError('HPE_HEADER_OVERFLOW', 'Header overflow');
            checkLines(this.pending);
            return this.next;
        }
        const { next } = this;
        if (text.length > this.maxHeaderSize + 4) throw parseError('HPE_HEADER_OVERFLOW', 'Header overflow');
        const head = this.isServer ? requestLine(text) : statusLine(text);
        this.#fields(head, text, head.at);
        this.isLast = this.isServer && !head.keepsAlive && !head.upgrade;
        const answer = this.owner.onHead(head);
        // Its owner may have stopped it.
        if (this.state !== kHead) return next;
        if (answer === kUpgraded) {
            this.state = kStopped;
            this.owner.onUpgrade(bytes, next, end);
            return end;
        }
        if (answer === kNoBody) this.#complete();
        else if (head.isChunked) this.state = kChunkSize;
        else if (head.length > 0) {
            this.state = kBody;
            this.rest = head.length;
        } else if (head.length === 0 || this.isServer) this.#complete();
        else this.state = kUntilEnd;
        return next;
    }

    #checkMethod(bytes, at, end) {
        const stop = MathMin(end, at + longestMethod + 1);
        for (let i = at; i < stop; i++) {
            if (bytes[i] === 32) return;
            if ((kinds[bytes[i]] & kToken) === 0) throw parseError('HPE_INVALID_METHOD', 'Invalid method encountered');
        }
        if (stop - at > longestMethod) throw parseError('HPE_INVALID_METHOD', 'Invalid method encountered');
    }

    /** Reads the fields, of which there is one a line, and what they say about the message itself. */
    #fields(head, text, at) {
        const list = head.rawHeaders;
        let hosts = 0;
        const last = text.length - 2;
        while (at < last) {
            const colon = nameEnd(text, at);
            const name = StringPrototypeSlice(text, at, colon);
            const lineEnd = StringPrototypeIndexOf(text, '\r\n', colon);
            const value = valueOf(text, colon + 1, lineEnd);
            at = lineEnd + 2;
            if (list.length < this.maxHeaderPairs) ArrayPrototypePush(list, name, value);
            switch (name.length) {
                case 4:
                    if (StringPrototypeToLowerCase(name) === 'host') hosts++;
                    break;
                case 6:
                    if (StringPrototypeToLowerCase(name) === 'expect') head.expect = value;
                    break;
                case 7:
                    if (StringPrototypeToLowerCase(name) === 'upgrade') head.hasUpgrade = true;
                    break;
                case 10:
                    if (StringPrototypeToLowerCase(name) === 'connection') noteConnection(head, value);
                    break;
                case 14:
                    if (StringPrototypeToLowerCase(name) === 'content-length') noteLength(head, value);
                    break;
                case 17:
                    if (StringPrototypeToLowerCase(name) === 'transfer-encoding') noteCoding(head, value);
                    break;
                default:
            }
        }
        head.hosts = hosts;
        if (this.isServer && head.hasCoding && !head.isChunked) {
            throw parseError('HPE_INVALID_TRANSFER_ENCODING', 'Request has invalid `Transfer-Encoding`');
        }
        head.upgrade = head.method === 'CONNECT' ||
            (head.hasUpgrade && head.asksUpgrade && (this.isServer || head.statusCode === 101));
        const isNew = head.major > 1 || (head.major === 1 && head.minor > 0);
        const mayGoOn = isNew ? !head.asksClose : head.asksKeepAlive;
        const hasEnd = this.isServer || head.isChunked || head.length >= 0 || endsWithHead(head.statusCode);
        head.keepsAlive = mayGoOn && hasEnd;
    }

    #body(bytes, at, end) {
        const count = MathMin(this.rest, end - at);
        this.rest -= count;
        const isOver = this.rest === 0;
        const inChunk = this.state === kChunkData;
        this.owner.onBody(bytes, at, at + count);
        if (isOver && this.state !== kStopped) {
            if (inChunk) this.state = kChunkEnd;
            else this.#complete();
        }
        return at + count;
    }

    #chunkSize(bytes, at, end) {
        const text = this.#until('\n', bytes, at, end, longestSizeLine);
        const line = text ?? this.pending;
        let i = 0;
        let size = 0;
        for (; i < line.length; i++) {
            const digit = hexDigit(StringPrototypeCharCodeAt(line, i));
            if (digit < 0) break;
            if (size >= 2 ** 48) throw parseError('HPE_INVALID_CHUNK_SIZE', 'Chunk size overflow');
            size = size * 16 + digit;
        }
        if (i > 0 && line[i] === '\n') throw parseError('HPE_CR_EXPECTED', 'Missing expected CR after chunk size');
        const isMark = i === line.length || line[i] === '\r' || line[i] === ';';
        if (!isMark || (i === 0 && line !== '')) {
            throw parseError('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
        }
        for (let j = i; j < line.length - 2; j++) {
            if ((kinds[StringPrototypeCharCodeAt(line, j)] & kValue) === 0) {
                throw parseError('HPE_STRICT', 'Invalid character in chunk extensions');
            }
        }
        if (text === undefined) {
            if (line.length >= longestSizeLine) throw parseError('HPE_CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow');
            return this.next;
        }
        if (!StringPrototypeEndsWith(text, '\r\n')) throw parseError('HPE_CR_EXPECTED', 'Missing expected CR after chunk size');
        if (size > 0) {
            this.state = kChunkData;
            this.rest = size;
        } else {
            this.state = kTrailers;
            // An end without trailers is an empty line alone.
            this.pending = '\r\n';
        }
        return this.next;
    }

    #chunkEnd(bytes, at) {
        const expected = this.pending === '' ? CR : LF;
        if (bytes[at] !== expected) {
            if (bytes[at] === LF) throw parseError('HPE_CR_EXPECTED', 'Missing expected CR after chunk data');
            throw parseError('HPE_STRICT', 'Expected LF after chunk data');
        }
        if (expected === CR) this.pending = '\r';
        else {
            this.pending = '';
            this.state = kChunkSize;
        }
        return at + 1;
    }

    #trailers(bytes, at, end) {
        const text = this.#until('\r\n\r\n', bytes, at, end, this.maxHeaderSize);
        if (text === undefined) {
            if (this.pending.length >= this.maxHeaderSize) throw parseError('HPE_HEADER_OVERFLOW', 'Header overflow');
            return this.next;
        }
        const { next } = this;
        const list = [];
        for (let i = 2; i < text.length - 2;) {
            const colon = nameEnd(text, i);
            const lineEnd = StringPrototypeIndexOf(text, '\r\n', colon);
            if (list.length < this.maxHeaderPairs) {
                ArrayPrototypePush(list, StringPrototypeSlice(text, i, colon), valueOf(text, colon + 1, lineEnd));
            }
            i = lineEnd + 2;
        }
        if (list.length > 0) this.owner.onTrailers(list);
        this.#complete();
        return next;
    }

    #complete() {
        this.state = this.isLast ? kLast : kStart;
        this.pending = '';
        this.owner.onComplete();
    }
}

/** After a request that said it was the last, only empty lines may come. */
function afterLast(bytes, at, end) {
    for (; at < end; at++) {
        if (bytes[at] !== CR && bytes[at] !== LF) {
            throw parseError('HPE_CLOSED_CONNECTION', 'Data after `Connection: close`');
        }
    }
    return at;
}

/** Statuses whose message is its head. */
function endsWithHead(status) { return status === 204 || status === 304 || (status >= 100 && status < 200); }

function hexDigit(unit) {
    if (unit >= 48 && unit <= 57) return unit - 48;
    const letter = unit | 32;
    return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Of a head that is not complete: no line ends but in CR LF. */
function checkLines(text) {
    let at = -1;
    while ((at = StringPrototypeIndexOf(text, '\n', at + 1)) >= 0) {
        if (at === 0 || text[at - 1] !== '\r') throw parseError('HPE_CR_EXPECTED', 'Missing expected CR after header value');
    }
}

function newHead(major, minor, at) {
    return {
        major, minor, at, method: undefined, url: '', statusCode: 0, statusMessage: '', rawHeaders: [], length: -1,
        hasCoding: false, isChunked: false, hasUpgrade: false, asksUpgrade: false, asksClose: false, asksKeepAlive: false,
        upgrade: false, keepsAlive: false, hosts: 0, expect: undefined,
    };
}

function requestLine(text) {
    const space = StringPrototypeIndexOf(text, ' ');
    const method = knownMethods[StringPrototypeSlice(text, 0, space)];
    if (method === undefined) throw parseError('HPE_INVALID_METHOD', 'Invalid method encountered');
    const lineEnd = StringPrototypeIndexOf(text, '\r\n');
    const second = StringPrototypeIndexOf(text, ' ', space + 1);
    if (second < 0 || second > lineEnd || second === space + 1) {
        throw parseError('HPE_INVALID_URL', 'Unexpected start char in url');
    }
    for (let i = space + 1; i < second; i++) {
        if ((kinds[StringPrototypeCharCodeAt(text, i)] & kTarget) === 0) {
            throw parseError('HPE_INVALID_URL', 'Invalid characters in url');
        }
    }
    const first = text[space + 1];
    if (first !== '/' && first !== '*' && method !== 'CONNECT' &&
        RegExpPrototypeExec(/^[a-zA-Z]+:\/\//, StringPrototypeSlice(text, space + 1, second)) === null) {
        throw parseError('HPE_INVALID_URL', 'Invalid characters in url');
    }
    const head = version(text, second + 1, lineEnd);
    if (second + 9 !== lineEnd) throw parseError('HPE_INVALID_VERSION', 'Expected CRLF after version');
    head.at = lineEnd + 2;
    head.method = method;
    head.url = StringPrototypeSlice(text, space + 1, second);
    if (head.major === 2) throw parseError('HPE_PAUSED_H2_UPGRADE', 'Pause on PRI/Upgrade');
    return head;
}

function version(text, at, lineEnd) {
    if (StringPrototypeSlice(text, at, at + 5) !== 'HTTP/' || at + 8 > lineEnd) {
        throw parseError('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
    }
    const number = StringPrototypeSlice(text, at + 5, at + 8);
    if (number === '1.1') return newHead(1, 1, 0);
    if (number === '1.0') return newHead(1, 0, 0);
    if (number === '0.9') return newHead(0, 9, 0);
    if (number === '2.0') return newHead(2, 0, 0);
    throw parseError('HPE_INVALID_VERSION', 'Invalid HTTP version');
}

function statusLine(text) {
    const lineEnd = StringPrototypeIndexOf(text, '\r\n');
    const head = version(text, 0, lineEnd);
    let status = 0;
    for (let i = 9; i < 12; i++) {
        const unit = StringPrototypeCharCodeAt(text, i);
        if (unit < 48 || unit > 57) throw parseError('HPE_INVALID_STATUS', 'Invalid status code');
        status = status * 10 + unit - 48;
    }
    if (text[8] !== ' ' || lineEnd < 12 || (lineEnd > 12 && text[12] !== ' ')) {
        throw parseError('HPE_INVALID_STATUS', 'Invalid response status');
    }
    for (let i = 12; i < lineEnd; i++) {
        if ((kinds[StringPrototypeCharCodeAt(text, i)] & kValue) === 0) {
            throw parseError('HPE_CR_EXPECTED', 'Missing expected CR after response line');
        }
    }
    head.at = lineEnd + 2;
    head.statusCode = status;
    head.statusMessage = StringPrototypeSlice(text, 13, lineEnd);
    return head;
}

/** Where the name that begins at `at` ends: at its colon. */
function nameEnd(text, at) {
    let i = at;
    while ((kinds[StringPrototypeCharCodeAt(text, i)] & kToken) !== 0) i++;
    if (text[i] !== ':' || i === at) throw parseError('HPE_INVALID_HEADER_TOKEN', 'Invalid header token');
    return i;
}

function valueOf(text, start, end) {
    while (start < end && isBlank(StringPrototypeCharCodeAt(text, start))) start++;
    while (start < end && isBlank(StringPrototypeCharCodeAt(text, end - 1))) end--;
    for (let i = start; i < end; i++) {
        if ((kinds[StringPrototypeCharCodeAt(text, i)] & kValue) === 0) {
            throw parseError('HPE_INVALID_HEADER_TOKEN', 'Invalid header value char');
        }
    }
    return StringPrototypeSlice(text, start, end);
}
const isBlank = (unit) => unit === 32 || unit === 9;

function noteConnection(head, value) {
    const tokens = StringPrototypeToLowerCase(value);
    for (let at = 0; at <= tokens.length;) {
        const comma = StringPrototypeIndexOf(tokens, ',', at);
        const end = comma < 0 ? tokens.length : comma;
        const token = StringPrototypeTrim(StringPrototypeSlice(tokens, at, end));
        if (token === 'close') head.asksClose = true;
        else if (token === 'keep-alive') head.asksKeepAlive = true;
        else if (token === 'upgrade') head.asksUpgrade = true;
        at = end + 1;
    }
}

function noteLength(head, value) {
    if (head.length >= 0) throw parseError('HPE_UNEXPECTED_CONTENT_LENGTH', 'Content-Length already present');
    if (head.hasCoding) {
        throw parseError('HPE_INVALID_CONTENT_LENGTH', 'Content-Length can\'t be present with Transfer-Encoding');
    }
    if (value === '') throw parseError('HPE_INVALID_CONTENT_LENGTH', 'Empty Content-Length');
    for (let i = 0; i < value.length; i++) {
        const unit = StringPrototypeCharCodeAt(value, i);
        if (unit < 48 || unit > 57) throw parseError('HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length');
    }
    head.length = NumberParseInt(value, 10);
    if (head.length > 2 ** 53 - 1) throw parseError('HPE_INVALID_CONTENT_LENGTH', 'Content-Length overflow');
}

function noteCoding(head, value) {
    if (head.length >= 0) {
        throw parseError('HPE_INVALID_TRANSFER_ENCODING', 'Transfer-Encoding can\'t be present with Content-Length');
    }
    head.hasCoding = true;
    // The last of all lines counts.
    const comma = StringPrototypeLastIndexOf(value, ',');
    head.isChunked = StringPrototypeToLowerCase(StringPrototypeTrim(StringPrototypeSlice(value, comma + 1))) === 'chunked';
}

module.exports = { Parser, kDefaultBody, kNoBody, kUpgraded, methods };
