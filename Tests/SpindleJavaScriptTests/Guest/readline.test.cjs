'use strict';

const readline = require('node:readline');
const { PassThrough, Readable, Writable } = require('node:stream');
const { promisify } = require('node:util');
const tty = require('node:tty');
const { deepEqual, equal, match, ok, rejects, since, test, throws } = require('./support/harness.cjs');
const { nextTurn } = require('./support/streams.cjs');

const linesOf = async (...chunks) => {
    const lines = [];
    const input = Readable.from(chunks, { objectMode: false });
    for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) lines.push(line);
    return lines;
};
/** A terminal that is none: what is sent to it, what it shows. */
function terminal(options) {
    const input = new PassThrough();
    const output = new PassThrough();
    output.columns = options?.columns ?? 80;
    let shown = '';
    output.on('data', (chunk) => { shown += chunk; });
    const rl = readline.createInterface({ input, output, terminal: true, prompt: '', ...options });
    return {
        rl, input, output,
        async send(text) {
            input.write(text);
            await nextTurn();
            await nextTurn();
        },
        takeShown() {
            const text = shown;
            shown = '';
            return text;
        },
    };
}
const keys = {
    left: '\x1b[D', right: '\x1b[C', up: '\x1b[A', down: '\x1b[B', home: '\x1b[H', end: '\x1b[F', delete: '\x1b[3~',
    backspace: '\x7f', ctrlLeft: '\x1b[1;5D', ctrlRight: '\x1b[1;5C',
};

// --- Lines -------------------------------------------------------------------------------------------------------------

test('lines end in three ways, and may come in pieces', async () => {
    deepEqual(await linesOf('a\nb\r\nc\rd'), ['a', 'b', 'c', 'd']);
    deepEqual(await linesOf('on', 'e\ntw', 'o\n'), ['one', 'two']);
    deepEqual(await linesOf('a\r', '\nb'), ['a', 'b']);
    deepEqual(await linesOf('\n\n'), ['', '']);
    deepEqual(await linesOf(), []);
    deepEqual(await linesOf(Buffer.from([0xc3]), Buffer.from([0xa4, 10])), ['ä']);
});

test('events come in order', async () => {
    const rl = readline.createInterface({ input: Readable.from(['a\nb'], { objectMode: false }) });
    const log = [];
    rl.on('line', (line) => log.push(line));
    for (const event of ['pause', 'resume', 'close']) rl.on(event, () => log.push(event));
    await new Promise((resolve) => rl.on('close', resolve));
    deepEqual(log, ['a', 'b', 'pause', 'close']);
    equal(rl.closed, true);
    rl.close();
    deepEqual(log.length, 4);
});

test('many lines come through a loop', async () => {
    const chunks = Array.from({ length: 100 }, (_, i) => Array.from({ length: 50 }, (__, j) => `${i}.${j}\n`).join(''));
    const lines = await linesOf(...chunks);
    equal(lines.length, 5000);
    equal(lines[4999], '99.49');
});

test('a loop that is left closes', async () => {
    const rl = readline.createInterface({ input: Readable.from(['a\nb\nc\n'], { objectMode: false }) });
    for await (const line of rl) {
        equal(line, 'a');
        break;
    }
    equal(rl.closed, true);
});

test('write goes in as if it had been read', () => {
    const rl = readline.createInterface({ input: new PassThrough() });
    const lines = [];
    rl.on('line', (line) => lines.push(line));
    rl.write('from the program\nrest');
    deepEqual(lines, ['from the program']);
    rl.close();
});

test('pause and resume are the input\'s', async () => {
    const input = new PassThrough();
    const rl = readline.createInterface({ input });
    equal(rl.pause(), rl);
    equal(input.isPaused(), true);
    equal(rl.resume(), rl);
    equal(input.isPaused(), false);
    rl.close();
});

