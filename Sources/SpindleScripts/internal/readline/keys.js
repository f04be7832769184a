// What a terminal sends, as keys: `emitKeypressEvents` makes a stream of bytes emit 'keypress'.

const {
    RegExpPrototypeExec, StringFromCharCode, StringPrototypeCharCodeAt, StringPrototypeCodePointAt, StringPrototypeSlice,
    StringPrototypeToLowerCase, Symbol,
} = primordials;

const kDecoder = Symbol('decoder');
const kPending = Symbol('pending');

/** Names of keys by the end of their escape sequence: the modifiers are taken out before. */
const named = {
    __proto__: null,
    'OP': 'f1', 'OQ': 'f2', 'OR': 'f3', 'OS': 'f4', '[P': 'f1', '[Q': 'f2', '[R': 'f3', '[S': 'f4',
    '[11~': 'f1', '[12~': 'f2', '[13~': 'f3', '[14~': 'f4',
    '[[A': 'f1', '[[B': 'f2', '[[C': 'f3', '[[D': 'f4', '[[E': 'f5',
    '[15~': 'f5', '[17~': 'f6', '[18~': 'f7', '[19~': 'f8', '[20~': 'f9', '[21~': 'f10', '[23~': 'f11', '[24~': 'f12',
    '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[E': 'clear', '[F': 'end', '[H': 'home',
    'OA': 'up', 'OB': 'down', 'OC': 'right', 'OD': 'left', 'OE': 'clear', 'OF': 'end', 'OH': 'home',
    '[1~': 'home', '[2~': 'insert', '[3~': 'delete', '[4~': 'end', '[5~': 'pageup', '[6~': 'pagedown',
    '[[5~': 'pageup', '[[6~': 'pagedown', '[7~': 'home', '[8~': 'end',
    '[200~': 'paste-start', '[201~': 'paste-end',
};
/** The same with shift and with control, as rxvt sends them. */
const shifted = {
    __proto__: null,
    '[a': 'up', '[b': 'down', '[c': 'right', '[d': 'left', '[e': 'clear', '[2$': 'insert', '[3$': 'delete', '[5$': 'pageup',
    '[6$': 'pagedown', '[7$': 'home', '[8$': 'end', '[Z': 'tab',
};
const controlled = {
    __proto__: null,
    'Oa': 'up', 'Ob': 'down', 'Oc': 'right', 'Od': 'left', 'Oe': 'clear', '[2^': 'insert', '[3^': 'delete', '[5^': 'pageup',
    '[6^': 'pagedown', '[7^': 'home', '[8^': 'end',
};

