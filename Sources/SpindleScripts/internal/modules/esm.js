// ECMAScript modules over an engine that has none: the host rewrites each into a generator (see SpindleSyntax), and this
// links and runs them as the specification says.
//
// A graph goes through three steps: *load* reads and compiles every module and resolves its requests; *link* finds what each
// import means and runs each generator to its first stop, which hoists functions and hands over the getters of its exports;
// *evaluate* runs the bodies in post-order.

const {
    ArrayPrototypeIncludes, ArrayPrototypePush, ArrayPrototypeSort, JSONParse, ObjectDefineProperty, ObjectKeys,
    ObjectPreventExtensions, ReferenceError, ReflectApply, RegExpPrototypeExec, SafeMap, SafeSet, String, StringPrototypeIndexOf,
    StringPrototypeLastIndexOf, StringPrototypeSlice, StringPrototypeStartsWith, SymbolToStringTag, SyntaxError, TypeError,
} = primordials;
const {
    codes: {
        ERR_IMPORT_ATTRIBUTE_MISSING, ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE, ERR_IMPORT_ATTRIBUTE_UNSUPPORTED,
        ERR_REQUIRE_ASYNC_MODULE, ERR_UNKNOWN_MODULE_FORMAT,
    },
} = require('internal/errors');
const loading = require('internal/modules/host');
const context = require('internal/async_context');
const { hrefOf, pathOf } = require('internal/file_urls');
const requireBuiltIn = require;

/** By URL; JSON apart, as the same file may be both. */
const modules = new SafeMap();

class ModuleRecord {
    /** Of each export that is the module's own: a function that reads it. */
    getters = { __proto__: null };
    requests = [];
    /** What the source calls each of them. */
    specifiers = [];
    imports = [];
    /** [name] is its own; [name, request, other name] another module's; with null for a namespace. */
    exports = [];
    stars = [];
    state = 'loaded';
    error = undefined;
    hasFailed = false;
    /** Of an evaluation that goes on: itself or something below awaits. */
    pending = undefined;
    generator = undefined;
    isAsync = false;
    /** Of one without a body that was evaluated: gives the value of an export. */
    read = undefined;
    /** What importers read through, with the names that any of them imports; see SpindleSyntax. */
    view = { __proto__: null };
    names = undefined;
    #namespace;

    constructor(url) { this.url = url; }

    get namespace() {
        this.#namespace ??= makeNamespace(this);
        return this.#namespace;
    }
}

// --- Load --------------------------------------------------------------------------------------------------------------

function load(url, type) {
    const key = type === 'json' ? `json:${url}` : url;
    const known = modules.get(key);
    if (known !== undefined) return known;
    const record = new ModuleRecord(url);
    modules.set(key, record);
    let isDone = false;
    try {
        fill(record, url, type);
        isDone = true;
    } finally {
        if (!isDone) modules.delete(key);
    }
    return record;
}

function fill(record, url, type) {
    if (StringPrototypeStartsWith(url, 'node:')) return fillBuiltIn(record, StringPrototypeSlice(url, 5));
    if (StringPrototypeStartsWith(url, 'data:')) return fillData(record, url, type);
    const path = pathOf(url);
    const format = loading.formatOf(path);
    checkType(url, format, type);
    if (format === 'module') fillModule(record, path, undefined);
    else if (format === 'json') fillJSON(record, loading.readText(path), path);
    else if (format === 'commonjs') fillCommonJS(record, path);
    else throw new ERR_UNKNOWN_MODULE_FORMAT(format, url);
}

function checkType(url, format, type) {
    if (format === 'json' && type !== 'json') throw new ERR_IMPORT_ATTRIBUTE_MISSING(url, 'type', 'json');
    if (format !== 'json' && type !== undefined) throw new ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE(url, type);
}

function fillModule(record, path, text) {
    const { 0: body, 1: requests, 2: imports, 3: exports, 4: stars, 5: isAsync } = loading.compileModule(record.url, path, text);
    record.body = body;
    record.imports = imports;
    record.exports = exports;
    record.stars = stars;
    record.isAsync = isAsync;
    for (let i = 0; i < requests.length; i++) {
        const { 0: specifier, 1: attributes, 2: line, 3: column } = requests[i];
        ArrayPrototypePush(record.specifiers, specifier);
        let target;
        try {
            target = resolve(specifier, record.url);
        } catch (error) {
            throw loading.placed(error, record.url, line, column);
        }
        ArrayPrototypePush(record.requests, load(target, typeOf(attributes)));
    }
}

