// WebAssembly. Its asynchronous calls work on threads of the engine: the loop neither sees that they are under way nor is
// woken when they are done, so it is told to stay, and to look. And modules are changed so that their loops can be stopped:
// see `internal/wasm/polls`.

const {
    ArrayBuffer, ArrayPrototypePush, ObjectCreate, ObjectDefineProperty, PromisePrototypeThen, ReflectApply, ReflectConstruct,
    SafeWeakSet, TypeError, TypedArrayPrototypeSet, Uint8Array, WebAssembly,
} = primordials;
const { holdForEngine } = binding('tasks');
const { bytesOf } = require('internal/encoding');

const { Instance, Module, compile, instantiate } = WebAssembly;
/** Those that expect the function that their loops call. */
const polling = new SafeWeakSet();

/** The changed bytes of a module; undefined where there is nothing to change. */
function changed(source) {
    const view = bytesOf(source);
    if (view === undefined) return undefined;
    const buffer = new ArrayBuffer(view.length);
    TypedArrayPrototypeSet(new Uint8Array(buffer), view);
    return require('internal/wasm/polls').withPolls(buffer);
}

/** The engine looks whether the guest is to end when a function of JavaScript begins. */
const poll = () => {};

/** The imports of a program, and ours where the module expects it. */
function importsFor(module, imports) {
    if (!polling.has(module)) return imports;
    const { kModule } = require('internal/wasm/polls');
    if (imports === undefined && visibleImports(module).length > 0) return imports;
    if (imports !== undefined && (imports === null || (typeof imports !== 'object' && typeof imports !== 'function'))) return imports;
    return ObjectCreate(imports ?? null, {
        __proto__: null,
        [kModule]: { __proto__: null, value: { __proto__: null, poll } },
    });
}

const allImports = Module.imports;
function visibleImports(module) {
    const all = allImports(module);
    if (!polling.has(module)) return all;
    const { kModule } = require('internal/wasm/polls');
    const visible = [];
    for (let i = 0; i < all.length; i++) if (all[i].module !== kModule) ArrayPrototypePush(visible, all[i]);
    return visible;
}

function construct(original, argument, target, replaced) {
    return ReflectConstruct(original, argument, target === replaced ? original : target);
}

/** A module of changed bytes; of the program's own where the engine refuses those: it says what is wrong with them. */
function moduleOf(source, target) {
    const bytes = changed(source);
    if (bytes !== undefined) {
        try {
            const module = construct(Module, [bytes], target, PollingModule);
            polling.add(module);
            return module;
        } catch { /* As it is, then. */ }
    }
    return construct(Module, [source], target, PollingModule);
}

function PollingModule(source) {
    if (new.target === undefined) throw new TypeError('WebAssembly.Module must be invoked with \'new\'');
    return moduleOf(source, new.target);
}

function PollingInstance(module, imports) {
    if (new.target === undefined) throw new TypeError('WebAssembly.Instance must be invoked with \'new\'');
    return construct(Instance, [module, importsFor(module, imports)], new.target, PollingInstance);
}

let pending = 0;
function settled() {
    if (--pending === 0) holdForEngine(false);
}

/** Keeps the loop until the engine has answered. */
function held(promise) {
    if (++pending === 1) holdForEngine(true);
    PromisePrototypeThen(promise, settled, settled);
    return promise;
}

/** The module of a source, by way of the changed one if the engine takes that. */
function compiled(source) {
    const bytes = changed(source);
    if (bytes === undefined) return held(ReflectApply(compile, WebAssembly, [source]));
    return PromisePrototypeThen(held(ReflectApply(compile, WebAssembly, [bytes])), (module) => {
        polling.add(module);
        return module;
    }, () => held(ReflectApply(compile, WebAssembly, [source])));
}

const instantiated = (module, imports) =>
    held(ReflectApply(instantiate, WebAssembly, [module, importsFor(module, imports)]));

const functions = {
    __proto__: null,
    compile(source) { return compiled(source); },
    instantiate(source, imports) {
        if (source instanceof Module) return instantiated(source, imports);
        return PromisePrototypeThen(compiled(source), (module) =>
            PromisePrototypeThen(instantiated(module, imports), (instance) => ({ module, instance })));
    },
};

function replace(holder, name, value, enumerable) {
    ObjectDefineProperty(holder, name, { __proto__: null, configurable: true, enumerable, value, writable: true });
}

for (const name of ['compile', 'instantiate']) {
    ObjectDefineProperty(functions[name], 'length', { __proto__: null, configurable: true, value: 1 });
    replace(WebAssembly, name, functions[name], true);
}
for (const { 0: name, 1: original, 2: replaced } of [['Module', Module, PollingModule], ['Instance', Instance, PollingInstance]]) {
    ObjectDefineProperty(replaced, 'name', { __proto__: null, configurable: true, value: name });
    ObjectDefineProperty(replaced, 'length', { __proto__: null, configurable: true, value: 1 });
    ObjectDefineProperty(replaced, 'prototype', { __proto__: null, value: original.prototype, writable: false });
    replace(original.prototype, 'constructor', replaced, false);
    replace(WebAssembly, name, replaced, false);
}
replace(PollingModule, 'imports', function imports(module) { return visibleImports(module); }, true);
replace(PollingModule, 'exports', Module.exports, true);
replace(PollingModule, 'customSections', Module.customSections, true);

module.exports = { WebAssembly };
