// URLSearchParams: a list of names and values which, if it belongs to a URL, is that URL's query.

const {
    ArrayPrototypeJoin,
    ArrayPrototypePush,
    ArrayPrototypeSlice,
    ArrayPrototypeSort,
    IteratorPrototype,
    ObjectDefineProperties,
    ObjectGetOwnPropertyDescriptor,
    ObjectSetPrototypeOf,
    ReflectApply,
    ReflectOwnKeys,
    RegExpPrototypeSymbolReplace,
    StringPrototypeIncludes,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeSplit,
    StringPrototypeToWellFormed,
    SymbolFor,
    SymbolIterator,
    SymbolToStringTag,
} = primordials;

const {
    codes: { ERR_ARG_NOT_ITERABLE, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_INVALID_TUPLE, ERR_MISSING_ARGS },
} = require('internal/errors');
const { form, percentDecode, percentEncode } = require('internal/url/percent');

const inspectCustom = SymbolFor('nodejs.util.inspect.custom');

const toUSVString = (value) => StringPrototypeToWellFormed(`${value}`);

/** `text` with each `from` as `to`; both are single characters. */
function exchanged(text, from, to) {
    return StringPrototypeIncludes(text, from) ? ArrayPrototypeJoin(StringPrototypeSplit(text, from), to) : text;
}

function encodeForm(text) {
    return exchanged(percentEncode(text, form), ' ', '+');
}

function decodeForm(text) {
    const spaced = exchanged(text, '+', ' ');
    return StringPrototypeIncludes(spaced, '%') ? percentDecode(spaced) : StringPrototypeToWellFormed(spaced);
}

/** Names and values in turn. */
function parseForm(text) {
    const list = [];
    const parts = StringPrototypeSplit(text, '&');
    for (let i = 0; i < parts.length; i++) {
        const part = parts[i];
        if (part === '') continue;
        const equals = StringPrototypeIndexOf(part, '=');
        ArrayPrototypePush(list, decodeForm(equals < 0 ? part : StringPrototypeSlice(part, 0, equals)));
        ArrayPrototypePush(list, equals < 0 ? '' : decodeForm(StringPrototypeSlice(part, equals + 1)));
    }
    return list;
}

function serializeForm(list) {
    let text = '';
    for (let i = 0; i < list.length; i += 2) {
        text += `${i === 0 ? '' : '&'}${encodeForm(list[i])}=${encodeForm(list[i + 1])}`;
    }
    return text;
}

/** The list of what the constructor was given. */
function listOf(init) {
    if (init === undefined || init === null) return [];
    if (typeof init !== 'object' && typeof init !== 'function') {
        const text = toUSVString(init);
        return parseForm(text[0] === '?' ? StringPrototypeSlice(text, 1) : text);
    }
    const iterate = init[SymbolIterator];
    if (isSearchParams(init) && iterate === URLSearchParams.prototype[SymbolIterator]) return ArrayPrototypeSlice(listIn(init));
    const list = [];
    if (iterate !== null && iterate !== undefined) {
        if (typeof iterate !== 'function') throw new ERR_ARG_NOT_ITERABLE('Query pairs');
        for (const pair of init) {
            if (pair === null || pair === undefined) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
            if ((typeof pair !== 'object' && typeof pair !== 'function') || typeof pair[SymbolIterator] !== 'function') {
                throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
            }
            const items = [];
            for (const item of pair) ArrayPrototypePush(items, toUSVString(item));
            if (items.length !== 2) throw new ERR_INVALID_TUPLE('Each query pair', '[name, value]');
            ArrayPrototypePush(list, items[0], items[1]);
        }
        return list;
    }
    // Of a record; names that become the same keep the place of the first and the value of the last.
    const places = { __proto__: null };
    const keys = ReflectOwnKeys(init);
    for (let i = 0; i < keys.length; i++) {
        const descriptor = ObjectGetOwnPropertyDescriptor(init, keys[i]);
        if (descriptor === undefined || !descriptor.enumerable) continue;
        const name = toUSVString(keys[i]);
        const value = toUSVString(init[keys[i]]);
        if (places[name] !== undefined) list[places[name]] = value;
        else places[name] = ArrayPrototypePush(list, name, value) - 1;
    }
    return list;
}

let isSearchParams;
let listIn;
let attach;
let replaceList;

class URLSearchParams {
    #list;
    // Called with the new query after a change; set if the list is a URL's.
    #onChange;

    static {
        isSearchParams = (value) => value !== null && typeof value === 'object' && #list in value;
        listIn = (params) => params.#list;
        replaceList = (params, query) => { params.#list = parseForm(query); };
        attach = (query, onChange) => {
            const params = new URLSearchParams();
            params.#list = parseForm(query);
            params.#onChange = onChange;
            return params;
        };
    }

    constructor(init = undefined) {
        this.#list = listOf(init);
    }

    #changed() {
        this.#onChange?.(serializeForm(this.#list));
    }

    get size() {
        check(this);
        return this.#list.length / 2;
    }

