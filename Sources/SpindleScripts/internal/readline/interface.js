// The Interface of readline: lines of a stream. Their editing on a terminal is in the module editor.

const {
    AsyncIteratorPrototype, DateNow, MathMax, NumberIsFinite, ObjectDefineProperties, ObjectSetPrototypeOf, Promise,
    PromisePrototypeThen, PromiseReject, ReflectApply, RegExpPrototypeSymbolReplace, StringPrototypeCharCodeAt,
    StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice, Symbol, SymbolAsyncIterator, SymbolDispose, SymbolFor,
} = primordials;
const EventEmitter = require('events');
const { AbortError, codes: { ERR_INVALID_ARG_VALUE, ERR_USE_AFTER_CLOSE } } = require('internal/errors');
const { validateAbortSignal, validateArray, validateNumber, validateString, validateUint32 } = require('internal/validators');
const { nextTick } = require('internal/task_queues');

/** What an interface keeps out of the program's sight. */
const kState = Symbol('state');
const lineFeed = 10;

function Interface(input, output, completer, terminal) {
    if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
    ReflectApply(EventEmitter, this, []);
    const options = input?.input ? input : { __proto__: null, input, output, completer, terminal };
    ({ input, output, completer, terminal } = options);
    const { crlfDelay, escapeCodeTimeout = 500, history = [], historySize = 30, prompt = '> ', signal, tabSize = 8 } = options;
    validateUint32(tabSize, 'tabSize', true);
    if (!NumberIsFinite(escapeCodeTimeout)) throw new ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', escapeCodeTimeout);
    if (signal) validateAbortSignal(signal, 'options.signal');
    if (completer !== undefined && typeof completer !== 'function') throw new ERR_INVALID_ARG_VALUE('completer', completer);
    validateArray(history, 'history');
    validateNumber(historySize, 'historySize', 0);

    this.escapeCodeTimeout = escapeCodeTimeout;
    this.tabSize = tabSize;
    this.line = '';
    this.output = output;
    this.input = input;
    this.history = history;
    this.historySize = historySize;
    this.removeHistoryDuplicates = !!options.removeHistoryDuplicates;
    this.crlfDelay = crlfDelay ? MathMax(100, crlfDelay) : 100;
    this.completer = completer;
    this.terminal = !!(terminal ?? output?.isTTY);
    this[kState] = {
        __proto__: null, prompt, oldPrompt: prompt, decoder: undefined, pending: '', returnedAt: 0, answer: undefined,
        editor: undefined,
    };
    if (this.terminal) {
        const { Editor } = require('internal/readline/editor');
        this[kState].editor = new Editor(this);
    } else listen(this);
    if (signal?.aborted) nextTick(() => this.close());
    else if (signal) {
        const aborting = EventEmitter.addAbortListener(signal, () => this.close());
        this.once('close', () => aborting[SymbolDispose]());
    }
    input.resume();
}
ObjectSetPrototypeOf(Interface.prototype, EventEmitter.prototype);
ObjectSetPrototypeOf(Interface, EventEmitter);
const { prototype } = Interface;

function listen(readline) {
    const { input } = readline;
    const { StringDecoder } = require('string_decoder');
    readline[kState].decoder = new StringDecoder('utf8');
    const onData = (data) => receive(readline, data);
    const onError = (error) => readline.emit('error', error);
    const onEnd = () => {
        const { pending } = readline[kState];
        if (pending !== '') readline.emit('line', pending);
        readline.close();
    };
    input.on('error', onError);
    input.on('data', onData);
    input.on('end', onEnd);
    readline.once('close', () => {
        input.removeListener('data', onData);
        input.removeListener('error', onError);
        input.removeListener('end', onEnd);
    });
}

/** Splits what came into lines, which end with `\n`, `\r` or both. */
function receive(readline, data) {
    if (data === undefined) return;
    const state = readline[kState];
    let text = state.decoder.write(data);
    if (state.returnedAt !== 0 && text !== '') {
        // The second half of a line's end.
        if (DateNow() - state.returnedAt <= readline.crlfDelay && StringPrototypeCharCodeAt(text, 0) === lineFeed) {
            text = StringPrototypeSlice(text, 1);
        }
        state.returnedAt = 0;
    }
    if (StringPrototypeIncludes(text, '\r')) {
        if (text[text.length - 1] === '\r') state.returnedAt = DateNow();
        text = RegExpPrototypeSymbolReplace(/\r\n?/g, text, '\n');
    }
    let start = 0;
    for (let end = StringPrototypeIndexOf(text, '\n'); end >= 0; end = StringPrototypeIndexOf(text, '\n', start)) {
        const line = StringPrototypeSlice(text, start, end);
        start = end + 1;
        if (state.pending === '') tellLine(readline, line);
        else {
            const whole = state.pending + line;
            state.pending = '';
            tellLine(readline, whole);
        }
    }
    if (start < text.length) state.pending += StringPrototypeSlice(text, start);
}