/** The `type` of attributes, which come as key, value, key, value … */
function typeOf(attributes) {
    let type;
    for (let i = 0; i < attributes.length; i += 2) {
        if (attributes[i] !== 'type' || attributes[i + 1] !== 'json') {
            throw new ERR_IMPORT_ATTRIBUTE_UNSUPPORTED(attributes[i], attributes[i + 1]);
        }
        type = attributes[i + 1];
    }
    return type;
}

/** The URL that a specifier means in another module. */
function resolve(specifier, importer) {
    const { 0: kind, 1: value } = loading.resolveImport(specifier, importer);
    return kind === 'builtin' ? `node:${value}` : value;
}

/** `evaluate` sets the record's `read`. */
function fillSynthetic(record, names, evaluate) {
    for (let i = 0; i < names.length; i++) ArrayPrototypePush(record.exports, [names[i]]);
    record.evaluate = evaluate;
}

/** Loaded when the program first reads an export of it. */
function fillBuiltIn(record, id) {
    fillSynthetic(record, ['default'], () => {
        record.read = (name) => (name === 'default' ? requireBuiltIn(id) : requireBuiltIn(id)[name]);
    });
    const names = namesOf(id);
    for (let i = 0; i < names.length; i++) ArrayPrototypePush(record.exports, [names[i]]);
}
/** What a built-in exports, besides `default`. The host knows as soon as any thread has loaded it. */
function namesOf(id) {
    const known = loading.builtInNames(id);
    if (known !== undefined) return known;
    // A program may have added to one that it has already.
    const isOriginal = !requireBuiltIn.isLoaded(id);
    const names = [];
    for (const name in requireBuiltIn(id)) if (name !== 'default') ArrayPrototypePush(names, name);
    if (isOriginal) loading.setBuiltInNames(id, names);
    return names;
}

function fillJSON(record, text, path) {
    let value;
    try {
        value = JSONParse(text);
    } catch (error) {
        throw new SyntaxError(`${path}: ${error.message}`);
    }
    fillSynthetic(record, ['default'], () => { record.read = () => value; });
}

/** The names are guessed from the text; their values are those that the module has when it is done. */
function fillCommonJS(record, path) {
    const names = ['default', 'module.exports'];
    collectNames(path, names, new SafeSet());
    fillSynthetic(record, names, () => {
        const exports = requireBuiltIn('module')._load(path, undefined, path === mainPath);
        const values = { '__proto__': null, 'default': exports, 'module.exports': exports };
        for (let i = 2; i < names.length; i++) {
            values[names[i]] = exports === null || exports === undefined ? undefined : exports[names[i]];
        }
        record.read = (name) => values[name];
    });
}
function collectNames(path, names, seen) {
    if (seen.has(path)) return;
    seen.add(path);
    const { 0: own, 1: others } = loading.commonJSExports(path);
    for (let i = 0; i < own.length; i++) {
        if (own[i] !== 'default' && !ArrayPrototypeIncludes(names, own[i])) ArrayPrototypePush(names, own[i]);
    }
    for (let i = 0; i < others.length; i++) {
        let resolution;
        try {
            resolution = loading.resolveRequire(others[i], path, []);
        } catch {
            // The module itself will say so when it runs.
            continue;
        }
        if (resolution[0] === 'file') collectNames(resolution[1], names, seen);
        else if (resolution[0] === 'builtin') {
            const further = namesOf(resolution[1]);
            for (let j = 0; j < further.length; j++) {
                if (!ArrayPrototypeIncludes(names, further[j])) ArrayPrototypePush(names, further[j]);
            }
        }
    }
}

function fillData(record, url, type) {
    const comma = StringPrototypeIndexOf(url, ',');
    const head = StringPrototypeSlice(url, 5, comma < 0 ? undefined : comma);
    const [mime, ...parameters] = primordials.StringPrototypeSplit(head, ';');
    let text = primordials.decodeURIComponent(comma < 0 ? '' : StringPrototypeSlice(url, comma + 1));
    if (ArrayPrototypeIncludes(parameters, 'base64')) text = requireBuiltIn('buffer').Buffer.from(text, 'base64').toString();
    if (mime === 'application/json') {
        checkType(url, 'json', type);
        fillJSON(record, text, url);
    } else if (mime === 'text/javascript') {
        checkType(url, 'module', type);
        fillModule(record, url, text);
    } else throw new ERR_UNKNOWN_MODULE_FORMAT(mime, url);
}

// --- Link --------------------------------------------------------------------------------------------------------------