// One key at the beginning of what came; a sequence that may still go on is not one yet.
const sequence = /^\x1b+(?:[O]\d?[A-Za-z]|\[\[?(?:\d+(?:;\d+)*)?[~^$A-Za-z])/;
const beginning = /^\x1b+(?:[O]\d?|\[\[?[\d;]*)?$/;

function keyOfSequence(text) {
    const key = { sequence: text, name: undefined, ctrl: false, meta: false, shift: false };
    const escapes = RegExpPrototypeExec(/^\x1b+/, text)[0].length;
    key.meta = escapes > 1;
    let code = StringPrototypeSlice(text, escapes);
    const parts = RegExpPrototypeExec(/^(O|\[\[?)(\d+(?:;\d+)*)?([~^$A-Za-z])$/, code);
    if (parts !== null && parts[2] !== undefined) {
        const numbers = RegExpPrototypeExec(/^(\d+)(?:;(\d+))?/, parts[2]);
        // `[1;5A`, `O5A`: the modifier is one more than its bits.
        const isLetter = parts[3] !== '~' && parts[3] !== '^' && parts[3] !== '$';
        const modifier = +(numbers[2] ?? (isLetter ? numbers[1] : 1)) - 1;
        key.ctrl = (modifier & 4) !== 0;
        key.meta ||= (modifier & 10) !== 0;
        key.shift = (modifier & 1) !== 0;
        code = isLetter ? parts[1] + parts[3] : parts[1] + numbers[1] + parts[3];
    }
    key.code = code;
    if (named[code] !== undefined) key.name = named[code];
    else if (shifted[code] !== undefined) {
        key.name = shifted[code];
        key.shift = true;
    } else if (controlled[code] !== undefined) {
        key.name = controlled[code];
        key.ctrl = true;
    } else key.name = 'undefined';
    return key;
}

function keyOfCharacter(text, meta) {
    const key = { sequence: meta ? `\x1b${text}` : text, name: undefined, ctrl: false, meta, shift: false };
    switch (text) {
    case '\r': key.name = 'return'; break;
    case '\n': key.name = 'enter'; break;
    case '\t': key.name = 'tab'; break;
    case '\b':
    case '\x7f': key.name = 'backspace'; break;
    case '\x1b': key.name = 'escape'; break;
    case ' ': key.name = 'space'; break;
    default: {
        const code = StringPrototypeCharCodeAt(text, 0);
        if (text.length === 1 && code <= 0x1a) {
            key.name = StringFromCharCode(code + 96);
            key.ctrl = true;
        } else if (RegExpPrototypeExec(/^[0-9A-Za-z]$/, text) !== null) {
            key.name = StringPrototypeToLowerCase(text);
            key.shift = RegExpPrototypeExec(/^[A-Z]$/, text) !== null;
        }
    }
    }
    return key;
}

/** Tells of the keys in `text`; gives what may be the beginning of one. */
function parseKeys(text, tell) {
    while (text.length > 0) {
        if (text[0] === '\x1b') {
            const found = RegExpPrototypeExec(sequence, text);
            if (found !== null) {
                tell(undefined, keyOfSequence(found[0]));
                text = StringPrototypeSlice(text, found[0].length);
                continue;
            }
            if (RegExpPrototypeExec(beginning, text) !== null) return text;
            // Escape and a character are that character with the meta key.
            const character = firstOf(StringPrototypeSlice(text, 1));
            tell(undefined, keyOfCharacter(character, true));
            text = StringPrototypeSlice(text, 1 + character.length);
            continue;
        }
        const character = firstOf(text);
        tell(character, keyOfCharacter(character, false));
        text = StringPrototypeSlice(text, character.length);
    }
    return '';
}
const firstOf = (text) => StringPrototypeSlice(text, 0, StringPrototypeCodePointAt(text, 0) > 0xffff ? 2 : 1);

function emitKeypressEvents(stream, readline = {}) {
    if (stream[kDecoder] !== undefined) return;
    const { StringDecoder } = require('string_decoder');
    stream[kDecoder] = new StringDecoder('utf8');
    stream[kPending] = '';
    let timer;
    const tell = (character, key) => {
        if (key.sequence.length > 0) stream.emit('keypress', character, key);
    };
    const flush = () => {
        const rest = stream[kPending];
        stream[kPending] = '';
        // Escapes that nothing followed are keys themselves.
        if (rest !== '' && RegExpPrototypeExec(/^\x1b+$/, rest) !== null) {
            tell(undefined, { ...keyOfCharacter('\x1b', rest.length > 1), sequence: rest, meta: true });
        } else if (rest !== '') tell(undefined, keyOfSequence(rest));
    };
    const onData = (data) => {
        if (stream.listenerCount('keypress') === 0) {
            stream.removeListener('data', onData);
            stream.on('newListener', onNewListener);
            return;
        }
        const text = typeof data === 'string' ? data : stream[kDecoder].write(data);
        if (text === '') return;
        const { clearTimeout, setTimeout } = require('timers');
        clearTimeout(timer);
        stream[kPending] = parseKeys(stream[kPending] + text, tell);
        if (stream[kPending] !== '') timer = setTimeout(flush, readline.escapeCodeTimeout ?? 500);
    };
    function onNewListener(event) {
        if (event !== 'keypress') return;
        stream.on('data', onData);
        stream.removeListener('newListener', onNewListener);
    }
    if (stream.listenerCount('keypress') > 0) stream.on('data', onData);
    else stream.on('newListener', onNewListener);
}

module.exports = { emitKeypressEvents, parseKeys };
