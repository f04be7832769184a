// node:readline/promises.

const { ArrayPrototypeJoin, ArrayPrototypePush, Promise, PromiseResolve } = primordials;
const { codes: { ERR_INVALID_ARG_TYPE } } = require('internal/errors');
const { validateBoolean, validateInteger } = require('internal/validators');
const { Interface: Base, questionLater } = require('internal/readline/interface');
const { nextTick } = require('internal/task_queues');
const { isWritable } = require('internal/streams/predicates');
const cursor = require('internal/readline/cursor');

class Interface extends Base {
    constructor(input, output, completer, terminal) { super(input, output, completer, terminal); }
    question(query, options = {}) { return questionLater(this, query, options); }
}

/** Movements of the cursor that are gathered, and written by `commit`. */
class Readline {
    #stream;
    #commitsAlone = false;
    #pending = [];
    /** What the functions of `cursor` write to. */
    #gatherer = {
        __proto__: null,
        write: (text) => {
            if (this.#commitsAlone) nextTick(() => this.#stream.write(text));
            else ArrayPrototypePush(this.#pending, text);
            return true;
        },
    };

    constructor(stream, options = undefined) {
        if (!isWritable(stream)) throw new ERR_INVALID_ARG_TYPE('stream', 'Writable', stream);
        this.#stream = stream;
        if (options?.autoCommit != null) {
            validateBoolean(options.autoCommit, 'options.autoCommit');
            this.#commitsAlone = options.autoCommit;
        }
    }
    cursorTo(x, y = undefined) {
        validateInteger(x, 'x');
        if (y != null) validateInteger(y, 'y');
        cursor.cursorTo(this.#gatherer, x, y ?? undefined);
        return this;
    }
    moveCursor(dx, dy) {
        if (dx || dy) {
            validateInteger(dx, 'dx');
            validateInteger(dy, 'dy');
            cursor.moveCursor(this.#gatherer, dx, dy);
        }
        return this;
    }
    clearLine(direction) {
        validateInteger(direction, 'dir', -1, 1);
        cursor.clearLine(this.#gatherer, direction);
        return this;
    }
    clearScreenDown() {
        cursor.clearScreenDown(this.#gatherer);
        return this;
    }
    commit() {
        const text = ArrayPrototypeJoin(this.#pending, '');
        this.#pending = [];
        return text === '' ? PromiseResolve() : new Promise((resolve) => { this.#stream.write(text, () => resolve()); });
    }
    rollback() {
        this.#pending = [];
        return this;
    }
}

function createInterface(input, output, completer, terminal) { return new Interface(input, output, completer, terminal); }

module.exports = { Interface, Readline, createInterface };