    append(name, value) {
        check(this);
        if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
        name = toUSVString(name);
        ArrayPrototypePush(this.#list, name, toUSVString(value));
        this.#changed();
    }

    delete(name, value = undefined) {
        check(this);
        if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
        name = toUSVString(name);
        if (value !== undefined) value = toUSVString(value);
        const list = this.#list;
        const kept = [];
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] !== name || (value !== undefined && list[i + 1] !== value)) {
                ArrayPrototypePush(kept, list[i], list[i + 1]);
            }
        }
        this.#list = kept;
        this.#changed();
    }

    get(name) {
        check(this);
        if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
        name = toUSVString(name);
        const list = this.#list;
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] === name) return list[i + 1];
        }
        return null;
    }

    getAll(name) {
        check(this);
        if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
        name = toUSVString(name);
        const list = this.#list;
        const values = [];
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] === name) ArrayPrototypePush(values, list[i + 1]);
        }
        return values;
    }

    has(name, value = undefined) {
        check(this);
        if (arguments.length < 1) throw new ERR_MISSING_ARGS('name');
        name = toUSVString(name);
        if (value !== undefined) value = toUSVString(value);
        const list = this.#list;
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] === name && (value === undefined || list[i + 1] === value)) return true;
        }
        return false;
    }

    set(name, value) {
        check(this);
        if (arguments.length < 2) throw new ERR_MISSING_ARGS('name', 'value');
        name = toUSVString(name);
        value = toUSVString(value);
        const list = this.#list;
        const kept = [];
        let isSet = false;
        for (let i = 0; i < list.length; i += 2) {
            if (list[i] !== name) {
                ArrayPrototypePush(kept, list[i], list[i + 1]);
            } else if (!isSet) {
                isSet = true;
                ArrayPrototypePush(kept, name, value);
            }
        }
        if (!isSet) ArrayPrototypePush(kept, name, value);
        this.#list = kept;
        this.#changed();
    }

    sort() {
        check(this);
        const list = this.#list;
        const pairs = [];
        for (let i = 0; i < list.length; i += 2) ArrayPrototypePush(pairs, [list[i], list[i + 1]]);
        // By code units, which is how strings compare; equal names keep their order.
        ArrayPrototypeSort(pairs, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
        this.#list = [];
        for (let i = 0; i < pairs.length; i++) ArrayPrototypePush(this.#list, pairs[i][0], pairs[i][1]);
        this.#changed();
    }

    forEach(callback, thisArg = undefined) {
        check(this);
        if (typeof callback !== 'function') throw new ERR_INVALID_ARG_TYPE('callback', 'Function', callback);
        for (let i = 0; i < this.#list.length; i += 2) {
            ReflectApply(callback, thisArg, [this.#list[i + 1], this.#list[i], this]);
        }
    }

    entries() {
        check(this);
        return iterator(this, 'entries');
    }

    keys() {
        check(this);
        return iterator(this, 'keys');
    }

    values() {
        check(this);
        return iterator(this, 'values');
    }

    toString() {
        check(this);
        return serializeForm(this.#list);
    }

    [inspectCustom](depth, options, inspect) {
        check(this);
        if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
        const inner = { ...options };
        if (depth !== null) inner.depth = depth - 1;
        const list = this.#list;
        const shown = [];
        let length = 0;
        for (let i = 0; i < list.length; i += 2) {
            const text = `${inspect(list[i], inner)} => ${inspect(list[i + 1], inner)}`;
            length += text.length + 2;
            ArrayPrototypePush(shown, text);
        }
        if (shown.length === 0) return 'URLSearchParams {}';
        return length > options.breakLength ? `URLSearchParams {\n  ${ArrayPrototypeJoin(shown, ',\n  ')} }` :
            `URLSearchParams { ${ArrayPrototypeJoin(shown, ', ')} }`;
    }
}

function check(params) {
    if (!isSearchParams(params)) throw new ERR_INVALID_THIS('URLSearchParams');
}

/** The items that an iterator of this kind gives from `index` on, one at a time. */
function item(list, index, kind) {
    return kind === 'keys' ? list[index] : kind === 'values' ? list[index + 1] : [list[index], list[index + 1]];
}

let iterator;

class ParamsIterator {
    #params;
    #kind;
    #index = 0;

    static {
        iterator = (params, kind) => {
            const created = new ParamsIterator();
            created.#params = params;
            created.#kind = kind;
            return created;
        };
    }

    next() {
        if (this === null || typeof this !== 'object' || !(#params in this)) {
            throw new ERR_INVALID_THIS('URLSearchParamsIterator');
        }
        const list = listIn(this.#params);
        if (this.#index >= list.length) return { value: undefined, done: true };
        const value = item(list, this.#index, this.#kind);
        this.#index += 2;
        return { value, done: false };
    }

    [inspectCustom](depth, options, inspect) {
        if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
        const inner = { ...options };
        if (depth !== null) inner.depth = depth - 1;
        const list = listIn(this.#params);
        const rest = [];
        for (let i = this.#index; i < list.length; i += 2) ArrayPrototypePush(rest, item(list, i, this.#kind));
        const text = RegExpPrototypeSymbolReplace(/^\[|\]$/g, inspect(rest, inner), '');
        return `URLSearchParams Iterator {${text === '' ? '  ' : text}}`;
    }
}
// Objects of the class are what `entries` and its like give, and nothing else: its constructor is not to be found.
delete ParamsIterator.prototype.constructor;
ObjectSetPrototypeOf(ParamsIterator.prototype, IteratorPrototype);

const enumerable = { __proto__: null, enumerable: true };
ObjectDefineProperties(ParamsIterator.prototype, {
    __proto__: null,
    next: enumerable,
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams Iterator' },
});
ObjectDefineProperties(URLSearchParams.prototype, {
    __proto__: null,
    append: enumerable,
    delete: enumerable,
    entries: enumerable,
    forEach: enumerable,
    get: enumerable,
    getAll: enumerable,
    has: enumerable,
    keys: enumerable,
    set: enumerable,
    size: enumerable,
    sort: enumerable,
    toString: enumerable,
    values: enumerable,
    [SymbolIterator]: {
        __proto__: null, configurable: true, value: URLSearchParams.prototype.entries, writable: true,
    },
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'URLSearchParams' },
});

module.exports = { URLSearchParams, attach, replaceList, toUSVString };
