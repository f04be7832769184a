// The `stdio` option: what each descriptor of a child is connected to.

const { ArrayBufferIsView, ArrayIsArray, ArrayPrototypeConcat, ArrayPrototypePush } = primordials;
const {
    codes: { ERR_INVALID_ARG_VALUE, ERR_INVALID_SYNC_FORK_INPUT, ERR_IPC_ONE_PIPE, ERR_IPC_SYNC_FORK },
} = require('internal/errors');

// As the host numbers them; from 0 on a descriptor of this process.
const NONE = -1;
const NULL = -2;
const OUTPUT = -3;
const INPUT = -4;
const BOTH = -5;

/** The list that one word stands for; `channel` is added to it. */
function expandStdio(stdio, channel) {
    const more = channel === undefined ? [] : [channel];
    switch (stdio) {
        case 'ignore':
        case 'overlapped':
        case 'pipe': return ArrayPrototypeConcat([stdio, stdio, stdio], more);
        case 'inherit': return ArrayPrototypeConcat([0, 1, 2], more);
        default: throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
    }
}

/** `[{type, connection}]`: the type is 'ignore', 'pipe', 'ipc', 'inherit', 'fd' or 'wrap'. */
function parseStdio(stdio, isSync) {
    if (typeof stdio === 'string') stdio = expandStdio(stdio);
    else if (!ArrayIsArray(stdio)) throw new ERR_INVALID_ARG_VALUE('stdio', stdio);
    const entries = [];
    let hasChannel = false;
    for (let i = 0; i < stdio.length || i < 3; i++) {
        const entry = parseEntry(stdio[i], i, isSync);
        if (entry.type === 'ipc') {
            if (isSync) throw new ERR_IPC_SYNC_FORK();
            if (hasChannel) throw new ERR_IPC_ONE_PIPE();
            hasChannel = true;
        }
        ArrayPrototypePush(entries, entry);
    }
    return entries;
}

function parseEntry(value, i, isSync) {
    value ??= i < 3 ? 'pipe' : 'ignore';
    if (value === 'ignore') return { type: 'ignore', connection: i < 3 ? NULL : NONE };
    if (value === 'pipe' || value === 'overlapped' || (typeof value === 'number' && value < 0)) {
        return { type: 'pipe', connection: i === 0 ? INPUT : i < 3 ? OUTPUT : BOTH };
    }
    if (value === 'ipc') return { type: 'ipc', connection: BOTH };
    if (value === 'inherit') return { type: 'inherit', connection: i };
    const pipe = value._handle ?? value.handle ?? value;
    if (pipe instanceof require('internal/pipe').Pipe) return { type: 'wrap', connection: pipe.descriptor, stream: value };
    const fd = typeof value === 'number' ? value : value.fd;
    if (typeof fd === 'number' && fd >= 0) return { type: 'fd', connection: fd };
    if ((ArrayBufferIsView(value) || typeof value === 'string') && !isSync) {
        throw new ERR_INVALID_SYNC_FORK_INPUT(require('util').inspect(value));
    }
    throw new ERR_INVALID_ARG_VALUE('stdio', value);
}

module.exports = { expandStdio, parseStdio };