/** What a name means in the end: {record, name}, {record, name: null} for a namespace, null for none, or 'ambiguous'. */
function resolveExport(record, name, seen = []) {
    for (let i = 0; i < seen.length; i++) if (seen[i].record === record && seen[i].name === name) return null;
    ArrayPrototypePush(seen, { record, name });
    const { exports, requests, stars } = record;
    for (let i = 0; i < exports.length; i++) {
        const entry = exports[i];
        if (entry[0] !== name) continue;
        if (entry.length === 1) return { record, name };
        const target = requests[entry[1]];
        return entry[2] === null ? { record: target, name: null } : resolveExport(target, entry[2], seen);
    }
    if (name === 'default') return null;
    let found = null;
    for (let i = 0; i < stars.length; i++) {
        const resolution = resolveExport(requests[stars[i]], name, seen);
        if (resolution === 'ambiguous') return resolution;
        if (resolution === null) continue;
        if (found === null) found = resolution;
        else if (found.record !== resolution.record || found.name !== resolution.name) return 'ambiguous';
    }
    return found;
}

function exportedNames(record, names = [], seen = new SafeSet()) {
    if (seen.has(record)) return names;
    seen.add(record);
    for (let i = 0; i < record.exports.length; i++) {
        if (!ArrayPrototypeIncludes(names, record.exports[i][0])) ArrayPrototypePush(names, record.exports[i][0]);
    }
    for (let i = 0; i < record.stars.length; i++) {
        const below = exportedNames(record.requests[record.stars[i]], [], seen);
        for (let j = 0; j < below.length; j++) {
            if (below[j] !== 'default' && !ArrayPrototypeIncludes(names, below[j])) ArrayPrototypePush(names, below[j]);
        }
    }
    return names;
}

/** Modules of the graph that are not linked yet, those that others need first. */
function unlinked(record, list = []) {
    if (record.state !== 'loaded') return list;
    record.state = 'linking';
    for (let i = 0; i < record.requests.length; i++) unlinked(record.requests[i], list);
    ArrayPrototypePush(list, record);
    return list;
}

/** Gives promises to wait for, of modules that await at their top. */
function link(root) {
    const list = unlinked(root);
    const waits = [];
    let isDone = false;
    try {
        for (let i = 0; i < list.length; i++) checkImports(list[i]);
        for (let i = 0; i < list.length; i++) instantiate(list[i], waits);
        for (let i = 0; i < list.length; i++) fillViews(list[i]);
        isDone = true;
    } finally {
        for (let i = 0; i < list.length; i++) list[i].state = isDone ? 'linked' : 'loaded';
    }
    return waits;
}

function checkImports(record) {
    for (let i = 0; i < record.imports.length; i++) {
        const { 0: request, 1: name, 2: line, 3: column } = record.imports[i];
        if (name === null) continue;
        const target = record.requests[request];
        const resolution = resolveExport(target, name);
        if (resolution !== null && resolution !== 'ambiguous') continue;
        const why = resolution === null ?
            `does not provide an export named '${name}'` : `contains conflicting star exports for name '${name}'`;
        throw loading.placed(
            new SyntaxError(`The requested module '${record.specifiers[request]}' ${why}`), record.url, line, column);
    }
}

function instantiate(record, waits) {
    if (record.body === undefined) return;
    const views = [];
    for (let i = 0; i < record.requests.length; i++) ArrayPrototypePush(views, record.requests[i].view);
    record.generator = ReflectApply(record.body, undefined, [moduleObject(record), ...views]);
    const first = record.generator.next();
    if (record.isAsync) ArrayPrototypePush(waits, first);
}

function moduleObject(record) {
    return {
        __proto__: null,
        context,
        meta: makeMeta(record.url),
        export(getters, nameless) {
            record.getters = getters;
            if (nameless !== undefined) {
                ObjectDefineProperty(nameless, 'name', { __proto__: null, configurable: true, value: 'default' });
            }
        },
        namespace: (request) => record.requests[request].namespace,
        import: (specifier, options) => importDynamically(specifier, record.url, options),
        unresolved(name) { throw new ReferenceError(`${name} is not defined`); },
    };
}

function refuse() { throw new TypeError('Assignment to constant variable.'); }

/** The function that reads an export, wherever it comes from. */
function readerOf(record, name) {
    const resolution = resolveExport(record, name);
    if (resolution === null || resolution === 'ambiguous') return undefined;
    const { record: owner, name: own } = resolution;
    if (own === null) return () => owner.namespace;
    // Those of a module that only wraps values come when it is evaluated.
    return owner.body === undefined ? () => readSynthetic(owner, own) : owner.getters[own];
}
function readSynthetic(owner, name) {
    if (owner.read === undefined) throw new ReferenceError(`Cannot access '${name}' before initialization`);
    return owner.read(name);
}

/** Makes what a module imports readable for it. */
function fillViews({ imports, requests }) {
    for (let i = 0; i < imports.length; i++) {
        const { 0: request, 1: name } = imports[i];
        const { view } = requests[request];
        if (name === null || name in view) continue;
        const get = readerOf(requests[request], name);
        ObjectDefineProperty(view, name, { __proto__: null, configurable: true, enumerable: true, get, set: refuse });
    }
}

