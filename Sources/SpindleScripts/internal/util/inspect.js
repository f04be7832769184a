// `util.inspect`: values as text, laid out as Node.js prints them.
//
// A Printer walks a value. For each object it fills a Subject (name, keys, braces, how the contents are listed), lists
// the contents as strings, and joins them on one line or several. The order of the user-visible steps (which getters,
// traps and custom functions run, and when) is part of the behaviour: guests observe it. The file stays whole because
// printer, subjects and the shapes of the classes call one another in turn.

const {
    Array,
    ArrayIsArray,
    ArrayPrototypeIndexOf,
    ArrayPrototypePop,
    ArrayPrototypeSlice,
    ArrayPrototypeSort,
    ArrayPrototypeSplice,
    ArrayPrototypeUnshift,
    BigIntPrototypeValueOf,
    BooleanPrototypeValueOf,
    DatePrototypeGetTime,
    DatePrototypeToISOString,
    DatePrototypeToString,
    Error,
    ErrorPrototypeToString,
    FunctionPrototype,
    FunctionPrototypeCall,
    FunctionPrototypeSymbolHasInstance,
    MapIteratorPrototypeNext,
    MapPrototypeEntries,
    MapPrototypeGetSize,
    MathFloor,
    MathMax,
    MathMin,
    MathRound,
    MathSqrt,
    MathTrunc,
    Number,
    NumberIsFinite,
    NumberIsNaN,
    NumberPrototypeValueOf,
    Object,
    ObjectAssign,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetOwnPropertyNames,
    ObjectGetOwnPropertySymbols,
    ObjectGetPrototypeOf,
    ObjectKeys,
    ObjectPrototype,
    ObjectPrototypeHasOwnProperty,
    ObjectPrototypePropertyIsEnumerable,
    ObjectSeal,
    RangeErrorPrototype,
    ReflectOwnKeys,
    RegExp,
    RegExpPrototypeExec,
    RegExpPrototypeToString,
    SafeMap,
    SafeSet,
    SetIteratorPrototypeNext,
    SetPrototypeGetSize,
    SetPrototypeValues,
    String,
    StringPrototypeEndsWith,
    StringPrototypeIncludes,
    StringPrototypeIndexOf,
    StringPrototypePadEnd,
    StringPrototypePadStart,
    StringPrototypeRepeat,
    StringPrototypeReplaceAll,
    StringPrototypeSlice,
    StringPrototypeSplit,
    StringPrototypeStartsWith,
    StringPrototypeToLowerCase,
    StringPrototypeValueOf,
    SymbolFor,
    SymbolPrototypeToString,
    SymbolPrototypeValueOf,
    SymbolToStringTag,
    TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    Uint8Array,
} = primordials;

const { classOf, functionKind, isNativeError } = require('internal/util/types');
const { escape, getStringWidth, quote, stripVTControlCharacters } = require('internal/util/text');
const { normalize } = require('internal/stack');
const { validateObject } = require('internal/validators');
const { getPromiseDetails, getProxyDetails, previewEntries } = binding('util');

const customInspect = SymbolFor('nodejs.util.inspect.custom');

const defaultOptions = ObjectSeal({
    showHidden: false,
    depth: 2,
    colors: false,
    customInspect: true,
    showProxy: false,
    maxArrayLength: 100,
    maxStringLength: 10000,
    breakLength: 80,
    compact: 3,
    sorted: false,
    getters: false,
    numericSeparator: false,
});

// A literal's constructor may be anybody's: these names count as the language's or the host's own, so that a guest's
// global class does not.
const builtIn = new RegExp('^(?:AggregateError|Array|ArrayBuffer|Atomics|BigInt|BigInt64Array|BigUint64Array|Boolean|DataView|' +
    'Date|Error|EvalError|FinalizationRegistry|Float16Array|Float32Array|Float64Array|Function|Int16Array|Int32Array|' +
    'Int8Array|Intl|Iterator|JSON|Map|Math|Number|Object|Promise|Proxy|RangeError|ReferenceError|Reflect|RegExp|Set|' +
    'SharedArrayBuffer|String|Symbol|SyntaxError|TypeError|URIError|Uint16Array|Uint32Array|Uint8Array|' +
    'Uint8ClampedArray|WeakMap|WeakRef|WeakSet|WebAssembly)$');

const isBuiltIn = (name) => typeof name === 'string' && RegExpPrototypeExec(builtIn, name) !== null;

// How a property is shown: as a member of an object, by value alone (an array's element), as an array's further key.
const kMember = 0;
const kElement = 1;
const kExtra = 2;

const identifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const arrayIndex = /^(?:0|[1-9][0-9]*)$/;

// The same keys come again and again; remembering some saves most matches.
let known = new SafeMap();

function isIdentifier(key) {
    let answer = known.get(key);
    if (answer === undefined) {
        answer = RegExpPrototypeExec(identifier, key) !== null;
        if (known.size >= 1000) known = new SafeMap();
        known.set(key, answer);
    }
    return answer;
}

const spaces = (count) => StringPrototypeRepeat(' ', count);
const counted = (count, noun) => `${count} ${noun}${count > 1 ? 's' : ''}`;
const remainder = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;

function plain(text) {
    return text;
}

function colored(text, kind) {
    const color = inspect.colors[inspect.styles[kind]];
    return color === undefined ? text : `\u001b[${color[0]}m${text}\u001b[${color[1]}m`;
}

function append(list, items) {
    for (let i = 0; i < items.length; i++) list[list.length] = items[i];
}

// Concatenation makes a rope, which unlike a join copies nothing until the whole text is read.
function concat(pieces, separator) {
    let text = pieces.length === 0 ? '' : pieces[0];
    for (let i = 1; i < pieces.length; i++) text += separator + pieces[i];
    return text;
}

function isStackOverflow(error) {
    return isNativeError(error) && ObjectGetPrototypeOf(error) === RangeErrorPrototype &&
        StringPrototypeStartsWith(error.message, 'Maximum call stack size exceeded');
}

function isInstanceOf(value, constructor) {
    try {
        return value instanceof constructor;
    } catch {
        return false;
    }
}

const isErrorLike = (value) => isNativeError(value) || FunctionPrototypeSymbolHasInstance(Error, value);

// Digits in groups of three, counted from the right (the integral part) or from the left (the fraction).
function groupFromRight(digits) {
    const first = digits[0] === '-' ? 1 : 0;
    let end = digits.length;
    let result = '';
    for (; end >= first + 4; end -= 3) result = `_${StringPrototypeSlice(digits, end - 3, end)}${result}`;
    return StringPrototypeSlice(digits, 0, end) + result;
}

