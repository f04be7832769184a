// The Headers of the Fetch standard.

const {
    ArrayPrototypeJoin, ArrayPrototypePush, ArrayPrototypeSort, ObjectDefineProperty, ReflectOwnKeys, RegExpPrototypeExec,
    String, StringPrototypeReplace, StringPrototypeToLowerCase, Symbol, SymbolFor, SymbolIterator, SymbolToStringTag,
    TypeError,
} = primordials;
const { validateFunction } = require('internal/validators');
const { isToken } = require('internal/http/fields');

const kGuard = Symbol('guard');

function nameOf(name) {
    const text = String(name);
    if (!isToken(text)) throw new TypeError(`Headers: ${text} is an invalid header name.`);
    return StringPrototypeToLowerCase(text);
}
function valueOf(value) {
    const text = StringPrototypeReplace(String(value), /^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    if (RegExpPrototypeExec(/[\0\r\n]|[^\x00-\xff]/, text) !== null) {
        throw new TypeError(`Headers: ${text} is an invalid header value.`);
    }
    return text;
}

class Headers {
    /** By names in lower case: the values. */
    #fields = { __proto__: null };

    constructor(init = undefined) {
        ObjectDefineProperty(this, kGuard, { __proto__: null, enumerable: false, value: false, writable: true });
        if (init !== undefined) fill(this, init);
    }

    append(name, value) {
        checkMutable(this);
        const key = nameOf(name);
        const text = valueOf(value);
        if (this.#fields[key] === undefined) this.#fields[key] = [text];
        else ArrayPrototypePush(this.#fields[key], text);
    }
    delete(name) {
        checkMutable(this);
        delete this.#fields[nameOf(name)];
    }
    get(name) {
        const values = this.#fields[nameOf(name)];
        return values === undefined ? null : ArrayPrototypeJoin(values, ', ');
    }
    getSetCookie() {
        const values = this.#fields['set-cookie'];
        const copy = [];
        if (values !== undefined) for (let i = 0; i < values.length; i++) copy[i] = values[i];
        return copy;
    }
    has(name) { return this.#fields[nameOf(name)] !== undefined; }
    set(name, value) {
        checkMutable(this);
        const key = nameOf(name);
        this.#fields[key] = [valueOf(value)];
    }
    forEach(callback, self) {
        validateFunction(callback, 'callback');
        for (const { 0: name, 1: value } of this) callback.call(self, value, name, this);
    }

    /** Sorted by name; cookies each by themselves. */
    * entries() {
        const names = ArrayPrototypeSort(ReflectOwnKeys(this.#fields));
        for (let i = 0; i < names.length; i++) {
            const values = this.#fields[names[i]];
            if (names[i] === 'set-cookie') for (let j = 0; j < values.length; j++) yield [names[i], values[j]];
            else yield [names[i], ArrayPrototypeJoin(values, ', ')];
        }
    }
    * keys() { for (const { 0: name } of this.entries()) yield name; }
    * values() { for (const { 1: value } of this.entries()) yield value; }
    [SymbolIterator]() { return this.entries(); }
    get [SymbolToStringTag]() { return 'Headers'; }

    [SymbolFor('nodejs.util.inspect.custom')](depth, options, inspect) {
        const plain = {};
        for (const { 0: name, 1: value } of this) plain[name] = value;
        return `Headers ${inspect(plain, options)}`;
    }
}

function checkMutable(headers) {
    if (headers[kGuard]) throw new TypeError('immutable');
}
/** Makes them read-only. */
function freeze(headers) { headers[kGuard] = true; }

function fill(headers, init) {
    if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
        throw new TypeError('Headers constructor: init must be an object or a sequence of pairs.');
    }
    if (init[SymbolIterator] !== undefined) {
        for (const pair of init) {
            const { length } = pair;
            if (typeof pair !== 'object' || length !== 2) {
                throw new TypeError('Headers constructor: expected name/value pair to be length 2.');
            }
            headers.append(pair[0], pair[1]);
        }
        return;
    }
    const keys = ReflectOwnKeys(init);
    for (let i = 0; i < keys.length; i++) headers.append(keys[i], init[keys[i]]);
}

module.exports = { Headers, freeze };
