// A line on a terminal: what keys do to it, and how it is drawn.

const {
    ArrayPrototypeIndexOf, ArrayPrototypePop, ArrayPrototypeSplice, ArrayPrototypeUnshift, MathCeil, MathFloor, MathMax,
    PromisePrototypeThen, PromiseResolve, RegExpPrototypeExec, RegExpPrototypeSymbolReplace, StringPrototypeCodePointAt,
    StringPrototypePadEnd, StringPrototypeSlice, StringPrototypeSplit, StringPrototypeStartsWith, StringPrototypeTrim,
} = primordials;
const { nextTick } = require('internal/task_queues');
const { getStringWidth } = require('internal/util/text');
const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');
const { emitKeypressEvents } = require('internal/readline/keys');
const { kState, tellLine, writeOut } = require('internal/readline/interface');

/** How many units the character after, or before, `at` has. */
function widthAfter(text, at) {
    if (at >= text.length) return 0;
    return StringPrototypeCodePointAt(text, at) > 0xffff ? 2 : 1;
}
function widthBefore(text, at) {
    if (at === 0) return 0;
    return at > 1 && StringPrototypeCodePointAt(text, at - 2) > 0xffff ? 2 : 1;
}

class Editor {
    #readline;
    /** In which row of the prompt and line, as drawn last, the cursor stands. */
    #row = 0;
    #historyIndex = -1;
    /** What was typed before the history was gone through. */
    #typed = '';
    #killed = '';
    #undo = [];
    #lastKey;
    #stop;