function groupFromLeft(digits) {
    let result = '';
    let start = 0;
    for (; start < digits.length - 3; start += 3) result += `${StringPrototypeSlice(digits, start, start + 3)}_`;
    return result + StringPrototypeSlice(digits, start);
}

function numberText(number, separates) {
    if (!separates) return number === 0 && 1 / number < 0 ? '-0' : `${number}`;
    const text = `${number}`;
    if (!NumberIsFinite(number)) return text;
    if (MathTrunc(number) === number) return StringPrototypeIncludes(text, 'e') ? text : groupFromRight(text);
    const point = StringPrototypeIndexOf(text, '.');
    return `${groupFromRight(StringPrototypeSlice(text, 0, point))}.${
        groupFromLeft(StringPrototypeSlice(text, point + 1))}`;
}

const bigintText = (bigint, separates) => `${separates ? groupFromRight(`${bigint}`) : bigint}n`;

// The own keys to show; with `indexed`, those that are not array indices (which are listed first and in order).
function ownKeys(value, showsHidden, indexed) {
    let keys;
    if (showsHidden) {
        keys = ObjectGetOwnPropertyNames(value);
    } else {
        try {
            keys = ObjectKeys(value);
        } catch (error) {
            // A module namespace whose module has not run yet refuses; it has names all the same.
            if (!isNativeError(error) || error.name !== 'ReferenceError') throw error;
            keys = ObjectGetOwnPropertyNames(value);
        }
    }
    if (indexed) keys = afterIndices(keys);
    const symbols = ObjectGetOwnPropertySymbols(value);
    for (let i = 0; i < symbols.length; i++) {
        if (showsHidden || ObjectPrototypePropertyIsEnumerable(value, symbols[i])) keys[keys.length] = symbols[i];
    }
    return keys;
}

// Without the array indices, which come first. Where they end is found by halving, as they are many.
function afterIndices(keys) {
    let low = 0;
    let high = keys.length;
    if (high === 0) return keys;
    if (isArrayIndex(keys[high - 1])) return [];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (isArrayIndex(keys[middle])) low = middle + 1;
        else high = middle;
    }
    return low === 0 ? keys : ArrayPrototypeSlice(keys, low);
}

function isArrayIndex(key) {
    return RegExpPrototypeExec(arrayIndex, key) !== null && +key < 2 ** 32 - 1;
}

// What is being found out about one object before its contents are listed.
class Subject {
    constructor(value, name, tag) {
        this.value = value;
        this.name = name;            // the constructor's; null where the prototype chain has none
        this.tag = tag;              // Symbol.toStringTag, or ''
        this.keys = undefined;       // the own keys to list after the entries
        this.inherited = undefined;  // texts of properties of prototypes (showHidden)
        this.base = '';              // text before the opening brace
        this.open = '{';
        this.close = '}';
        this.entries = undefined;    // (printer, subject, depth) → texts, for contents that are no properties
        this.isList = false;
    }

    get isBare() {
        return this.keys.length === 0 && this.inherited === undefined;
    }

    // `Name(size) [tag] `, the words before the opening brace.
    prefix(fallback, size = '') {
        const { name, tag } = this;
        if (name === null) {
            const start = `[${fallback}${size}: null prototype] `;
            return tag !== '' && fallback !== tag ? `${start}[${tag}] ` : start;
        }
        return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
    }

    // The same for an object named by its class alone, also what is shown beyond the depth.
    title() {
        if (this.name !== null) return this.prefix('');
        const own = className(this.value);
        return this.prefix(own === this.tag ? 'Object' : own);
    }
}

function className(value) {
    if (ArrayIsArray(value)) return 'Array';
    if (typeof value === 'function') return 'Function';
    const name = classOf(value);
    return name === 'TypedArray' ? TypedArrayPrototypeGetSymbolToStringTag(value) : name;
}

function isNumeric(list, length) {
    for (let i = 0; i < length; i++) {
        if (typeof list[i] !== 'number' && typeof list[i] !== 'bigint') return false;
    }
    return true;
}

class Printer {
    constructor() {
        this.stylize = plain;
        this.showHidden = defaultOptions.showHidden;
        this.depth = defaultOptions.depth;
        this.colors = defaultOptions.colors;
        this.customInspect = defaultOptions.customInspect;
        this.showProxy = defaultOptions.showProxy;
        this.maxArrayLength = defaultOptions.maxArrayLength;
        this.maxStringLength = defaultOptions.maxStringLength;
        this.breakLength = defaultOptions.breakLength;
        this.compact = defaultOptions.compact;
        this.sorted = defaultOptions.sorted;
        this.getters = defaultOptions.getters;
        this.numericSeparator = defaultOptions.numericSeparator;
        this.given = undefined;      // the caller's options when they hold more than ours, for custom functions
        this.indentation = 0;
        this.path = [];              // the objects around the current one
        this.currentDepth = 0;       // of the object listed last
        this.circular = undefined;   // object → number of its <ref>
        this.written = [];           // characters written per indentation, to stop runaway output
        this.breaks = 0;             // how many texts with line feeds were made: asking them would flatten the ropes
    }

    take(options) {
        const keys = ObjectKeys(options);
        for (let i = 0; i < keys.length; i++) {
            const key = keys[i];
            if (ObjectPrototypeHasOwnProperty(defaultOptions, key) || key === 'stylize') this[key] = options[key];
            else this.given = options;
        }
    }

    settle() {
        if (this.colors) this.stylize = colored;
        if (this.maxArrayLength === null) this.maxArrayLength = Infinity;
        if (this.maxStringLength === null) this.maxStringLength = Infinity;
    }

    isBeyond(depth) {
        return this.depth !== null && depth > this.depth;
    }

    optionsForCustom(depth) {
        return {
            stylize: this.stylize,
            showHidden: this.showHidden,
            depth,
            colors: this.colors,
            customInspect: this.customInspect,
            showProxy: this.showProxy,
            maxArrayLength: this.maxArrayLength,
            maxStringLength: this.maxStringLength,
            breakLength: this.breakLength,
            compact: this.compact,
            sorted: this.sorted,
            getters: this.getters,
            numericSeparator: this.numericSeparator,
            ...this.given,
        };
    }

