// node:url. `URL` is the standard's; `Url`, `parse`, `format` and `resolve` are the older interface. Many programs want no more than
// the path of a file's URL, so both are loaded when they are wanted.

const { ObjectDefineProperty, ReflectApply } = primordials;

const standard = () => require('internal/url');
const legacy = () => require('internal/url/legacy');

function fileURLToPath(path, options = undefined) {
    if (typeof path === 'string' && options === undefined) return require('internal/file_urls').pathOf(path);
    return standard().fileURLToPath(path, options);
}

/** A function that is `name` of what `load` gives, and looks it. */
function forward(load, name, length) {
    const forwarding = function (...args) { return ReflectApply(load()[name], this, args); };
    ObjectDefineProperty(forwarding, 'name', { __proto__: null, configurable: true, value: name });
    ObjectDefineProperty(forwarding, 'length', { __proto__: null, configurable: true, value: length });
    return forwarding;
}

/** A member that is there when it is first read. */
function defineLazily(load, name) {
    const settle = (value) => {
        ObjectDefineProperty(module.exports, name, {
            __proto__: null, configurable: true, enumerable: true, value, writable: true,
        });
    };
    ObjectDefineProperty(module.exports, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
            const value = load()[name];
            settle(value);
            return value;
        },
        set: settle,
    });
}

defineLazily(legacy, 'Url');
module.exports.parse = forward(legacy, 'parse', 3);
module.exports.resolve = forward(legacy, 'resolve', 2);
module.exports.resolveObject = forward(legacy, 'resolveObject', 2);
module.exports.format = forward(legacy, 'format', 2);
defineLazily(standard, 'URL');
defineLazily(standard, 'URLSearchParams');
module.exports.domainToASCII = forward(standard, 'domainToASCII', 1);
module.exports.domainToUnicode = forward(standard, 'domainToUnicode', 1);
module.exports.pathToFileURL = forward(standard, 'pathToFileURL', 2);
module.exports.fileURLToPath = fileURLToPath;
module.exports.urlToHttpOptions = forward(standard, 'urlToHttpOptions', 1);
