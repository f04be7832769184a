// `util.parseEnv`: the contents of a `.env` file.

const {
    ObjectDefineProperty,
    StringPrototypeIndexOf,
    StringPrototypeReplaceAll,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    StringPrototypeTrim,
} = primordials;

const { validateString } = require('internal/validators');

const isBlank = (character) => character === ' ' || character === '\t' || character === '\n';

function parseEnv(content) {
    validateString(content, 'content');
    const text = StringPrototypeReplaceAll(content, '\r', '');
    const variables = {};
    for (let at = 0; at < text.length;) {
        while (isBlank(text[at])) at++;
        let end = StringPrototypeIndexOf(text, '\n', at);
        if (end === -1) end = text.length;
        const equals = StringPrototypeIndexOf(text, '=', at);
        // Comments and lines that assign nothing.
        if (text[at] === '#' || equals === -1 || equals > end) {
            at = end + 1;
            continue;
        }
        let name = StringPrototypeTrim(StringPrototypeSlice(text, at, equals));
        if (StringPrototypeStartsWith(name, 'export ')) name = StringPrototypeTrim(StringPrototypeSlice(name, 7));
        const value = valueAt(text, equals + 1, end);
        at = value.end + 1;
        if (name === '') continue;
        ObjectDefineProperty(variables, name, {
            __proto__: null, value: value.text, writable: true, enumerable: true, configurable: true,
        });
    }
    return variables;
}

// The value that begins at `start`, in a line that ends at `end`; in quotes it may go on over several lines.
function valueAt(text, start, end) {
    while (start < end && isBlank(text[start])) start++;
    const quote = text[start];
    if (quote === '"' || quote === "'" || quote === '`') {
        const close = StringPrototypeIndexOf(text, quote, start + 1);
        if (close !== -1) {
            const quoted = StringPrototypeSlice(text, start + 1, close);
            const next = StringPrototypeIndexOf(text, '\n', close);
            return {
                text: quote === '"' ? StringPrototypeReplaceAll(quoted, '\\n', '\n') : quoted,
                end: next === -1 ? text.length : next,
            };
        }
    }
    const line = StringPrototypeSlice(text, start, end);
    const comment = StringPrototypeIndexOf(line, '#');
    return { text: StringPrototypeTrim(comment === -1 ? line : StringPrototypeSlice(line, 0, comment)), end };
}

module.exports = { parseEnv };
