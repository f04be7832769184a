// WebAssembly, whose asynchronous calls work on threads of the engine: the loop neither sees that they are under way nor is
// woken when they are done. So it is told to stay, and to look.

const { ObjectDefineProperty, PromisePrototypeThen, ReflectApply, WebAssembly } = primordials;
const { holdForEngine } = binding('tasks');

let pending = 0;
function settled() {
    if (--pending === 0) holdForEngine(false);
}

for (const name of ['compile', 'instantiate']) {
    const original = WebAssembly[name];
    const replaced = { [name](...args) {
        const promise = ReflectApply(original, this, args);
        if (++pending === 1) holdForEngine(true);
        PromisePrototypeThen(promise, settled, settled);
        return promise;
    } }[name];
    ObjectDefineProperty(replaced, 'length', { __proto__: null, configurable: true, value: 1 });
    ObjectDefineProperty(WebAssembly, name, {
        __proto__: null, configurable: true, enumerable: true, value: replaced, writable: true,
    });
}

module.exports = { WebAssembly };