test('what createInterface does not take', () => {
    const input = new PassThrough();
    throws(() => readline.createInterface({ input, completer: 1 }), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => readline.createInterface({ input, history: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => readline.createInterface({ input, historySize: -1 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => readline.createInterface({ input, tabSize: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => readline.createInterface({ input, signal: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a signal closes', async () => {
    const controller = new AbortController();
    const rl = readline.createInterface({ input: new PassThrough(), signal: controller.signal });
    controller.abort();
    equal(rl.closed, true);
    const late = readline.createInterface({ input: new PassThrough(), signal: AbortSignal.abort() });
    await nextTurn();
    equal(late.closed, true);
});

// --- Questions ---------------------------------------------------------------------------------------------------------

test('a question shows its text and gets the next line', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const rl = readline.createInterface({ input, output });
    rl.setPrompt('$ ');
    equal(rl.getPrompt(), '$ ');
    const answer = promisify(rl.question).call(rl, 'Name? ');
    equal(String(output.read()), 'Name? ');
    input.write('Ada\nnext\n');
    equal(await answer, 'Ada');
    equal(rl.getPrompt(), '$ ');
    rl.close();
    throws(() => rl.question('More?', () => {}), { code: 'ERR_USE_AFTER_CLOSE', message: 'readline was closed' });
});

test('a question can be taken back', async () => {
    const input = new PassThrough();
    const rl = readline.createInterface({ input });
    const controller = new AbortController();
    let called = false;
    rl.question('?', { signal: controller.signal }, () => { called = true; });
    controller.abort();
    const line = new Promise((resolve) => rl.on('line', resolve));
    input.write('x\n');
    equal(await line, 'x');
    equal(called, false);
    rl.close();
});

test('readline/promises asks with promises', async () => {
    const { createInterface } = require('node:readline/promises');
    equal(readline.promises.createInterface, createInterface);
    const input = new PassThrough();
    const rl = createInterface({ input });
    const first = rl.question('?');
    input.write('yes\n');
    equal(await first, 'yes');
    const controller = new AbortController();
    const second = rl.question('?', { signal: controller.signal });
    controller.abort();
    await rejects(second, { name: 'AbortError' });
    await rejects(rl.question('?', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    rl.close();
});

test('movements of the cursor are gathered until commit', async () => {
    const { Readline } = require('node:readline/promises');
    let written = '';
    const output = new Writable({ write(chunk, encoding, callback) { written += chunk; callback(); } });
    const cursor = new Readline(output);
    cursor.clearLine(-1).cursorTo(3).moveCursor(1, -2).clearScreenDown();
    equal(written, '');
    await cursor.commit();
    equal(written, '\x1b[1K\x1b[4G\x1b[1C\x1b[2A\x1b[0J');
    cursor.clearLine(0).rollback();
    await cursor.commit();
    equal(written.length, 20);
    throws(() => cursor.clearLine(2), { code: 'ERR_OUT_OF_RANGE' });
    throws(() => new Readline({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('functions for the cursor', () => {
    let written = '';
    const output = new Writable({ write(chunk, encoding, callback) { written += chunk; callback(); } });
    readline.cursorTo(output, 1, 2);
    readline.cursorTo(output, 4);
    readline.moveCursor(output, -3, 4);
    readline.clearLine(output, 1);
    readline.clearScreenDown(output);
    equal(written, '\x1b[3;2H\x1b[5G\x1b[3D\x1b[4B\x1b[0K\x1b[0J');
    equal(readline.cursorTo(null, 1), true);
    throws(() => readline.cursorTo(output, undefined, 2), { code: 'ERR_INVALID_CURSOR_POS' });
    throws(() => readline.cursorTo(output, NaN), { code: 'ERR_INVALID_ARG_VALUE' });
    throws(() => readline.clearLine(output, 0, 1), { code: 'ERR_INVALID_ARG_TYPE' });
});

// --- On a terminal -----------------------------------------------------------------------------------------------------

test('keys are told by name', async () => {
    const input = new PassThrough();
    readline.emitKeypressEvents(input);
    const seen = [];
    input.on('keypress', (text, { name, ctrl, meta, shift }) => {
        seen.push([name, ctrl ? 'ctrl' : '', meta ? 'meta' : '', shift ? 'shift' : ''].filter(Boolean).join('+'));
    });
    input.write('aA\r\t\x03\x7f ');
    for (const name of Object.keys(keys)) input.write(keys[name]);
    input.write('\x1bx\x1bOP\x1b[15~\x1b[Z\x1b[2~');
    await nextTurn();
    deepEqual(seen, ['a', 'a+shift', 'return', 'tab', 'c+ctrl', 'backspace', 'space', 'left', 'right', 'up', 'down', 'home', 'end',
        'delete', 'backspace', 'left+ctrl', 'right+ctrl', 'x+meta', 'f1', 'f5', 'tab+shift', 'insert']);
});

test('a line is edited', async () => {
    const { rl, send } = terminal();
    const lines = [];
    rl.on('line', (line) => lines.push(line));
    await send('helo');
    deepEqual([rl.line, rl.cursor], ['helo', 4]);
    await send(keys.left);
    await send('l');
    equal(rl.line, 'hello');
    await send(keys.end);
    await send(' world');
    await send(keys.ctrlLeft);
    equal(rl.cursor, 6);
    await send('\x0b');
    equal(rl.line, 'hello ');
    await send('\x19');
    equal(rl.line, 'hello world');
    await send('\x17');
    equal(rl.line, 'hello ');
    await send(keys.home + keys.delete);
    equal(rl.line, 'ello ');
    await send(keys.end + '\x15');
    equal(rl.line, '');
    await send('a\u{1f600}b' + keys.backspace + keys.backspace);
    equal(rl.line, 'a');
    await send('\r');
    deepEqual(lines, ['a']);
    equal(rl.line, '');
    rl.close();
});

test('the history is gone through with arrows', async () => {
    const { rl, send } = terminal({ historySize: 2 });
    for (const line of ['one', 'two', 'two', 'three']) await send(`${line}\r`);
    deepEqual(rl.history, ['three', 'two']);
    await send(keys.up);
    equal(rl.line, 'three');
    await send(keys.up);
    equal(rl.line, 'two');
    await send(keys.down);
    equal(rl.line, 'three');
    await send(keys.down);
    equal(rl.line, '');
    await send('tw' + keys.up);
    equal(rl.line, 'two');
    await send(keys.down);
    equal(rl.line, 'tw');
    rl.close();
});

test('tab completes', async () => {
    const { rl, send, takeShown } = terminal({
        completer: (line) => [['start', 'status', 'stop'].filter((word) => word.startsWith(line)), line],
    });
    await send('sto');
    await send('\t');
    equal(rl.line, 'stop');
    await send('\x15');
    await send('st');
    takeShown();
    await send('\t');
    await send('\t');
    match(takeShown(), /start +status +stop/);
    equal(rl.line, 'st');
    rl.close();
});

test('control-c and control-d end, unless somebody listens', async () => {
    const one = terminal();
    await one.send('\x03');
    equal(one.rl.closed, true);
    const two = terminal();
    let interrupted = 0;
    two.rl.on('SIGINT', () => interrupted++);
    await two.send('\x03');
    deepEqual([two.rl.closed ?? false, interrupted], [false, 1]);
    await two.send('\x04');
    equal(two.rl.closed, true);
});

test('the prompt is drawn, with the cursor where it belongs', async () => {
    const { rl, send, takeShown } = terminal({ prompt: '> ', columns: 10 });
    rl.prompt();
    equal(takeShown(), '\x1b[1G\x1b[0J> \x1b[3G');
    await send('abc');
    equal(takeShown(), 'abc');
    deepEqual(rl.getCursorPos(), { rows: 0, cols: 5 });
    await send('defghi');
    deepEqual(rl.getCursorPos(), { rows: 1, cols: 1 });
    rl.close();
});

// --- tty ---------------------------------------------------------------------------------------------------------------

test('what is no terminal is none', () => {
    equal(tty.isatty(-1), false);
    equal(tty.isatty('x'), false);
    throws(() => new tty.ReadStream(-1), { code: 'ERR_INVALID_FD' });
    const fd = require('node:fs').openSync('/dev/null', 'r');
    equal(tty.isatty(fd), false);
    throws(() => new tty.WriteStream(fd), { code: 'ERR_TTY_INIT_FAILED', message: /uv_tty_init returned EINVAL/ });
    require('node:fs').closeSync(fd);
});

test('colours are what the environment says', () => {
    const depth = (env) => tty.WriteStream.prototype.getColorDepth(env);
    equal(depth({ TERM: 'xterm-256color' }), 8);
    equal(depth({ TERM: 'xterm' }), 4);
    equal(depth({ TERM: 'dumb' }), 1);
    equal(depth({ COLORTERM: 'truecolor' }), 24);
    equal(depth({ NO_COLOR: '1', TERM: 'xterm' }), 1);
    equal(depth({ FORCE_COLOR: '3' }), 24);
    equal(depth({ FORCE_COLOR: '0' }), 1);
    equal(depth({ TMUX: '1' }), 8);
    equal(depth({ CI: '1', GITHUB_ACTIONS: '' }) >= 8, true);
    equal(depth({ CI: '1' }), 1);
    equal(depth({ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.1' }), 24);
    equal(depth({}), 1);
    equal(tty.WriteStream.prototype.hasColors.call({ getColorDepth: () => 8 }, 16, { TERM: 'xterm' }), true);
});
