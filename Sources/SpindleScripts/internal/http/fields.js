// Header fields: what names and values may hold, and how those of one name become one.

const { ArrayIsArray, ArrayPrototypePush, RegExpPrototypeExec, StringPrototypeToLowerCase } = primordials;
const { codes: { ERR_HTTP_INVALID_HEADER_VALUE, ERR_INVALID_CHAR, ERR_INVALID_HTTP_TOKEN } } = require('internal/errors');

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const invalidValue = /[^\t\x20-\x7e\x80-\xff]/;

function isToken(text) { return RegExpPrototypeExec(token, text) !== null; }
function hasInvalidChar(text) { return RegExpPrototypeExec(invalidValue, text) !== null; }

function validateHeaderName(name, label) {
    if (typeof name !== 'string' || name === '' || !isToken(name)) {
        throw new ERR_INVALID_HTTP_TOKEN(label ?? 'Header name', name);
    }
}
function validateHeaderValue(name, value) {
    if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
    if (hasInvalidChar(value)) throw new ERR_INVALID_CHAR('header content', name);
}

/** Fields of which the first counts; all others are joined. */
const single = { __proto__: null };
const names = [
    'age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since',
    'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after',
    'server', 'user-agent',
];
for (let i = 0; i < names.length; i++) single[names[i]] = true;

/** Adds a field as `message.headers` has it. `joinsAll`: those of which the first counts are joined too. */
function addField(fields, name, value, joinsAll) {
    const key = StringPrototypeToLowerCase(name);
    const known = fields[key];
    if (key === 'set-cookie') {
        if (known === undefined) fields[key] = [value];
        else ArrayPrototypePush(known, value);
    } else if (known === undefined) fields[key] = value;
    else if (key === 'cookie') fields[key] = `${known}; ${value}`;
    else if (joinsAll || single[key] === undefined) fields[key] = `${known}, ${value}`;
}

function fieldsOf(list, joinsAll) {
    const fields = {};
    for (let i = 0; i < list.length; i += 2) addField(fields, list[i], list[i + 1], joinsAll);
    return fields;
}

/** Every value of every field. */
function distinctFieldsOf(list) {
    const fields = { __proto__: null };
    for (let i = 0; i < list.length; i += 2) {
        const key = StringPrototypeToLowerCase(list[i]);
        if (fields[key] === undefined) fields[key] = [list[i + 1]];
        else ArrayPrototypePush(fields[key], list[i + 1]);
    }
    return fields;
}

/** The fields that are given as an object, or as a flat list, or as pairs: `each(name, value)`. */
function eachField(given, each) {
    if (ArrayIsArray(given)) {
        if (given.length > 0 && ArrayIsArray(given[0])) {
            for (let i = 0; i < given.length; i++) each(given[i][0], given[i][1]);
            return;
        }
        if (given.length % 2 !== 0) {
            const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
            throw new ERR_INVALID_ARG_VALUE('headers', given);
        }
        for (let i = 0; i < given.length; i += 2) each(given[i], given[i + 1]);
        return;
    }
    for (const name in given) each(name, given[name]);
}

module.exports = {
    addField, distinctFieldsOf, eachField, fieldsOf, hasInvalidChar, isToken, validateHeaderName, validateHeaderValue,
};
