// The first script of an engine: finds and runs the others. `binding` is the host's own here: `compile(id)` gives a
// built-in's function, or undefined where there is none of that name; `open(name)` makes a binding.

const { compile, open } = binding;
const modules = { __proto__: null };
const bindings = { __proto__: null };
let originals;

function bindingNamed(name) {
    return bindings[name] ??= open(name);
}

function requireBuiltIn(id) {
    const known = modules[id];
    if (known !== undefined) return known.exports;
    const body = compile(id);
    if (body === undefined) throw new Error(`There is no built-in ${id}.`);
    const own = modules[id] = { __proto__: null, id, exports: {} };
    body(own.exports, requireBuiltIn, own, bindingNamed, originals);
    return own.exports;
}

requireBuiltIn.isLoaded = (id) => modules[id] !== undefined;

// Before the primordials, which are to have the constructors that this puts in place.
requireBuiltIn('internal/stack');
originals = requireBuiltIn('internal/primordials');
module.exports = requireBuiltIn;