    constructor(readline) {
        const { input, output } = readline;
        this.#readline = readline;
        readline.cursor = 0;
        const onKey = (text, key) => this.write(text, key);
        const onError = (error) => readline.emit('error', error);
        const onResize = () => this.refresh();
        const onEnd = () => {
            if (readline.line !== '') readline.emit('line', readline.line);
            readline.close();
        };
        emitKeypressEvents(input, readline);
        input.on('keypress', onKey);
        input.on('error', onError);
        input.on('end', onEnd);
        output?.on('resize', onResize);
        input.setRawMode?.(true);
        this.#stop = () => {
            input.removeListener('keypress', onKey);
            input.removeListener('error', onError);
            input.removeListener('end', onEnd);
            output?.removeListener('resize', onResize);
            input.setRawMode?.(false);
        };
    }
    stop() { this.#stop(); }

    // --- Drawing -------------------------------------------------------------------------------------------------------

    /** Where the end of `text` is drawn. */
    #place(text) {
        const { columns, tabSize } = this.#readline;
        let cols = 0;
        let rows = 0;
        for (let i = 0; i < text.length;) {
            const size = widthAfter(text, i);
            const character = StringPrototypeSlice(text, i, i + size);
            i += size;
            if (character === '\n') {
                rows += MathCeil(cols / columns) || 1;
                cols = 0;
            } else if (character === '\t') cols += tabSize - cols % tabSize;
            else {
                const width = getStringWidth(character, false);
                // A wide character that does not fit goes to the next row.
                if (width === 2 && columns !== Infinity && cols % columns === columns - 1) cols++;
                cols += width;
            }
        }
        if (columns === Infinity) return { cols, rows };
        return { cols: cols % columns, rows: rows + MathFloor(cols / columns) };
    }
    position() {
        const { cursor, line } = this.#readline;
        return this.#place(this.#readline[kState].prompt + StringPrototypeSlice(line, 0, cursor));
    }
    refresh() {
        const readline = this.#readline;
        const { output } = readline;
        const text = readline[kState].prompt + readline.line;
        const end = this.#place(text);
        const at = this.position();
        if (this.#row > 0) moveCursor(output, 0, -this.#row);
        cursorTo(output, 0);
        clearScreenDown(output);
        writeOut(readline, text);
        // A full row leaves the cursor at its end.
        if (end.cols === 0) writeOut(readline, ' ');
        cursorTo(output, at.cols);
        if (end.rows > at.rows) moveCursor(output, 0, at.rows - end.rows);
        this.#row = at.rows;
    }
    clearLine() {
        this.#moveTo(this.#readline.line.length);
        writeOut(this.#readline, '\r\n');
        this.#set('', 0);
        this.#row = 0;
    }

    // --- Changing ------------------------------------------------------------------------------------------------------

    #set(line, cursor) {
        this.#readline.line = line;
        this.#readline.cursor = cursor;
    }
    #replace(from, to, text = '') {
        if (from === to && text === '') return;
        const readline = this.#readline;
        const { cursor, line } = readline;
        this.#undo[this.#undo.length] = { line, cursor };
        if (this.#undo.length > 2048) ArrayPrototypeSplice(this.#undo, 0, 1);
        const isAtEnd = from === line.length && cursor === from;
        this.#set(StringPrototypeSlice(line, 0, from) + text + StringPrototypeSlice(line, to), from + text.length);
        // What is typed at the end of a row that is not full need not be drawn anew.
        const { cols, rows } = this.position();
        if (isAtEnd && rows === this.#row && cols > 0) writeOut(readline, text);
        else this.refresh();
    }
    #insert(text) { this.#replace(this.#readline.cursor, this.#readline.cursor, text); }
    #kill(from, to) {
        this.#killed = StringPrototypeSlice(this.#readline.line, from, to);
        this.#replace(from, to);
    }
    #moveTo(cursor) {
        const before = this.position();
        this.#readline.cursor = MathMax(0, cursor > this.#readline.line.length ? this.#readline.line.length : cursor);
        const after = this.position();
        if (before.rows === after.rows) moveCursor(this.#readline.output, after.cols - before.cols, 0);
        else this.refresh();
    }
    #wordStart() {
        const before = StringPrototypeSlice(this.#readline.line, 0, this.#readline.cursor);
        return before.length - RegExpPrototypeExec(/(?:[^\w\s]+|\w+|)\s*$/, before)[0].length;
    }
    #wordEnd() {
        const { cursor, line } = this.#readline;
        const found = RegExpPrototypeExec(/^(?:\s+|[^\w\s]+|\w+)\s*/, StringPrototypeSlice(line, cursor));
        return found === null ? line.length : cursor + found[0].length;
    }

    // --- History -------------------------------------------------------------------------------------------------------

    #remember(line) {
        const { history, historySize, removeHistoryDuplicates } = this.#readline;
        this.#historyIndex = -1;
        if (historySize === 0 || StringPrototypeTrim(line) === '' || history[0] === line) return;
        if (removeHistoryDuplicates) {
            const at = ArrayPrototypeIndexOf(history, line);
            if (at >= 0) ArrayPrototypeSplice(history, at, 1);
        }
        ArrayPrototypeUnshift(history, line);
        if (history.length > historySize) ArrayPrototypePop(history);
        this.#readline.emit('history', history);
    }
    /** To an older (1) or newer (-1) line that begins as what was typed. */
    #recall(step) {
        const { history, line } = this.#readline;
        if (this.#historyIndex === -1) this.#typed = line;
        let at = this.#historyIndex + step;
        while (at >= 0 && at < history.length && !(StringPrototypeStartsWith(history[at], this.#typed) && history[at] !== line)) {
            at += step;
        }
        if (at > history.length || (at < 0 && this.#historyIndex === -1)) return;
        this.#historyIndex = MathMax(at, -1);
        // Beyond both ends is what was typed.
        const text = history[at] ?? this.#typed;
        this.#set(text, text.length);
        this.refresh();
    }

    // --- Completion ----------------------------------------------------------------------------------------------------

    #complete(isSecond) {
        const readline = this.#readline;
        const before = StringPrototypeSlice(readline.line, 0, readline.cursor);
        const done = (error, result) => {
            readline.resume();
            if (error) {
                const { inspect } = require('internal/util/inspect');
                writeOut(readline, `\r\nTab completion error: ${inspect(error)}\r\n`);
                this.refresh();
                return;
            }
            const { 0: found, 1: part } = result;
            if (!found || found.length === 0) return;
            let common = found[0];
            for (let i = 1; i < found.length; i++) {
                while (!StringPrototypeStartsWith(found[i], common)) common = StringPrototypeSlice(common, 0, -1);
            }
            if (StringPrototypeStartsWith(common, part) && common.length > part.length) {
                this.#insert(StringPrototypeSlice(common, part.length));
            } else if (isSecond) this.#list(found);
        };
        readline.pause();
        const { completer } = readline;
        if (completer.length === 2) completer(before, done);
        else {
            PromisePrototypeThen(PromiseResolve(completer(before)), (result) => done(null, result), (error) => done(error));
        }
    }
    #list(found) {
        const readline = this.#readline;
        let width = 0;
        for (let i = 0; i < found.length; i++) width = MathMax(width, getStringWidth(found[i]) + 2);
        const perRow = readline.columns === Infinity ? 1 : MathFloor(readline.columns / width) || 1;
        let text = '\r\n';
        for (let i = 0; i < found.length; i++) {
            const isLast = (i + 1) % perRow === 0 || i + 1 === found.length;
            text += isLast ? `${found[i]}\r\n` : StringPrototypePadEnd(found[i], width);
        }
        writeOut(readline, text);
        this.#row = 0;
        this.refresh();
    }

    // --- Keys ----------------------------------------------------------------------------------------------------------

    #enter() {
        const readline = this.#readline;
        const { line } = readline;
        this.#moveTo(line.length);
        this.#remember(line);
        this.clearLine();
        this.#undo = [];
        tellLine(readline, line);
    }

    /** What a key does, or, with `text` alone, what is written for the user. */
    write(text, key = {}) {
        const readline = this.#readline;
        const isSecondTab = this.#lastKey === 'tab';
        this.#lastKey = key.name;
        if (key.name === 'escape') return;
        if (key.ctrl && !key.meta) this.#control(key);
        else if (key.meta) this.#meta(key);
        else if (!this.#named(key, isSecondTab) && typeof text === 'string' && text !== '') {
            // Several lines, as they are pasted, are as many returns.
            const parts = StringPrototypeSplit(RegExpPrototypeSymbolReplace(/\r\n?/g, text, '\n'), '\n');
            for (let i = 0; i < parts.length; i++) {
                if (i > 0) this.#enter();
                if (parts[i] !== '' && !readline.closed) this.#insert(parts[i]);
            }
        }
    }

    #control({ name, shift }) {
        const readline = this.#readline;
        const { cursor, line } = readline;
        switch (name) {
        case 'c':
            if (readline.listenerCount('SIGINT') > 0) readline.emit('SIGINT');
            else readline.close();
            break;
        case 'h': this.#replace(cursor - widthBefore(line, cursor), cursor); break;
        case 'd':
            if (cursor === 0 && line === '') readline.close();
            else if (cursor < line.length) this.#replace(cursor, cursor + widthAfter(line, cursor));
            break;
        case 'u': this.#kill(0, cursor); break;
        case 'k': this.#kill(cursor, line.length); break;
        case 'a': this.#moveTo(0); break;
        case 'e': this.#moveTo(line.length); break;
        case 'b': this.#moveTo(cursor - widthBefore(line, cursor)); break;
        case 'f': this.#moveTo(cursor + widthAfter(line, cursor)); break;
        case 'l':
            cursorTo(readline.output, 0, 0);
            clearScreenDown(readline.output);
            this.#row = 0;
            this.refresh();
            break;
        case 'n': this.#recall(-1); break;
        case 'p': this.#recall(1); break;
        case 'y': this.#insert(this.#killed); break;
        case 'z': this.#stopProcess(); break;
        case 'w':
        case 'backspace': this.#replace(this.#wordStart(), cursor); break;
        case 'delete': if (!shift) this.#replace(cursor, this.#wordEnd()); break;
        case 'left': this.#moveTo(this.#wordStart()); break;
        case 'right': this.#moveTo(this.#wordEnd()); break;
        case '_':
        case undefined: this.#takeBack(); break;
        }
    }
    #takeBack() {
        const last = ArrayPrototypePop(this.#undo);
        if (last === undefined) return;
        this.#set(last.line, last.cursor);
        this.refresh();
    }
    /** As the terminal itself would on this key, if it were not read key by key. */
    #stopProcess() {
        const readline = this.#readline;
        if (readline.listenerCount('SIGTSTP') > 0) {
            readline.emit('SIGTSTP');
            return;
        }
        const process = require('process');
        process.once('SIGCONT', () => {
            if (!readline.paused) {
                readline.pause();
                readline.emit('SIGCONT');
            }
            readline.input.setRawMode?.(true);
            this.refresh();
        });
        readline.input.setRawMode?.(false);
        process.kill(process.pid, 'SIGTSTP');
    }
    #meta({ name }) {
        const { cursor } = this.#readline;
        switch (name) {
        case 'b': this.#moveTo(this.#wordStart()); break;
        case 'f': this.#moveTo(this.#wordEnd()); break;
        case 'd':
        case 'delete': this.#replace(cursor, this.#wordEnd()); break;
        case 'backspace': this.#replace(this.#wordStart(), cursor); break;
        }
    }
    /** Whether the key was one of these. */
    #named({ name }, isSecondTab) {
        const readline = this.#readline;
        const { cursor, line } = readline;
        switch (name) {
        case 'return':
        case 'enter': this.#enter(); return true;
        case 'backspace': this.#replace(cursor - widthBefore(line, cursor), cursor); return true;
        case 'delete': this.#replace(cursor, cursor + widthAfter(line, cursor)); return true;
        case 'left': this.#moveTo(cursor - widthBefore(line, cursor)); return true;
        case 'right': this.#moveTo(cursor + widthAfter(line, cursor)); return true;
        case 'home': this.#moveTo(0); return true;
        case 'end': this.#moveTo(line.length); return true;
        case 'up': this.#recall(1); return true;
        case 'down': this.#recall(-1); return true;
        case 'tab':
            if (typeof readline.completer !== 'function') return false;
            nextTick(() => this.#complete(isSecondTab));
            return true;
        default: return false;
        }
    }
}

module.exports = { Editor };