    // The text of any value. `isViewed` tells an array buffer that it is listed inside its typed array.
    format(value, depth, isViewed) {
        if (typeof value !== 'object' && typeof value !== 'function') return this.primitive(value, this.stylize);
        if (value === null) return this.stylize('null', 'null');

        // No trap of a proxy is to run: what is looked at from here on is its target.
        const original = value;
        let proxy = getProxyDetails(value);
        if (proxy !== undefined) {
            if (this.showProxy && proxy[0] !== null) return this.proxy(proxy, depth);
            do {
                value = proxy[0];
                if (value === null) return this.stylize('<Revoked Proxy>', 'special');
            } while ((proxy = getProxyDetails(value)) !== undefined);
        }

        if (this.customInspect) {
            const custom = value[customInspect];
            // `util` has the method too without meaning it, and a prototype has it for its instances.
            if (typeof custom === 'function' && custom !== inspect &&
                !(value.constructor && value.constructor.prototype === value)) {
                const left = this.depth === null ? null : this.depth - depth;
                const result = FunctionPrototypeCall(custom, original, left, this.optionsForCustom(this.depth), inspect);
                if (result !== original) {
                    if (typeof result !== 'string') return this.format(result, depth);
                    return StringPrototypeReplaceAll(this.note(result), '\n', `\n${spaces(this.indentation)}`);
                }
            }
        }

        const { path } = this;
        for (let i = 0; i < path.length; i++) {
            if (path[i] === value) return this.stylize(`[Circular *${this.reference(value)}]`, 'special');
        }
        return this.object(value, depth, isViewed);
    }

    // Counts a text that may have line feeds in it.
    note(text) {
        if (StringPrototypeIncludes(text, '\n')) this.breaks++;
        return text;
    }

    reference(value) {
        this.circular ??= new SafeMap();
        let number = this.circular.get(value);
        if (number === undefined) {
            number = this.circular.size + 1;
            this.circular.set(value, number);
        }
        return number;
    }

    proxy(details, depth) {
        if (this.isBeyond(depth)) return this.stylize('Proxy [Array]', 'special');
        const { breaks } = this;
        this.indentation += 2;
        const output = [this.format(details[0], depth + 1), this.format(details[1], depth + 1)];
        this.indentation -= 2;
        return this.join(output, '', 'Proxy [', ']', true, depth + 1, breaks);
    }

    primitive(value, stylize) {
        switch (typeof value) {
        case 'string':
            return this.string(value, stylize);
        case 'number':
            return stylize(numberText(value, this.numericSeparator), 'number');
        case 'bigint':
            return stylize(bigintText(value, this.numericSeparator), 'bigint');
        case 'symbol':
            return stylize(this.note(SymbolPrototypeToString(value)), 'symbol');
        default:
            return stylize(`${value}`, typeof value);
        }
    }

    string(value, stylize) {
        let trailer = '';
        if (value.length > this.maxStringLength) {
            const rest = value.length - this.maxStringLength;
            value = StringPrototypeSlice(value, 0, this.maxStringLength);
            trailer = `... ${rest} more character${rest > 1 ? 's' : ''}`;
        }
        if (this.compact === true || value.length <= 16 || value.length <= this.breakLength - this.indentation - 4) {
            return stylize(quote(value), 'string') + trailer;
        }
        // One literal per line of the text, each with its line feed.
        let result = '';
        let start = 0;
        for (let end; (end = StringPrototypeIndexOf(value, '\n', start) + 1) !== 0 && end < value.length; start = end) {
            const line = StringPrototypeSlice(value, start, end);
            this.breaks++;
            result += `${stylize(quote(line), 'string')} +\n${spaces(this.indentation + 2)}`;
        }
        return result + stylize(quote(StringPrototypeSlice(value, start)), 'string') + trailer;
    }

    // The name of the constructor that made `value`, as far as its prototypes tell: null if they tell nothing. With
    // `inherited`, what those prototypes hold besides methods is added to it.
    constructorName(value, depth, inherited) {
        let first;
        for (let holder = value; holder !== null; holder = ObjectGetPrototypeOf(holder)) {
            if (holder !== value && first === undefined) first = holder;
            let name;
            // These two are told by identity, as a guest may have replaced their `constructor`.
            if (holder === ObjectPrototype && holder !== value) {
                name = 'Object';
            } else if (holder === FunctionPrototype && holder !== value) {
                name = 'Function';
            } else {
                const constructor = ObjectGetOwnPropertyDescriptor(holder, 'constructor')?.value;
                if (typeof constructor !== 'function' || constructor.name === '' || !isInstanceOf(value, constructor)) {
                    continue;
                }
                name = String(constructor.name);
            }
            if (inherited !== undefined && (holder !== first || !isBuiltIn(name))) {
                this.inheritedProperties(value, holder === value ? value : first, depth, inherited);
            }
            return name;
        }
        if (first === undefined) return null;

        const own = className(value);
        if (this.isBeyond(depth)) return `${own} <Complex prototype>`;
        const name = this.constructorName(first, depth + 1, inherited);
        if (name !== null) return `${own} <${name}>`;
        const nested = new Printer();
        nested.take(this.optionsForCustom(-1));
        nested.customInspect = false;
        nested.settle();
        return `${own} <${nested.format(first, 0)}>`;
    }

    // Texts of the properties (not methods) of up to three prototypes of a guest's making.
    inheritedProperties(value, holder, depth, texts) {
        const shadowed = new SafeSet();
        for (let level = 0; level < 3; level++) {
            if (level > 0 || holder === value) {
                holder = ObjectGetPrototypeOf(holder);
                if (holder === null) return;
                const constructor = ObjectGetOwnPropertyDescriptor(holder, 'constructor')?.value;
                if (typeof constructor === 'function' && isBuiltIn(constructor.name)) return;
            }
            const keys = ReflectOwnKeys(holder);
            this.path[this.path.length] = value;
            for (let i = 0; i < keys.length; i++) {
                const key = keys[i];
                if (key === 'constructor' || ObjectPrototypeHasOwnProperty(value, key) || shadowed.has(key)) continue;
                const property = ObjectGetOwnPropertyDescriptor(holder, key);
                if (typeof property.value === 'function') continue;
                const text = this.property(holder, key, depth, kMember, property, value);
                texts[texts.length] = this.colors ? `\u001b[2m${text}\u001b[22m` : text;
            }
            ArrayPrototypePop(this.path);
            for (let i = 0; i < keys.length; i++) shadowed.add(keys[i]);
        }
    }

    object(value, depth, isViewed) {
        const { breaks } = this;
        let inherited = this.showHidden && !this.isBeyond(depth) ? [] : undefined;
        const name = this.constructorName(value, depth, inherited);
        if (inherited !== undefined && inherited.length === 0) inherited = undefined;

