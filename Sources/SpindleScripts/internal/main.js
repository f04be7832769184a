// Starts a guest's program.

require('internal/bootstrap');

const { ObjectDefineProperty, StringPrototypeStartsWith, globalThis } = primordials;

/** Loads what most workers use, before it is known which program runs. */
function prepare() {
    require('process');
    require('worker_threads');
    require('internal/modules/host');
}

/** `kind`: 'file' and its path, or 'source', its text, its name and whether its value is printed. */
function start(kind, ...given) {
    require('internal/lifecycle').begin();
    if (binding('worker').threadId() !== 0) require('internal/worker/thread').setup();
    if (kind === 'file') startFile(given[0]);
    else if (kind === 'hosted') require('internal/hosted').start(given[0], given[1], given[2], given[3]);
    else startSource(given[0], given[1], given[2]);
}

function startFile(path) {
    // What it is rejected with is told of like any other rejection.
    if (StringPrototypeStartsWith(path, 'data:')) return void require('internal/modules/esm').runURL(path);
    const loading = require('internal/modules/host');
    const filename = resolve(loading, path);
    if (formatOf(loading, filename) === 'module') {
        require('internal/modules/esm').runMain(filename);
    } else require('module').runMain(filename);
}
function resolve(loading, path) {
    try {
        // A worker's is absolute.
        if (StringPrototypeStartsWith(path, '/')) return loading.resolveRequire(path, path, [])[1];
    } catch {
        // What follows says what is wrong.
    }
    return require('module')._resolveFilename(require('path').resolve(path), null, true);
}
function formatOf(loading, filename) {
    try {
        return loading.formatOf(filename);
    } catch (error) {
        if (error.code === 'ERR_UNKNOWN_FILE_EXTENSION') return 'commonjs';
        throw error;
    }
}

function startSource(text, name, printsResult) {
    const loading = require('internal/modules/host');
    const Module = require('module');
    const directory = require('process').cwd();
    const created = new Module(name);
    created.filename = `${directory}/${name}`;
    created.paths = Module._nodeModulePaths(directory);
    const globals = {
        __proto__: null, __dirname: '.', __filename: name, exports: created.exports, module: created,
        require: Module.createRequire(created.filename),
    };
    for (const key in globals) {
        ObjectDefineProperty(globalThis, key, {
            __proto__: null, configurable: true, enumerable: false, value: globals[key], writable: true,
        });
    }
    const load = async (specifier, options) => {
        const href = require('internal/file_urls').hrefOf(created.filename);
        return require('internal/modules/esm').importDynamically(specifier, href, options);
    };
    const value = loading.evaluateScript(text, name, load);
    if (printsResult) require('console').log(value);
    return created.exports;
}

module.exports = { prepare, start, startFile, startSource };
