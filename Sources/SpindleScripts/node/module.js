// node:module: CommonJS modules, and what programs may know of loading.

const {
    ArrayPrototypeIncludes, ArrayPrototypePush, ArrayPrototypeSlice, Error, JSONParse, ObjectCreate, ObjectDefineProperty,
    ObjectFreeze, ObjectKeys, ObjectSetPrototypeOf, ReflectApply, String, StringPrototypeCharCodeAt, StringPrototypeEndsWith,
    StringPrototypeLastIndexOf, StringPrototypeSlice, StringPrototypeStartsWith,
} = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_REQUIRE_ESM } } = require('internal/errors');
const { validateString } = require('internal/validators');
const loading = require('internal/modules/host');
const requireBuiltIn = require;

const directoryOf = (path) => StringPrototypeSlice(path, 0, StringPrototypeLastIndexOf(path, '/')) || '/';

function Module(id = '', parent) {
    this.id = id;
    this.path = directoryOf(id);
    this.exports = {};
    ObjectDefineProperty(this, 'parent', {
        __proto__: null, configurable: true, enumerable: false, value: parent, writable: true,
    });
    if (parent instanceof Module) ArrayPrototypePush(parent.children, this);
    this.filename = null;
    this.loaded = false;
    this.children = [];
}
module.exports = Module;

Module._cache = { __proto__: null };
Module._pathCache = { __proto__: null };
Module._extensions = { __proto__: null };
Module.globalPaths = [];
Module.Module = Module;
Module.builtinModules = ObjectFreeze(loading.builtInIDs());
Module.isBuiltin = (name) => {
    if (typeof name !== 'string') return false;
    const hasScheme = StringPrototypeStartsWith(name, 'node:');
    return loading.isBuiltIn(hasScheme ? StringPrototypeSlice(name, 5) : name, hasScheme);
};
Module.wrapper = ['(function (exports, require, module, __filename, __dirname) { ', '\n});'];
Module.wrap = (script) => `${Module.wrapper[0]}${script}${Module.wrapper[1]}`;
Module.syncBuiltinESMExports = () => {};

Module._nodeModulePaths = (from) => loading.requirePaths(`${from}/_`);
Module._resolveLookupPaths = (request, parent) => {
    if (Module.isBuiltin(request)) return null;
    if (StringPrototypeStartsWith(request, './') || StringPrototypeStartsWith(request, '../')) {
        return [parent?.filename ? directoryOf(parent.filename) : '.'];
    }
    return parent?.paths ? ArrayPrototypeSlice(parent.paths) : [];
};

/** The files that led to a module, nearest first. */
function requireStack(parent) {
    const stack = [];
    for (let at = parent; at; at = at.parent) {
        if (at.filename || at.id) ArrayPrototypePush(stack, at.filename || at.id);
    }
    return stack;
}

Module._resolveFilename = (request, parent, isMain, options) => {
    const stack = requireStack(parent);
    const importers = options?.paths === undefined ? [importerOf(parent)] : lookupImporters(options.paths);
    let failure;
    for (let i = 0; i < importers.length; i++) {
        try {
            const { 0: kind, 1: value } = loading.resolveRequire(request, importers[i], stack);
            if (kind !== 'builtin') return value;
            return StringPrototypeStartsWith(request, 'node:') ? request : value;
        } catch (error) {
            failure ??= error;
        }
    }
    if (failure?.code === 'MODULE_NOT_FOUND') failure.requireStack = stack;
    throw failure;
};
const importerOf = (parent) => parent?.filename ?? `${requireBuiltIn('process').cwd()}/_`;
function lookupImporters(paths) {
    if (!primordials.ArrayIsArray(paths)) throw new ERR_INVALID_ARG_VALUE('options.paths', paths);
    const { resolve } = requireBuiltIn('path');
    const importers = [];
    for (let i = 0; i < paths.length; i++) {
        validateString(paths[i], 'paths');
        ArrayPrototypePush(importers, `${resolve(paths[i])}/_`);
    }
    return importers;
}

Module._load = (request, parent, isMain) => {
    const filename = Module._resolveFilename(request, parent, isMain);
    const cached = Module._cache[filename];
    if (cached !== undefined) {
        if (parent && !ArrayPrototypeIncludes(parent.children, cached)) ArrayPrototypePush(parent.children, cached);
        return cached.exports;
    }
    if (StringPrototypeStartsWith(filename, 'node:')) return requireBuiltIn(StringPrototypeSlice(filename, 5));
    if (StringPrototypeCharCodeAt(filename, 0) !== 47 && Module.isBuiltin(filename)) return requireBuiltIn(filename);
    const created = new Module(filename, parent);
    if (isMain) {
        setMain(created);
        created.id = '.';
    }
    Module._cache[filename] = created;
    let isDone = false;
    try {
        created.load(filename);
        isDone = true;
    } finally {
        if (!isDone) {
            delete Module._cache[filename];
            const children = parent?.children;
            if (children !== undefined && children[children.length - 1] === created) children.length--;
        }
    }
    return created.exports;
};