        let tag = value[SymbolToStringTag];
        // An own tag is listed as a property already.
        if (typeof tag !== 'string' || (tag !== '' && (this.showHidden ?
            ObjectPrototypeHasOwnProperty(value, SymbolToStringTag) :
            ObjectPrototypePropertyIsEnumerable(value, SymbolToStringTag)))) {
            tag = '';
        }

        const subject = new Subject(value, name, tag);
        subject.inherited = inherited;
        const finished = this.shape(subject, depth, isViewed);
        if (finished !== undefined) return finished;

        if (this.isBeyond(depth)) {
            const title = StringPrototypeSlice(subject.title(), 0, -1);
            return this.stylize(name === null ? title : `[${title}]`, 'special');
        }
        return this.contents(subject, depth + 1, breaks);
    }

    // Fills in the subject by its class. Answers a text where that is all there is to say.
    shape(subject, depth, isViewed) {
        const { value } = subject;
        if (ArrayIsArray(value)) return shapes.Array(this, subject);
        if (typeof value === 'function') return shapes.Function(this, subject);
        return shapes[classOf(value)](this, subject, depth, isViewed);
    }

    // `breaks` is the count of before anything about the object was written.
    contents(subject, depth, breaks) {
        const { value, keys, isList } = subject;
        const { indentation } = this;
        this.path[this.path.length] = value;
        this.currentDepth = depth;
        let output;
        try {
            output = subject.entries === undefined ? [] : subject.entries(this, subject, depth);
            const kind = isList ? kExtra : kMember;
            for (let i = 0; i < keys.length; i++) output[output.length] = this.property(value, keys[i], depth, kind);
            if (subject.inherited !== undefined) append(output, subject.inherited);
        } catch (error) {
            if (!isStackOverflow(error)) throw error;
            ArrayPrototypePop(this.path);
            this.indentation = indentation;
            return this.stylize(`[${StringPrototypeSlice(subject.title(), 0, -1)}: Inspection interrupted ` +
                'prematurely. Maximum call stack size exceeded.]', 'special');
        }

        let { base, open } = subject;
        const number = this.circular?.get(value);
        if (number !== undefined) {
            const reference = this.stylize(`<ref *${number}>`, 'special');
            if (this.compact === true) open = `${reference} ${open}`;
            else base = base === '' ? reference : `${reference} ${base}`;
        }
        ArrayPrototypePop(this.path);

        if (this.sorted) {
            const order = this.sorted === true ? undefined : this.sorted;
            if (!isList) {
                ArrayPrototypeSort(output, order);
            } else if (keys.length > 1) {
                // The elements keep their places; only the keys after them are sorted.
                const start = output.length - keys.length;
                const named = ArrayPrototypeSort(ArrayPrototypeSlice(output, start), order);
                output.length = start;
                append(output, named);
            }
        }

        const text = this.join(output, base, open, subject.close, isList, depth, breaks, value);
        const total = (this.written[this.indentation] ?? 0) + text.length;
        this.written[this.indentation] = total;
        // Far more than anybody reads: go no deeper, lest the text outgrow the longest possible string.
        if (total > 2 ** 27) this.depth = -1;
        return text;
    }

    // `name: text` of one property, or the text alone for an element. `receiver` is what getters are called on.
    property(holder, key, depth, kind, property = ObjectGetOwnPropertyDescriptor(holder, key), receiver = holder) {
        property ??= { value: holder[key], enumerable: true };
        let text;
        let separator = ' ';
        if (property.value !== undefined) {
            const step = this.compact === true && kind === kMember ? 3 : 2;
            this.indentation += step;
            text = this.format(property.value, depth);
            if (step === 3 && this.breakLength < getStringWidth(text, this.colors)) {
                separator = `\n${spaces(this.indentation)}`;
            }
            this.indentation -= step;
        } else if (property.get !== undefined) {
            text = this.getter(property, receiver, depth);
        } else if (property.set !== undefined) {
            text = this.stylize('[Setter]', 'special');
        } else {
            text = this.stylize('undefined', 'undefined');
        }
        return kind === kElement ? text : `${this.key(key, property.enumerable)}:${separator}${text}`;
    }

    key(key, isEnumerable) {
        if (typeof key === 'symbol') return `[${this.stylize(escape(SymbolPrototypeToString(key)), 'symbol')}]`;
        if (key === '__proto__') return "['__proto__']";
        if (isEnumerable === false) return `[${escape(key)}]`;
        if (isIdentifier(key)) return this.stylize(key, 'name');
        return this.stylize(quote(key), 'string');
    }

    getter({ get, set }, receiver, depth) {
        const label = set === undefined ? 'Getter' : 'Getter/Setter';
        const { getters, stylize } = this;
        if (getters !== true && !(getters === 'get' && set === undefined) && !(getters === 'set' && set !== undefined)) {
            return stylize(`[${label}]`, 'special');
        }
        const open = stylize(`[${label}:`, 'special');
        try {
            const value = FunctionPrototypeCall(get, receiver);
            this.indentation += 2;
            const text = value === null ? `${open} ${stylize('null', 'null')}${stylize(']', 'special')}` :
                typeof value === 'object' ? `${stylize(`[${label}]`, 'special')} ${this.format(value, depth)}` :
                typeof value === 'function' ? `${open} ${this.format(value, depth)}${stylize(']', 'special')}` :
                `${open} ${this.primitive(value, stylize)}${stylize(']', 'special')}`;
            this.indentation -= 2;
            return text;
        } catch (error) {
            return this.note(`${open} <Inspection threw (${error.message})>${stylize(']', 'special')}`);
        }
    }

    fits(output, start, base) {
        let length = output.length + start;
        if (length + output.length > this.breakLength) return false;
        for (let i = 0; i < output.length; i++) {
            length += this.colors ? stripVTControlCharacters(output[i]).length : output[i].length;
            if (length > this.breakLength) return false;
        }
        return base === '' || !StringPrototypeIncludes(base, '\n');
    }

