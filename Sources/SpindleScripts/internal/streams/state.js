// What both sides of streams keep: one number of flags each, under which a side's state is also seen by the names that
// libraries look for (`_readableState.objectMode`), and how much is buffered before a stream says stop.

const { MathFloor, NumberIsInteger, ObjectDefineProperty } = primordials;
const { codes: { ERR_INVALID_ARG_VALUE, ERR_UNKNOWN_ENCODING } } = require('internal/errors');
const { validateInteger } = require('internal/validators');
const { isEncoding } = require('buffer').Buffer;

/** Flags that mean the same on both sides; each side's own begin at 1 << 9. */
const flags = {
    __proto__: null,
    kObjectMode: 1 << 0,
    kErrorEmitted: 1 << 1,
    kAutoDestroy: 1 << 2,
    kEmitClose: 1 << 3,
    kDestroyed: 1 << 4,
    kClosed: 1 << 5,
    kCloseEmitted: 1 << 6,
    kErrored: 1 << 7,
    kConstructed: 1 << 8,
};

/** Gives states accessors of the named flags. */
function defineFlags(prototype, names) {
    for (const name in names) {
        const flag = names[name];
        ObjectDefineProperty(prototype, name, {
            __proto__: null,
            configurable: true,
            get() { return (this.flags & flag) !== 0; },
            set(on) { this.flags = on ? this.flags | flag : this.flags & ~flag; },
        });
    }
}

/** The members that the states of both sides have. */
function defineCommon(prototype) {
    defineFlags(prototype, {
        __proto__: null,
        objectMode: flags.kObjectMode,
        errorEmitted: flags.kErrorEmitted,
        autoDestroy: flags.kAutoDestroy,
        emitClose: flags.kEmitClose,
        destroyed: flags.kDestroyed,
        closed: flags.kClosed,
        closeEmitted: flags.kCloseEmitted,
        constructed: flags.kConstructed,
    });
    ObjectDefineProperty(prototype, 'errored', {
        __proto__: null,
        configurable: true,
        get() { return this.error; },
        set(error) { setErrored(this, error); },
    });
}

function setErrored(state, error) {
    state.error = error || null;
    state.flags = error ? state.flags | flags.kErrored : state.flags & ~flags.kErrored;
}

/** The flags that `options` ask for; `sideMode` is the name of the option for one side of a duplex stream. */
function flagsFrom(options, sideMode) {
    let value = flags.kConstructed;
    if (options == null) return value | flags.kEmitClose | flags.kAutoDestroy;
    if (options.objectMode || (sideMode !== undefined && options[sideMode])) value |= flags.kObjectMode;
    if (options.emitClose !== false) value |= flags.kEmitClose;
    if (options.autoDestroy !== false) value |= flags.kAutoDestroy;
    return value;
}

function defaultEncodingFrom(options) {
    const encoding = options?.defaultEncoding;
    if (encoding == null || encoding === 'utf8' || encoding === 'utf-8') return 'utf8';
    if (!isEncoding(encoding)) throw new ERR_UNKNOWN_ENCODING(encoding);
    return encoding;
}

let defaultBytes = 64 * 1024;
let defaultObjects = 16;

function getDefaultHighWaterMark(objectMode) { return objectMode ? defaultObjects : defaultBytes; }
function setDefaultHighWaterMark(objectMode, value) {
    validateInteger(value, 'value', 0);
    if (objectMode) defaultObjects = value;
    else defaultBytes = value;
}

/** `sideKey`: the name of the option for one side of a duplex stream. */
function highWaterMarkFrom(options, objectMode, sideKey) {
    const asked = options == null ? undefined : options.highWaterMark ?? (sideKey === undefined ? undefined : options[sideKey]);
    if (asked == null) return getDefaultHighWaterMark(objectMode);
    if (!NumberIsInteger(asked) || asked < 0) {
        throw new ERR_INVALID_ARG_VALUE(`options.${sideKey ?? 'highWaterMark'}`, asked);
    }
    return MathFloor(asked);
}

module.exports = {
    ...flags,
    defaultEncodingFrom,
    defineCommon,
    defineFlags,
    flagsFrom,
    getDefaultHighWaterMark,
    highWaterMarkFrom,
    setDefaultHighWaterMark,
    setErrored,
};