/** A line is an answer where there is a question, otherwise an event. */
function tellLine(readline, line) {
    const state = readline[kState];
    const { answer } = state;
    if (answer === undefined) {
        readline.emit('line', line);
        return;
    }
    state.answer = undefined;
    readline.setPrompt(state.oldPrompt);
    answer(line);
}

prototype.getPrompt = function getPrompt() { return this[kState].prompt; };
prototype.setPrompt = function setPrompt(prompt) { this[kState].prompt = prompt; };
prototype.prompt = function prompt(preserveCursor) {
    if (this.paused) this.resume();
    const { editor } = this[kState];
    if (editor !== undefined && require('process').env.TERM !== 'dumb') {
        if (!preserveCursor) this.cursor = 0;
        editor.refresh();
    } else writeOut(this, this[kState].prompt);
};
function writeOut(readline, text) {
    validateString(text, 'stringToWrite');
    readline.output?.write(text);
}

/** Asks; where a question is open already, its prompt is shown again. */
function ask(readline, query, callback) {
    if (readline.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    const state = readline[kState];
    if (state.answer === undefined) {
        state.oldPrompt = state.prompt;
        state.prompt = query;
        state.answer = callback;
    }
    readline.prompt();
}
/** Takes the open question back. */
function cancelQuestion(readline) {
    const state = readline[kState];
    if (state.answer === undefined) return;
    state.answer = undefined;
    readline.setPrompt(state.oldPrompt);
    readline.clearLine?.();
}
prototype.question = function question(query, options, callback) {
    if (typeof options === 'function') callback = options;
    const signal = options?.signal;
    if (signal !== undefined) {
        validateAbortSignal(signal, 'options.signal');
        if (signal.aborted) return;
        const aborting = EventEmitter.addAbortListener(signal, () => cancelQuestion(this));
        const original = callback;
        callback = typeof original !== 'function' ? original : (answer) => {
            aborting[SymbolDispose]();
            original(answer);
        };
    }
    if (typeof callback === 'function') ask(this, query, callback);
};
/** The form that gives a promise. */
function questionLater(readline, query, options) {
    const signal = options?.signal;
    if (signal !== undefined) {
        try {
            validateAbortSignal(signal, 'options.signal');
        } catch (error) {
            return PromiseReject(error);
        }
        if (signal.aborted) return PromiseReject(new AbortError(undefined, { cause: signal.reason }));
    }
    return new Promise((resolve, reject) => {
        let aborting;
        const settle = (answer) => {
            aborting?.[SymbolDispose]();
            resolve(answer);
        };
        if (signal !== undefined) {
            aborting = EventEmitter.addAbortListener(signal, () => {
                cancelQuestion(readline);
                reject(new AbortError(undefined, { cause: signal.reason }));
            });
        }
        ask(readline, query, settle);
    });
}
ObjectDefineProperties(prototype.question, {
    __proto__: null,
    [SymbolFor('nodejs.util.promisify.custom')]: {
        __proto__: null, value(query, options) { return questionLater(this, query, options); },
    },
});

prototype.close = function close() {
    if (this.closed) return;
    this.pause();
    this[kState].editor?.stop();
    this.closed = true;
    this.emit('close');
};
prototype.pause = function pause() {
    if (this.paused) return undefined;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
};
prototype.resume = function resume() {
    if (!this.paused) return undefined;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
};
prototype.write = function write(data, key) {
    if (this.closed) throw new ERR_USE_AFTER_CLOSE('readline');
    if (this.paused) this.resume();
    const { editor } = this[kState];
    if (editor !== undefined) editor.write(data, key);
    else receive(this, data);
};
prototype.clearLine = function clearLine() { this[kState].editor?.clearLine(); };
prototype.getCursorPos = function getCursorPos() {
    return this[kState].editor?.position() ?? { cols: 0, rows: 0 };
};
ObjectDefineProperties(prototype, {
    __proto__: null,
    columns: { __proto__: null, configurable: true, get() { return this.output?.columns || Infinity; } },
    [SymbolDispose]: { __proto__: null, configurable: true, value() { this.close(); }, writable: true },
});

/** Lines in `for await`: the input is paused while many wait. */
prototype[SymbolAsyncIterator] = function asyncIterator() {
    const lines = EventEmitter.on(this, 'line', { close: ['close'], highWaterMark: 1024 });
    const first = ({ value, done }) => ({ value: done ? undefined : value[0], done });
    const iterator = {
        next: () => PromisePrototypeThen(lines.next(), first),
        return: () => {
            this.close();
            return lines.return();
        },
        throw: (error) => lines.throw(error),
        [SymbolAsyncIterator]() { return this; },
    };
    return ObjectSetPrototypeOf(iterator, AsyncIteratorPrototype);
};

module.exports = { Interface, kState, questionLater, tellLine, writeOut };