    // The pieces in their braces: on one line where they fit and are not nested too deeply, else one to a line.
    join(output, base, open, close, isList, depth, breaks, value) {
        const { compact } = this;
        if (compact === true) {
            if (this.fits(output, 0, base)) {
                return `${open}${base === '' ? '' : ` ${base}`} ${concat(output, ', ')} ${close}`;
            }
            const indentation = `\n${spaces(this.indentation)}`;
            this.breaks++;
            // A longer opening than one brace stands on a line of its own, so that the pieces line up.
            const gap = base === '' && open.length === 1 ? ' ' : `${base === '' ? '' : ` ${base}`}${indentation}  `;
            return `${open}${gap}${concat(output, `,${indentation}  `)} ${close}`;
        }

        const start = base === '' ? open : `${base} ${open}`;
        if (typeof compact === 'number' && compact >= 1) {
            const pieces = output.length;
            if (isList && pieces > 6) output = this.columns(output, value);
            // An object is put on one line if it holds at most `compact` levels of objects itself.
            if (this.currentDepth - depth < compact && pieces === output.length && this.breaks === breaks &&
                this.fits(output, pieces + this.indentation + open.length + base.length + 10, base)) {
                return `${start} ${concat(output, ', ')} ${close}`;
            }
        }
        const indentation = `\n${spaces(this.indentation)}`;
        this.breaks++;
        return `${start}${indentation}  ${concat(output, `,${indentation}  `)}${indentation}${close}`;
    }

    // Arranges many short pieces in columns: numbers aligned right, everything else left.
    columns(output, value) {
        const hasMore = this.maxArrayLength < output.length;
        const count = hasMore ? output.length - 1 : output.length;  // without "... n more items"
        const widths = new Array(count);
        let total = 0;
        let widest = 0;
        const areNumbers = value !== undefined && isNumeric(value, output.length);
        for (let i = 0; i < count; i++) {
            const width = areNumbers && !this.colors ? output[i].length : getStringWidth(output[i], this.colors);
            widths[i] = width;
            total += width + 2;
            if (width > widest) widest = width;
        }
        const column = widest + 2;
        // At least three must fit side by side, and one long piece must not force wide gaps on many short ones.
        if (column * 3 + this.indentation >= this.breakLength || (total / column <= 5 && widest > 6)) return output;

        // About square in print, where a character is some 2.5 times as high as wide; short pieces may have more.
        const bias = MathMax(column - 3 - MathSqrt(column - total / output.length), 1);
        const perLine = MathMin(
            MathRound(MathSqrt(2.5 * bias * count) / bias),
            MathFloor((this.breakLength - this.indentation) / column),
            this.compact * 4,
            15,
        );
        if (perLine <= 1) return output;

        const lineWidths = [];
        for (let i = 0; i < perLine; i++) {
            let width = 0;
            for (let j = i; j < count; j += perLine) {
                if (widths[j] > width) width = widths[j];
            }
            lineWidths[lineWidths.length] = width + 2;
        }
        const pad = areNumbers || value === undefined ? StringPrototypePadStart : StringPrototypePadEnd;
        const lines = [];
        for (let start = 0; start < count; start += perLine) {
            const last = MathMin(start + perLine, count) - 1;
            let line = '';
            for (let i = start; i < last; i++) {
                // Colour sequences take no columns, but padding counts characters.
                line += pad(`${output[i]}, `, lineWidths[i - start] + output[i].length - widths[i]);
            }
            line += pad === StringPrototypePadStart ?
                pad(output[last], lineWidths[last - start] + output[last].length - widths[last] - 2) : output[last];
            lines[lines.length] = line;
        }
        if (hasMore) lines[lines.length] = output[count];
        return lines;
    }

    limit(length) {
        return MathMin(MathMax(0, this.maxArrayLength), length);
    }
}

// Lists of contents that are no properties.

function arrayEntries(printer, { value }, depth) {
    const { length } = value;
    const limit = printer.limit(length);
    const output = [];
    for (let i = 0; i < limit; i++) {
        const property = ObjectGetOwnPropertyDescriptor(value, i);
        if (property === undefined) return sparseEntries(printer, value, depth, limit, output, i);
        output[output.length] = printer.property(value, i, depth, kElement, property);
    }
    if (length > limit) output[output.length] = remainder(length - limit);
    return output;
}

// Goes on from the first hole at `index`, by keys: each run of holes is one piece.
function sparseEntries(printer, value, depth, limit, output, index) {
    const keys = ObjectKeys(value);
    const hole = (count) => {
        output[output.length] = printer.stylize(`<${counted(count, 'empty item')}>`, 'undefined');
    };
    for (let i = index; i < keys.length && output.length < limit && isArrayIndex(keys[i]); i++) {
        const next = +keys[i];
        if (next !== index) {
            hole(next - index);
            index = next;
            if (output.length === limit) break;
        }
        output[output.length] = printer.property(value, keys[i], depth, kElement);
        index++;
    }
    const rest = value.length - index;
    if (rest > 0) {
        if (output.length === limit) output[output.length] = remainder(rest);
        else hole(rest);
    }
    return output;
}

function typedArrayEntries(printer, { value }, depth) {
    const length = TypedArrayPrototypeGetLength(value);
    const limit = printer.limit(length);
    const output = [];
    for (let i = 0; i < limit; i++) output[output.length] = printer.primitive(value[i], printer.stylize);
    if (length > limit) output[output.length] = remainder(length - limit);
    if (printer.showHidden) {
        printer.indentation += 2;
        for (const name of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
            output[output.length] = `[${name}]: ${printer.format(value[name], depth, true)}`;
        }
        printer.indentation -= 2;
    }
    return output;
}

const hexDigits = '0123456789abcdef';

function bufferEntries(printer, { value }) {
    let bytes;
    try {
        bytes = new Uint8Array(value);
    } catch {
        return [printer.stylize('(detached)', 'special')];
    }
    const limit = printer.limit(bytes.length);
    let text = '';
    for (let i = 0; i < limit; i++) {
        text += `${i === 0 ? '' : ' '}${hexDigits[bytes[i] >> 4]}${hexDigits[bytes[i] & 15]}`;
    }
    const rest = bytes.length - printer.maxArrayLength;
    if (rest > 0) text += ` ... ${counted(rest, 'more byte')}`;
    return [`${printer.stylize('[Uint8Contents]', 'special')}: <${text}>`];
}

function setEntries(printer, { value }, depth) {
    const size = SetPrototypeGetSize(value);
    const limit = printer.limit(size);
    const iterator = SetPrototypeValues(value);
    const output = [];
    printer.indentation += 2;
    for (let i = 0; i < limit; i++) {
        output[output.length] = printer.format(SetIteratorPrototypeNext(iterator).value, depth);
    }
    printer.indentation -= 2;
    if (size > limit) output[output.length] = remainder(size - limit);
    return output;
}

function mapEntries(printer, { value }, depth) {
    const size = MapPrototypeGetSize(value);
    const limit = printer.limit(size);
    const iterator = MapPrototypeEntries(value);
    const output = [];
    printer.indentation += 2;
    for (let i = 0; i < limit; i++) {
        const pair = MapIteratorPrototypeNext(iterator).value;
        output[output.length] = `${printer.format(pair[0], depth)} => ${printer.format(pair[1], depth)}`;
    }
    printer.indentation -= 2;
    if (size > limit) output[output.length] = remainder(size - limit);
    return output;
}

