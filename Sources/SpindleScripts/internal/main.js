// Starts a guest's program.

require('internal/bootstrap');

const { ObjectDefineProperty, PromisePrototypeThen, StringPrototypeIncludes, globalThis } = primordials;

/** `kind`: 'file' and its path; 'url'; 'module' and its text; 'source', its text, its name and whether its value is printed. */
function start(kind, ...given) {
    const isMainThread = binding('worker').threadId === 0;
    if (!isMainThread) require('internal/worker/thread').setup(kind === 'hosted');
    const run = () => {
        switch (kind) {
            case 'file': return startFile(given[0]);
            case 'hosted': return require('internal/hosted').start(given[0], given[1], given[2], given[3]);
            case 'module': return startModule(given[0]);
            case 'url': return startURL(given[0]);
            default:
                if (isMainThread) lendBuiltIns();
                return startSource(given[0], given[1], given[2]);
        }
    };
    if (isMainThread) run();
    else require('internal/worker/thread').preload(run);
}

function startFile(path) {
    const loading = require('internal/modules/host');
    const Module = require('module');
    const filename = Module._resolveFilename(require('path').resolve(path), null, true);
    if (formatOf(loading, filename) === 'module') {
        runToEnd(require('internal/modules/esm').runMain(filename));
    } else Module.runMain(filename);
}

function startURL(url) {
    const importer = require('url').pathToFileURL(`${require('process').cwd()}/[worker]`).href;
    runToEnd(require('internal/modules/esm').importDynamically(url, importer));
}

function startModule(text) {
    const url = `${require('url').pathToFileURL(`${require('process').cwd()}/`).href}[eval1]`;
    runToEnd(require('internal/modules/esm').runSource(url, text));
}

/** Nobody else can have caught what the program's first module throws; and its end must come before the program's. */
function runToEnd(promise) {
    const lifecycle = require('internal/lifecycle');
    lifecycle.isUnsettled = true;
    binding('process').setHooks({ __proto__: null, exit: lifecycle.end });
    PromisePrototypeThen(promise, () => { lifecycle.isUnsettled = false; }, (error) => {
        lifecycle.isUnsettled = false;
        lifecycle.report(error, true);
    });
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
        const { href } = require('url').pathToFileURL(created.filename);
        return require('internal/modules/esm').importDynamically(specifier, href, options);
    };
    let value;
    try {
        value = loading.evaluateScript(text, name, load);
    } catch (error) {
        if (!loading.isForModules(error, text)) throw error;
        if (printsResult) throw new (require('internal/errors').codes.ERR_EVAL_ESM_CANNOT_PRINT)();
        startModule(text);
    }
    if (printsResult) require('console').log(value);
    return created.exports;
}

/** Programs on the command line find the built-in modules as globals, each loaded when it is first read. */
function lendBuiltIns() {
    const ids = require('internal/modules/host').builtInIDs();
    for (let i = 0; i < ids.length; i++) {
        const id = ids[i];
        if (StringPrototypeIncludes(id, '/') || id in globalThis) continue;
        const settle = (value) => {
            ObjectDefineProperty(globalThis, id, {
                __proto__: null, configurable: true, enumerable: true, value, writable: true,
            });
        };
        ObjectDefineProperty(globalThis, id, {
            __proto__: null,
            configurable: true,
            enumerable: false,
            get() {
                const exports = require(id);
                ObjectDefineProperty(globalThis, id, {
                    __proto__: null, configurable: true, enumerable: false, get: () => exports, set: settle,
                });
                return exports;
            },
            set: settle,
        });
    }
}

module.exports = { start, startFile, startSource };
