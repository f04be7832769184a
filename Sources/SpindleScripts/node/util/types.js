// What `classOf` and `functionKind` tell is for the built-ins; guests get the predicates.

const { ObjectDefineProperty } = primordials;

const { classOf, functionKind, ...types } = require('internal/util/types');

// Guests have no objects made by foreign code, and no key objects.
for (const name of ['isExternal', 'isKeyObject', 'isCryptoKey']) {
    ObjectDefineProperty(types, name, { __proto__: null, value: () => false, enumerable: true });
}

module.exports = types;