let main;
function setMain(created) {
    main = created;
    requireBuiltIn('process').mainModule = created;
}

Module.prototype.load = function (filename) {
    this.filename = filename;
    this.paths = loading.requirePaths(filename);
    const dot = StringPrototypeLastIndexOf(filename, '.');
    const extension = dot > StringPrototypeLastIndexOf(filename, '/') + 1 ? StringPrototypeSlice(filename, dot) : '';
    if (extension === '.mjs' && Module._extensions['.mjs'] === undefined) loadModule(this, filename);
    else (Module._extensions[extension] ?? Module._extensions['.js'])(this, filename);
    this.loaded = true;
};

Module.prototype.require = function (id) {
    validateString(id, 'id');
    if (id === '') throw new ERR_INVALID_ARG_VALUE('id', id, 'must be a non-empty string');
    return Module._load(id, this, false);
};

Module.prototype._compile = function (content, filename) { return run(this, filename, content); };

/** Runs a CommonJS module, whose text is read unless given. */
function run(created, filename, text) {
    const load = (specifier, options) => importFrom(filename, specifier, options);
    const body = loading.compileCommonJS(filename, text, load);
    return ReflectApply(body, created.exports, [created.exports, makeRequire(created), created, filename, directoryOf(filename)]);
}
async function importFrom(filename, specifier, options) {
    const href = requireBuiltIn('internal/file_urls').hrefOf(filename);
    return requireBuiltIn('internal/modules/esm').importDynamically(specifier, href, options);
}

/** A module in the new form, without `await` at its top: `require` gives its namespace. */
function loadModule(created, filename) {
    const namespace = require('internal/modules/esm').requireModule(filename);
    created.exports = 'module.exports' in namespace ? namespace['module.exports'] : namespace;
}

Module._extensions['.js'] = (created, filename) => {
    // Looked up only where the name leaves it open: most files end in .js beside a package.json.
    const format = StringPrototypeEndsWith(filename, '.cjs') ? 'commonjs' : formatOrCommonJS(filename);
    if (format === 'module') loadModule(created, filename);
    else run(created, filename);
};
function formatOrCommonJS(filename) {
    try {
        return loading.formatOf(filename);
    } catch (error) {
        // `require` runs files of any other name as CommonJS.
        if (error.code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'commonjs';
        throw error;
    }
}
Module._extensions['.json'] = (created, filename) => {
    let text = loading.readText(filename);
    if (StringPrototypeCharCodeAt(text, 0) === 0xFEFF) text = StringPrototypeSlice(text, 1);
    try {
        created.exports = JSONParse(text);
    } catch (error) {
        error.message = `${filename}: ${error.message}`;
        throw error;
    }
};
Module._extensions['.node'] = (created, filename) => {
    const error = new Error(`Native addons cannot be loaded: ${filename}`);
    error.code = 'ERR_DLOPEN_FAILED';
    throw error;
};

function makeRequire(created) {
    const require = function require(id) { return created.require(id); };
    require.resolve = function resolve(request, options) {
        validateString(request, 'request');
        return Module._resolveFilename(request, created, false, options);
    };
    require.resolve.paths = function paths(request) {
        validateString(request, 'request');
        return Module._resolveLookupPaths(request, created);
    };
    require.main = main;
    require.extensions = Module._extensions;
    require.cache = Module._cache;
    return require;
}

const fileOrURL = 'must be a file URL object, file URL string, or absolute path string';
/** `require` for a file or URL that need not exist. */
Module.createRequire = (file) => {
    let filename = file;
    if (typeof file !== 'string' || StringPrototypeStartsWith(file, 'file:')) {
        if (typeof file !== 'string' && (file === null || typeof file !== 'object' || typeof file.href !== 'string')) {
            throw new ERR_INVALID_ARG_VALUE('filename', file, fileOrURL);
        }
        filename = requireBuiltIn('url').fileURLToPath(file);
    } else if (StringPrototypeCharCodeAt(file, 0) !== 47) {
        throw new ERR_INVALID_ARG_VALUE('filename', file, fileOrURL);
    }
    if (StringPrototypeEndsWith(filename, '/')) filename += 'noop.js';
    const created = new Module(filename);
    created.filename = filename;
    created.paths = loading.requirePaths(filename);
    return makeRequire(created);
};

/** Loads the program's first module. */
Module.runMain = (path) => Module._load(path, null, true);
