// What both loaders ask of the host: where a specifier leads, what a file is, and functions out of text.

const {
    Error, ErrorIsError, ObjectDefineProperty, ReflectApply, SafeMap, StringPrototypeSlice, StringPrototypeStartsWith, Symbol,
    SyntaxError,
    TypeError,
} = primordials;
const { codes: { ERR_UNKNOWN_BUILTIN_MODULE } } = require('internal/errors');
const { setColumns } = require('internal/stack');
const host = binding('modules');

/** Where an error of syntax lies: [file, line, column]. */
const kPlace = Symbol('place');

function resolutionError({ 1: code, 2: message, 3: isTypeError }) {
    const Kind = isTypeError ? TypeError : Error;
    const error = new Kind(message);
    error.code = code;
    // As Node shows it, except where `require` finds nothing.
    if (code !== 'MODULE_NOT_FOUND' && typeof error.stack === 'string') {
        error.stack = `${error.name} [${code}]${StringPrototypeSlice(error.stack, error.name.length)}`;
    }
    return error;
}

function checked(resolution) {
    if (resolution[0] === 'error') throw resolutionError(resolution);
    return resolution;
}

/** `paths`: of those that required the importer, nearest first. */
function resolveRequire(specifier, importer, paths) {
    if (StringPrototypeStartsWith(specifier, 'node:') && !host.isBuiltIn(StringPrototypeSlice(specifier, 5), true)) {
        throw new ERR_UNKNOWN_BUILTIN_MODULE(specifier);
    }
    return checked(host.resolveRequire(specifier, importer, paths));
}
const resolveImport = (specifier, importer) => checked(host.resolveImport(specifier, importer));
const formatOf = (path) => checked(host.format(path))[0];

function syntaxError({ 1: message, 2: line, 3: column }, file) {
    return placed(new SyntaxError(message), file, line, column);
}

/** The error, which lies at that place of the program rather than where it is thrown. */
function placed(error, file, line, column) {
    ObjectDefineProperty(error, kPlace, { __proto__: null, configurable: true, enumerable: false, value: [file, line, column] });
    return error;
}

/** The function of a compilation; `file` is how stacks name it. */
function compiled(result, file) {
    if (result[0] === 'error') throw syntaxError(result, file);
    return result;
}

/** A CommonJS module's function; its text is read unless given. `load` is its `import()`. */
function compileCommonJS(path, text, load) {
    const { 0: body, 1: head, 2: imports, 3: awaits } = compiled(host.compileCommonJS(path, text), path);
    setColumns(path, head, host.sourceColumn);
    ObjectDefineProperty(body, 'displayName', { __proto__: null, value: 'Object.<anonymous>' });
    if (!imports && !awaits) return body;
    const context = awaits ? require('internal/async_context') : undefined;
    return function (exports, require, module, filename, directory) {
        const own = [exports, require, module, filename, directory];
        if (imports) own[own.length] = load;
        if (awaits) own[own.length] = context;
        return ReflectApply(body, this, own);
    };
}

/** Of sources that are no file, for messages about them. */
const texts = new SafeMap();

/** The text of a source by the name that stacks give it. */
function sourceText(name) {
    const known = texts.get(name);
    if (known !== undefined) return known;
    return host.readText(StringPrototypeStartsWith(name, 'file:') ? require('url').fileURLToPath(name) : name);
}

/** The value of a text as a script in the global scope. */
function evaluateScript(text, name, load) {
    setColumns(name, 0, host.sourceColumn);
    texts.set(name, text);
    return compiled(host.evaluateScript(text, name, load, require('internal/async_context')), name)[0];
}

/** Whether `error` says that the text is no script, and it is a module instead. */
const isForModules = (error, text) => ErrorIsError(error) && error[kPlace] !== undefined && host.isModule(text);

function compileModule(url, path, text) {
    if (text !== undefined) texts.set(url, text);
    const result = compiled(host.compileModule(url, path, text), url);
    setColumns(url, 0, host.sourceColumn);
    return result;
}

module.exports = {
    builtInIDs: host.builtInIDs, commonJSExports: host.commonJSExports, compileCommonJS, compileModule, evaluateScript, formatOf,
    isBuiltIn: host.isBuiltIn, isForModules, kPlace, placed, readText: host.readText, requirePaths: host.requirePaths,
    resolveImport,
    resolveRequire, sourceText,
};