// What an iterator of a map or set has yet to give. `previewEntries` answers [values, whether they are pairs], the
// pairs flattened.
function iteratorEntries(printer, subject, depth) {
    const { 0: values, 1: arePairs } = previewEntries(subject.value);
    const step = arePairs ? 2 : 1;
    const count = values.length / step;
    const limit = printer.limit(count);
    const output = [];
    printer.indentation += 2;
    for (let i = 0; i < limit * step; i += step) {
        const { breaks } = printer;
        const text = printer.format(values[i], depth);
        output[output.length] = arePairs ?
            printer.join([text, printer.format(values[i + 1], depth)], '', '[', ']', true, depth, breaks) : text;
    }
    printer.indentation -= 2;
    if (count > limit) output[output.length] = remainder(count - limit);
    return output;
}

// The engine lets nobody list what a weak collection holds, so that showHidden cannot show it either.
const weakEntries = (printer) => [printer.stylize('<items unknown>', 'special')];

function promiseEntries(printer, { value }, depth) {
    const { 0: state, 1: result } = getPromiseDetails(value);
    if (state === kPending) return [printer.stylize('<pending>', 'special')];
    printer.indentation += 2;
    const text = printer.format(result, depth);
    printer.indentation -= 2;
    return [state === kRejected ? `${printer.stylize('<rejected>', 'special')} ${text}` : text];
}

// The states as `getPromiseDetails` numbers them; 1 is fulfilled.
const kPending = 0;
const kRejected = 2;

// A module's exports; one whose binding is not initialised yet throws when it is read.
function namespaceEntries(printer, subject, depth) {
    const output = [];
    for (let i = 0; i < subject.keys.length; i++) {
        const key = subject.keys[i];
        try {
            // Shown by its value, though a module's exports are accessors here.
            const property = { value: subject.value[key], enumerable: true };
            output[output.length] = printer.property(subject.value, key, depth, kMember, property);
        } catch (error) {
            if (!isNativeError(error) || error.name !== 'ReferenceError') throw error;
            output[output.length] = `${printer.key(key, true)}: ${printer.stylize('<uninitialized>', 'special')}`;
        }
    }
    subject.keys.length = 0;
    return output;
}

// Class by class: what stands before the contents and how they are listed.

function iteratorShape(kind) {
    return (printer, subject) => {
        const { value, tag } = subject;
        subject.keys = ownKeys(value, printer.showHidden);
        const word = previewEntries(value)[1] ? 'Entries' : 'Iterator';
        const name = tag === '' || tag === `${kind} Iterator` ? '' : `${tag}] [`;
        subject.open = `[${name}${kind} ${word}] {`;
        subject.entries = iteratorEntries;
    };
}

function weakShape(kind) {
    return (printer, subject) => {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.open = `${subject.prefix(kind)}{`;
        subject.entries = weakEntries;
    };
}

function boxedShape(kind, unbox) {
    return (printer, subject) => {
        const { value, name, tag } = subject;
        // A string's characters are among its keys.
        subject.keys = ownKeys(value, printer.showHidden, kind === 'String');
        const primitive = printer.primitive(unbox(value), plain);
        const maker = name === kind ? '' : name === null ? ' (null prototype)' : ` (${name})`;
        subject.base = `[${kind}${maker}: ${primitive}]${tag !== '' && tag !== name ? ` [${tag}]` : ''}`;
        if (!subject.isBare) return undefined;
        return printer.stylize(subject.base, StringPrototypeToLowerCase(kind));
    };
}

function bufferShape(kind) {
    return (printer, subject, depth, isViewed) => {
        const { value } = subject;
        subject.keys = ownKeys(value, printer.showHidden);
        const prefix = subject.prefix(kind);
        if (!isViewed) subject.entries = bufferEntries;
        else if (subject.isBare) return `${prefix}{ byteLength: ${printer.primitive(value.byteLength, printer.stylize)} }`;
        subject.open = `${prefix}{`;
        ArrayPrototypeUnshift(subject.keys, 'byteLength');
        return undefined;
    };
}

const shapes = {
    __proto__: null,

    Array(printer, subject) {
        const { value, name, tag } = subject;
        // An ordinary array needs no name.
        const prefix = name === 'Array' && tag === '' ? '' : subject.prefix('Array', `(${value.length})`);
        subject.keys = ownKeys(value, printer.showHidden, true);
        subject.open = `${prefix}[`;
        subject.close = ']';
        if (value.length === 0 && subject.isBare) return `${subject.open}]`;
        subject.isList = true;
        subject.entries = arrayEntries;
        return undefined;
    },

    Function(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.base = printer.note(functionBase(subject));
        return subject.isBare ? printer.stylize(subject.base, 'special') : undefined;
    },

    Set(printer, subject) {
        const size = SetPrototypeGetSize(subject.value);
        const prefix = subject.prefix('Set', `(${size})`);
        subject.keys = ownKeys(subject.value, printer.showHidden);
        if (size === 0 && subject.isBare) return `${prefix}{}`;
        subject.open = `${prefix}{`;
        subject.entries = setEntries;
        return undefined;
    },

    Map(printer, subject) {
        const size = MapPrototypeGetSize(subject.value);
        const prefix = subject.prefix('Map', `(${size})`);
        subject.keys = ownKeys(subject.value, printer.showHidden);
        if (size === 0 && subject.isBare) return `${prefix}{}`;
        subject.open = `${prefix}{`;
        subject.entries = mapEntries;
        return undefined;
    },

    TypedArray(printer, subject) {
        const { value } = subject;
        const length = TypedArrayPrototypeGetLength(value);
        const prefix = subject.prefix(TypedArrayPrototypeGetSymbolToStringTag(value), `(${length})`);
        subject.keys = ownKeys(value, printer.showHidden, true);
        subject.open = `${prefix}[`;
        subject.close = ']';
        if (length === 0 && subject.keys.length === 0 && !printer.showHidden) return `${subject.open}]`;
        subject.isList = true;
        subject.entries = typedArrayEntries;
        return undefined;
    },

    MapIterator: iteratorShape('Map'),
    SetIterator: iteratorShape('Set'),

    RegExp(printer, subject, depth) {
        const { value } = subject;
        subject.keys = ownKeys(value, printer.showHidden);
        const prefix = subject.prefix('RegExp');
        // Without its prototype the value has no `source` and `flags` to print.
        const text = RegExpPrototypeToString(subject.name === null ? new RegExp(value) : value);
        subject.base = prefix === 'RegExp ' ? text : prefix + text;
        return subject.isBare || printer.isBeyond(depth) ? printer.stylize(subject.base, 'regexp') : undefined;
    },

    Date(printer, subject) {
        const { value } = subject;
        subject.keys = ownKeys(value, printer.showHidden);
        const prefix = subject.prefix('Date');
        const text = NumberIsNaN(DatePrototypeGetTime(value)) ? DatePrototypeToString(value) : DatePrototypeToISOString(value);
        subject.base = prefix === 'Date ' ? text : prefix + text;
        return subject.isBare ? printer.stylize(subject.base, 'date') : undefined;
    },

    Error(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.base = printer.note(errorBase(printer, subject));
        return subject.isBare ? subject.base : undefined;
    },

    ArrayBuffer: bufferShape('ArrayBuffer'),
    SharedArrayBuffer: bufferShape('SharedArrayBuffer'),

    DataView(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.open = `${subject.prefix('DataView')}{`;
        ArrayPrototypeUnshift(subject.keys, 'byteLength', 'byteOffset', 'buffer');
    },

    Promise(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.open = `${subject.prefix('Promise')}{`;
        subject.entries = promiseEntries;
    },

    WeakSet: weakShape('WeakSet'),
    WeakMap: weakShape('WeakMap'),

    Module(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.open = `${subject.prefix('Module')}{`;
        subject.entries = namespaceEntries;
    },

    Number: boxedShape('Number', NumberPrototypeValueOf),
    String: boxedShape('String', StringPrototypeValueOf),
    Boolean: boxedShape('Boolean', BooleanPrototypeValueOf),
    BigInt: boxedShape('BigInt', BigIntPrototypeValueOf),
    Symbol: boxedShape('Symbol', SymbolPrototypeValueOf),

    Arguments(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        subject.open = '[Arguments] {';
        return subject.isBare ? '[Arguments] {}' : undefined;
    },

    Object(printer, subject) {
        subject.keys = ownKeys(subject.value, printer.showHidden);
        // A plain object needs no name.
        if (subject.name !== 'Object' || subject.tag !== '') subject.open = `${subject.title()}{`;
        return subject.isBare ? `${subject.open}}` : undefined;
    },
};