function makeNamespace(record) {
    const namespace = { __proto__: null };
    const names = ArrayPrototypeSort(exportedNames(record));
    for (let i = 0; i < names.length; i++) {
        const name = names[i];
        const resolution = resolveExport(record, name);
        if (resolution === null || resolution === 'ambiguous') continue;
        ObjectDefineProperty(namespace, name, {
            __proto__: null,
            configurable: false,
            enumerable: true,
            get: () => readerOf(record, name)(),
            set() { throw new TypeError(`Cannot assign to read only property '${name}' of object '[object Module]'`); },
        });
    }
    ObjectDefineProperty(namespace, SymbolToStringTag, { __proto__: null, value: 'Module' });
    return ObjectPreventExtensions(namespace);
}

function makeMeta(url) {
    const meta = { __proto__: null };
    if (StringPrototypeStartsWith(url, 'file:')) {
        meta.filename = pathOf(url);
        meta.dirname = StringPrototypeSlice(meta.filename, 0, StringPrototypeLastIndexOf(meta.filename, '/')) || '/';
        meta.main = meta.filename === mainPath;
    }
    meta.resolve = (specifier) => {
        try {
            return resolve(`${specifier}`, url);
        } catch (error) {
            // A file need not be there to have a URL.
            const isFile = RegExpPrototypeExec(/^(?:\.{0,2}\/|file:)/, `${specifier}`) !== null;
            if (error.code !== 'ERR_MODULE_NOT_FOUND' || !isFile) throw error;
            return new (requireBuiltIn('url').URL)(specifier, url).href;
        }
    };
    meta.url = url;
    return meta;
}

// --- Evaluate ----------------------------------------------------------------------------------------------------------

/** Runs what has not run yet; gives a promise if something awaits, else it is done, or throws. */
function evaluate(record) {
    if (record.hasFailed) throw record.error;
    if (record.state !== 'linked') return record.pending;
    record.state = 'evaluated';
    const waits = [];
    try {
        for (let i = 0; i < record.requests.length; i++) {
            const wait = evaluate(record.requests[i]);
            if (wait !== undefined) ArrayPrototypePush(waits, wait);
        }
        if (waits.length === 0 && !record.isAsync) {
            if (record.body === undefined) record.evaluate();
            else record.generator.next();
            return undefined;
        }
    } catch (error) {
        record.hasFailed = true;
        record.error = error;
        throw error;
    }
    record.pending = (async () => {
        try {
            for (let i = 0; i < waits.length; i++) await waits[i];
            if (record.body === undefined) record.evaluate();
            else await record.generator.next();
        } catch (error) {
            record.hasFailed = true;
            record.error = error;
            throw error;
        } finally {
            record.pending = undefined;
        }
    })();
    // Whoever waits for it hears of its failure.
    primordials.PromisePrototypeThen(record.pending, undefined, () => {});
    return record.pending;
}

async function run(record) {
    const waits = link(record);
    for (let i = 0; i < waits.length; i++) await waits[i];
    const pending = evaluate(record);
    if (pending !== undefined) await pending;
    return record.namespace;
}

/** What `import()` does in the module, or the script, whose URL is `importer`. */
async function importDynamically(specifier, importer, options) {
    const text = `${specifier}`;
    const attributes = [];
    if (options !== undefined) {
        if (options === null || typeof options !== 'object') {
            throw new TypeError('The second argument of import() must be an object');
        }
        const given = options.with;
        if (given !== undefined) for (const key of ObjectKeys(given)) ArrayPrototypePush(attributes, key, String(given[key]));
    }
    return run(load(resolve(text, importer), typeOf(attributes)));
}

function awaitsAnywhere(record, seen = new SafeSet()) {
    if (seen.has(record)) return false;
    seen.add(record);
    if (record.isAsync) return true;
    for (let i = 0; i < record.requests.length; i++) if (awaitsAnywhere(record.requests[i], seen)) return true;
    return false;
}

/** The namespace of a module that `require` names. */
function requireModule(path) {
    const record = load(hrefOf(path));
    if (awaitsAnywhere(record)) throw new ERR_REQUIRE_ASYNC_MODULE(path);
    link(record);
    evaluate(record);
    return record.namespace;
}

let mainPath;
/** Runs the program's first module. */
function runMain(path) {
    mainPath = path;
    return run(load(hrefOf(path)));
}

/** Runs a module that is no file. */
function runSource(url, text) {
    const record = new ModuleRecord(url);
    fillModule(record, pathOf(url), text);
    return run(record);
}

module.exports = { importDynamically, requireModule, runMain, runSource };
