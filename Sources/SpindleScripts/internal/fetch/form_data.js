// FormData, and its two encodings.

const {
    ArrayPrototypeFilter, ArrayPrototypePush, MathRandom, String, StringPrototypeReplaceAll, StringPrototypeSlice,
    StringPrototypeSplit, StringPrototypeToLowerCase, StringPrototypeTrim, SymbolIterator, SymbolToStringTag, TypeError,
} = primordials;

class FormData {
    /** [name, value] */
    #entries = [];

    constructor(form = undefined) {
        if (form !== undefined) throw new TypeError('FormData constructor: Argument 1 could not be converted to: undefined.');
    }

    append(name, value, filename) { ArrayPrototypePush(this.#entries, [String(name), entryOf(value, filename)]); }
    delete(name) {
        this.#entries = ArrayPrototypeFilter(this.#entries, (entry) => entry[0] !== String(name));
    }
    get(name) {
        for (let i = 0; i < this.#entries.length; i++) if (this.#entries[i][0] === String(name)) return this.#entries[i][1];
        return null;
    }
    getAll(name) {
        const values = [];
        for (let i = 0; i < this.#entries.length; i++) {
            if (this.#entries[i][0] === String(name)) ArrayPrototypePush(values, this.#entries[i][1]);
        }
        return values;
    }
    has(name) { return this.get(name) !== null; }
    set(name, value, filename) {
        const entry = [String(name), entryOf(value, filename)];
        let isSet = false;
        const kept = [];
        for (let i = 0; i < this.#entries.length; i++) {
            if (this.#entries[i][0] !== entry[0]) ArrayPrototypePush(kept, this.#entries[i]);
            else if (!isSet) {
                isSet = true;
                ArrayPrototypePush(kept, entry);
            }
        }
        if (!isSet) ArrayPrototypePush(kept, entry);
        this.#entries = kept;
    }
    forEach(callback, self) {
        for (const { 0: name, 1: value } of this) callback.call(self, value, name, this);
    }
    * entries() { for (let i = 0; i < this.#entries.length; i++) yield [this.#entries[i][0], this.#entries[i][1]]; }
    * keys() { for (let i = 0; i < this.#entries.length; i++) yield this.#entries[i][0]; }
    * values() { for (let i = 0; i < this.#entries.length; i++) yield this.#entries[i][1]; }
    [SymbolIterator]() { return this.entries(); }
    get [SymbolToStringTag]() { return 'FormData'; }
}

function entryOf(value, filename) {
    const { Blob, File } = require('internal/blob');
    if (!(value instanceof Blob)) return String(value);
    if (value instanceof File && filename === undefined) return value;
    return new File([value], filename ?? value.name ?? 'blob', { type: value.type });
}

const escaped = (text) => StringPrototypeReplaceAll(
    StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '\r', '%0D'), '\n', '%0A'), '"', '%22');

/** A Blob of the form as multipart/form-data. */
function encodeForm(form) {
    const { Blob } = require('internal/blob');
    const boundary = `----formdata-${StringPrototypeSlice(`${MathRandom()}${MathRandom()}`, 2)}`;
    const parts = [];
    for (const { 0: name, 1: value } of form) {
        let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`;
        if (typeof value === 'string') ArrayPrototypePush(parts, `${head}\r\n\r\n${value}\r\n`);
        else {
            head += `; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`;
            ArrayPrototypePush(parts, head, value, '\r\n');
        }
    }
    ArrayPrototypePush(parts, `--${boundary}--\r\n`);
    return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
}

/** The form that `bytes` (a Buffer) are, as `type` says. */
function decodeForm(bytes, type) {
    const form = new FormData();
    const { 0: essence } = StringPrototypeSplit(type, ';');
    switch (StringPrototypeToLowerCase(StringPrototypeTrim(essence))) {
        case 'application/x-www-form-urlencoded':
            for (const { 0: name, 1: value } of new (require('internal/url').URLSearchParams)(bytes.toString('utf8'))) {
                form.append(name, value);
            }
            return form;
        case 'multipart/form-data': {
            const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
            if (boundary === null) break;
            decodeParts(form, bytes, `--${boundary[1] ?? boundary[2]}`);
            return form;
        }
        default:
    }
    throw new TypeError('Response.formData: the content is not a form.');
}
function decodeParts(form, bytes, mark) {
    const malformed = () => new TypeError('Failed to parse body as FormData.');
    let at = bytes.indexOf(mark);
    if (at < 0) throw malformed();
    for (;;) {
        at += mark.length;
        if (bytes[at] === 45 && bytes[at + 1] === 45) return;
        const headEnd = bytes.indexOf('\r\n\r\n', at);
        const next = bytes.indexOf(`\r\n${mark}`, headEnd);
        if (headEnd < 0 || next < 0) throw malformed();
        const head = bytes.toString('utf8', at, headEnd);
        const name = /content-disposition:[^\r\n]*?;\s*name="([^"]*)"/i.exec(head);
        if (name === null) throw malformed();
        const filename = /content-disposition:[^\r\n]*?;\s*filename="([^"]*)"/i.exec(head);
        const type = /content-type:\s*([^\r\n]*)/i.exec(head)?.[1];
        const content = bytes.subarray(headEnd + 4, next);
        if (filename === null) form.append(unescaped(name[1]), content.toString('utf8'));
        else {
            const { File } = require('internal/blob');
            form.append(unescaped(name[1]), new File([content], unescaped(filename[1]), { type: type ?? 'text/plain' }));
        }
        at = next + 2;
    }
}
const unescaped = (text) => StringPrototypeReplaceAll(
    StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '%0D', '\r'), '%0A', '\n'), '%22', '"');

module.exports = { FormData, decodeForm, encodeForm };