function functionBase({ value, name, tag }) {
    const kind = functionKind(value);
    const tagged = tag !== '' && tag !== name ? ` [${tag}]` : '';
    if (kind === 'Class') {
        const own = (ObjectPrototypeHasOwnProperty(value, 'name') && value.name) || '(anonymous)';
        const maker = name !== 'Function' && name !== null ? ` [${name}]` : '';
        const parent = name === null ? '[null prototype]' : ObjectGetPrototypeOf(value).name;
        return `[class ${own}${maker}${tagged}${parent ? ` extends ${parent}` : ''}]`;
    }
    const own = value.name === '' ? ' (anonymous)' : `: ${value.name}`;
    return `[${kind}${name === null ? ' (null prototype)' : ''}${own}]${
        name !== kind && name !== null ? ` ${name}` : ''}${tagged}`;
}

// Errors: the stack, its first line made to tell the class, and whatever else the error carries.

function stackOf(error) {
    const { stack } = normalize(error);
    return stack ? String(stack) : ErrorPrototypeToString(error);
}

function errorBase(printer, { value: error, name: constructor, tag, keys }) {
    const name = error.name != null ? String(error.name) : 'Error';
    let stack = stackOf(error);

    if (printer.showHidden) {
        // JavaScriptCore's own notes of where the error was made, which the stack tells too.
        const isHidden = (key) => !ObjectPrototypePropertyIsEnumerable(error, key);
        remove(keys, 'line', isHidden);
        remove(keys, 'column', isHidden);
        remove(keys, 'sourceURL', isHidden);
    } else {
        // What the stack shows already is not listed again.
        const isShown = (key) => StringPrototypeIncludes(stack, error[key]);
        remove(keys, 'name', isShown);
        remove(keys, 'message', isShown);
        remove(keys, 'stack', isShown);
    }
    // A cause and the errors of an AggregateError are not enumerable, yet belong to the message.
    if ('cause' in error && ArrayPrototypeIndexOf(keys, 'cause') === -1) keys[keys.length] = 'cause';
    if (ArrayIsArray(error.errors) && ArrayPrototypeIndexOf(keys, 'errors') === -1) keys[keys.length] = 'errors';

    stack = nameStack(stack, constructor, name, tag);

    const message = error.message ? StringPrototypeIndexOf(stack, error.message) : -1;
    const framesStart = StringPrototypeIndexOf(stack, '\n    at', message > 0 ? message + error.message.length : 0);
    if (framesStart === -1) {
        stack = `[${stack}]`;
    } else {
        const lines = frames(printer, error, StringPrototypeSlice(stack, framesStart + 1));
        stack = StringPrototypeSlice(stack, 0, framesStart);
        for (let i = 0; i < lines.length; i++) stack += `\n${printer.colors ? colorFrame(printer, lines[i]) : lines[i]}`;
    }
    if (printer.indentation === 0) return stack;
    return StringPrototypeReplaceAll(stack, '\n', `\n${spaces(printer.indentation)}`);
}

function remove(keys, key, condition) {
    const index = ArrayPrototypeIndexOf(keys, key);
    if (index !== -1 && condition(key)) ArrayPrototypeSplice(keys, index, 1);
}

const headName = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)|^([a-z_A-Z0-9-]*Error)$/;

// A stack begins with the name the error had when it was made. Where that is not its class, the class is put there.
function nameStack(stack, constructor, name, tag) {
    let { length } = name;
    if (constructor !== null) {
        const next = stack[length];
        const isRegular = StringPrototypeEndsWith(name, 'Error') && StringPrototypeStartsWith(stack, name) &&
            (next === undefined || next === ':' || next === '\n');
        if (!isRegular) return stack;
    }
    let fallback = 'Error';
    if (constructor === null) {
        const head = RegExpPrototypeExec(headName, stack);
        const found = head === null ? '' : head[1] ?? head[2];
        ({ length } = found);
        fallback = found || 'Error';
    }
    const subject = new Subject(undefined, constructor, tag);
    const title = StringPrototypeSlice(subject.prefix(fallback), 0, -1);
    if (name === title) return stack;
    if (!StringPrototypeIncludes(title, name)) return `${title} [${name}]${StringPrototypeSlice(stack, length)}`;
    return length === 0 ? `${title}: ${stack}` : title + StringPrototypeSlice(stack, length);
}

// The lines of a stack; four and more that the cause's stack repeats are left out there but for first and last.
function frames(printer, error, text) {
    const lines = StringPrototypeSplit(text, '\n');
    let cause;
    try {
        ({ cause } = error);
    } catch {
        // A getter's own failure is reported where the property is listed.
    }
    if (cause === null || typeof cause !== 'object' || !isErrorLike(cause)) return lines;
    const causeStack = stackOf(cause);
    const start = StringPrototypeIndexOf(causeStack, '\n    at');
    if (start === -1) return lines;
    const common = commonRun(lines, StringPrototypeSplit(StringPrototypeSlice(causeStack, start + 1), '\n'));
    if (common.length > 0) {
        const skipped = common.length - 2;
        const note = printer.stylize(`    ... ${skipped} lines matching cause stack trace ...`, 'undefined');
        ArrayPrototypeSplice(lines, common.start + 1, skipped, note);
    }
    return lines;
}

// The first run of more than three lines of `a` that occurs in `b`.
function commonRun(a, b) {
    for (let start = 0; start < a.length - 3; start++) {
        const position = ArrayPrototypeIndexOf(b, a[start]);
        if (position === -1) continue;
        const limit = MathMin(a.length - start, b.length - position);
        let length = 1;
        while (length < limit && a[start + length] === b[position + length]) length++;
        if (length > 3) return { start, length };
    }
    return { start: 0, length: 0 };
}

const hostFrame = /^ {4}at (?:[^/\\(]+ \(|)node:(.+):\d+:\d+\)?$/;
const packageFolder = /[/\\]node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)(?=[/\\])/g;

// With colours: the host's own frames and the working directory recede, names of packages are underlined.
function colorFrame(printer, line) {
    if (RegExpPrototypeExec(hostFrame, line) !== null) return printer.stylize(line, 'undefined');
    packageFolder.lastIndex = 0;
    let marked = '';
    let end = 0;
    for (let match; (match = RegExpPrototypeExec(packageFolder, line)) !== null; end = packageFolder.lastIndex) {
        const name = packageFolder.lastIndex - match[1].length;
        marked += StringPrototypeSlice(line, end, name) + printer.stylize(match[1], 'module');
    }
    return fadeWorkingDirectory(printer, marked + StringPrototypeSlice(line, end));
}

function fadeWorkingDirectory(printer, line) {
    let directory;
    try {
        directory = require('process').cwd();
    } catch {
        return line;  // it has been removed
    }
    let start = StringPrototypeIndexOf(line, directory);
    if (start === -1) return line;
    const end = start + directory.length + 1;
    if (StringPrototypeSlice(line, start - 7, start) === 'file://') start -= 7;
    const isInParentheses = line[start - 1] === '(';
    if (isInParentheses) start--;
    const closes = isInParentheses && StringPrototypeEndsWith(line, ')');
    return StringPrototypeSlice(line, 0, start) + printer.stylize(StringPrototypeSlice(line, start, end), 'undefined') +
        StringPrototypeSlice(line, end, closes ? -1 : undefined) + (closes ? printer.stylize(')', 'undefined') : '');
}

// inspect(value[, options]), and of old inspect(value, showHidden, depth, colors).
function inspect(value, options, depth, colors) {
    const printer = new Printer();
    if (depth !== undefined) printer.depth = depth;
    if (colors !== undefined) printer.colors = colors;
    if (typeof options === 'boolean') printer.showHidden = options;
    else if (options) printer.take(options);
    printer.settle();
    return printer.format(value, 0);
}

inspect.custom = customInspect;

ObjectDefineProperty(inspect, 'defaultOptions', {
    __proto__: null,
    get() {
        return defaultOptions;
    },
    set(options) {
        validateObject(options, 'options');
        ObjectAssign(defaultOptions, options);
    },
});

// Codes that begin and end each style of ECMA-48's "select graphic rendition".
inspect.colors = {
    __proto__: null,
    reset: [0, 0],
    bold: [1, 22],
    dim: [2, 22],
    italic: [3, 23],
    underline: [4, 24],
    blink: [5, 25],
    inverse: [7, 27],
    hidden: [8, 28],
    strikethrough: [9, 29],
    doubleunderline: [21, 24],
    black: [30, 39],
    red: [31, 39],
    green: [32, 39],
    yellow: [33, 39],
    blue: [34, 39],
    magenta: [35, 39],
    cyan: [36, 39],
    white: [37, 39],
    bgBlack: [40, 49],
    bgRed: [41, 49],
    bgGreen: [42, 49],
    bgYellow: [43, 49],
    bgBlue: [44, 49],
    bgMagenta: [45, 49],
    bgCyan: [46, 49],
    bgWhite: [47, 49],
    framed: [51, 54],
    overlined: [53, 55],
    gray: [90, 39],
    redBright: [91, 39],
    greenBright: [92, 39],
    yellowBright: [93, 39],
    blueBright: [94, 39],
    magentaBright: [95, 39],
    cyanBright: [96, 39],
    whiteBright: [97, 39],
    bgGray: [100, 49],
    bgRedBright: [101, 49],
    bgGreenBright: [102, 49],
    bgYellowBright: [103, 49],
    bgBlueBright: [104, 49],
    bgMagentaBright: [105, 49],
    bgCyanBright: [106, 49],
    bgWhiteBright: [107, 49],
};

const colorAliases = [
    'grey', 'gray', 'blackBright', 'gray', 'bgGrey', 'bgGray', 'bgBlackBright', 'bgGray', 'faint', 'dim',
    'crossedout', 'strikethrough', 'strikeThrough', 'strikethrough', 'crossedOut', 'strikethrough', 'conceal', 'hidden',
    'swapColors', 'inverse', 'swapcolors', 'inverse', 'doubleUnderline', 'doubleunderline',
];
for (let i = 0; i < colorAliases.length; i += 2) {
    const color = colorAliases[i + 1];
    ObjectDefineProperty(inspect.colors, colorAliases[i], {
        __proto__: null,
        get() {
            return this[color];
        },
        set(codes) {
            this[color] = codes;
        },
        configurable: true,
        enumerable: false,
    });
}

inspect.styles = {
    __proto__: null,
    special: 'cyan',
    number: 'yellow',
    bigint: 'yellow',
    boolean: 'yellow',
    undefined: 'grey',
    null: 'bold',
    string: 'green',
    symbol: 'green',
    date: 'magenta',
    regexp: 'red',
    module: 'underline',
};

module.exports = { bigintText, customInspect, defaultOptions, inspect, isBuiltIn, numberText };
