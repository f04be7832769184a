// The engine does not look whether its guest is to end while a loop of WebAssembly runs. So a module is changed before it
// is compiled: each loop counts down, and calls a function of the guest's now and then, in which the engine does look.
//
// The counter is one more global, at the end. The function is one more import; as imports come first, the functions of the
// module itself move up by one, wherever they are named by their number.

const { ArrayBuffer, Error, StringFromCharCode, StringPrototypeCharCodeAt, TypedArrayPrototypeSet, Uint8Array } = primordials;
const { Reader } = require('internal/wasm/instructions');

/** The module and the name of the import: no text that a program would choose. */
const kModule = 'spindle:poll';
/** Rounds between two calls, which take some 20 ns each: a tenth of a millisecond at most in the shortest of loops. */
const kRounds = 1 << 14;

const kCustom = 0, kType = 1, kImport = 2, kTable = 4, kGlobal = 6, kExport = 7, kStart = 8, kElement = 9, kCode = 10;
const kSections = 14;
/** The place of a section, by its number; custom ones have none. */
const order = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6];

/** What is written: bytes at the end of those before. */
class Writer {
    #buffer;
    #bytes;
    length = 0;

    constructor(capacity) {
        this.#buffer = new ArrayBuffer(capacity);
        this.#bytes = new Uint8Array(this.#buffer);
    }

    #reserve(count) {
        if (this.length + count <= this.#bytes.length) return;
        const before = new Uint8Array(this.#buffer, 0, this.length);
        this.#buffer = new ArrayBuffer(2 * (this.length + count));
        this.#bytes = new Uint8Array(this.#buffer);
        TypedArrayPrototypeSet(this.#bytes, before);
    }

    byte(value) {
        this.#reserve(1);
        this.#bytes[this.length++] = value;
    }

    bytes(values) { for (let i = 0; i < values.length; i++) this.byte(values[i]); }

    number(value) {
        for (; value >= 128; value = value / 128 >>> 0) this.byte(value & 127 | 128);
        this.byte(value);
    }

    text(value) {
        this.number(value.length);
        for (let i = 0; i < value.length; i++) this.byte(StringPrototypeCharCodeAt(value, i));
    }

    append(buffer, from, to) {
        this.#reserve(to - from);
        TypedArrayPrototypeSet(this.#bytes, new Uint8Array(buffer, from, to - from), this.length);
        this.length += to - from;
    }

    appendAll(writer) { this.append(writer.#buffer, 0, writer.length); }

    /** With its length in front. */
    appendSized(writer) {
        this.number(writer.length);
        this.appendAll(writer);
    }

    take() { return new Uint8Array(this.#buffer, 0, this.length); }
}

class Rewriter {
    /** How many there are before the change. */
    #types = 0;
    #importedFunctions = 0;
    #globals = 0;
    #hasLoops = false;
    #poll = new Writer(32);

    constructor(buffer) {
        this.buffer = buffer;
        this.reader = new Reader(new Uint8Array(buffer));
    }

    /** - Returns: the changed module, or undefined where no change is needed. */
    rewrite() {
        const sections = this.#sections();
        const counted = [];
        for (let i = 0; i < sections.length; i++) counted[sections[i].id] = sections[i];
        if (counted[kCode] === undefined) return undefined;
        if (counted[kType] !== undefined) this.#countTypes(counted[kType]);
        if (counted[kImport] !== undefined) this.#countImports(counted[kImport]);
        if (counted[kGlobal] !== undefined) this.#globals += this.#at(counted[kGlobal]).number();
        this.#preparePoll();
        const code = this.#code(counted[kCode]);
        if (!this.#hasLoops) return undefined;
        const out = new Writer(this.reader.end + (this.reader.end >> 2) + 256);
        out.append(this.buffer, 0, 8);
        let next = 0;
        // Every section in its place: those of the module, and the two that must be there.
        for (let place = 1; place < kSections; place++) {
            while (next < sections.length && (sections[next].id === kCustom || order[sections[next].id] === place)) {
                this.#put(sections[next++], out, code);
            }
            if (place === order[kImport] && counted[kImport] === undefined) this.#put({ id: kImport }, out, code);
            if (place === order[kGlobal] && counted[kGlobal] === undefined) this.#put({ id: kGlobal }, out, code);
        }
        return out.take();
    }

    #sections() {
        const { reader } = this;
        const sections = [];
        let last = 0;
        reader.skip(8);
        while (reader.at < reader.end) {
            const start = reader.at;
            const id = reader.byte();
            const size = reader.number();
            const from = reader.at;
            reader.skip(size);
            if (id >= order.length || (id !== kCustom && order[id] <= last)) throw new Error('a section is unknown or out of place');
            if (id !== kCustom) last = order[id];
            sections[sections.length] = { id, start, from, to: reader.at };
        }
        return sections;
    }

    #at(section) {
        this.reader.at = section.from;
        return this.reader;
    }

    #put(section, out, code) {
        const body = new Writer((section.to - section.from || 0) + 64);
        switch (section.id) {
            case kCustom:
                if (!this.#custom(section, body)) return;
                break;
            case kType: this.#extend(section, body, (item) => item.bytes([0x60, 0, 0])); break;
            case kImport: this.#extend(section, body, (item) => this.#import(item)); break;
            case kGlobal: this.#globalsTo(section, body); break;
            case kTable: this.#tables(section, body); break;
            case kExport: this.#exports(section, body); break;
            case kStart: body.number(this.#moved(this.#at(section).number())); break;
            case kElement: this.#elements(section, body); break;
            case kCode: body.appendAll(code); break;
            default: body.append(this.buffer, section.from, section.to);
        }
        out.byte(section.id);
        out.appendSized(body);
    }

    /** A list and one item more. */
    #extend(section, body, writeItem) {
        if (section.from === undefined) body.number(1);
        else {
            body.number(this.#at(section).number() + 1);
            body.append(this.buffer, this.reader.at, section.to);
        }
        writeItem(body);
    }

    #import(item) {
        item.text(kModule);
        item.text('poll');
        item.byte(0);
        item.number(this.#types);
    }

    /**
     * The names of functions, for stacks, move with them.
     * - Returns: false for a section that speaks of places in the code.
     */
    #custom(section, body) {
        const reader = this.#at(section);
        let name = '';
        for (let count = reader.number(); count > 0; count--) name += StringFromCharCode(reader.byte());
        if (name === 'metadata.code.branch_hint') return false;
        if (name !== 'name') {
            body.append(this.buffer, section.from, section.to);
            return true;
        }
        this.#copyPart(body, section.from);
        while (reader.at < section.to) {
            const from = reader.at;
            const isOfFunctions = reader.byte() === 1;
            const size = reader.number();
            const to = reader.at + size;
            if (isOfFunctions) this.#names(body, to);
            else body.append(this.buffer, from, to);
            reader.at = to;
        }
        return true;
    }

    #names(body, to) {
        const { reader } = this;
        const names = new Writer(to - reader.at + 64);
        const count = reader.number();
        names.number(count);
        for (let i = 0; i < count; i++) {
            names.number(this.#moved(reader.number()));
            const from = reader.at;
            reader.skip(reader.number());
            this.#copyPart(names, from);
        }
        body.byte(1);
        body.appendSized(names);
    }

    #moved(index) { return index >= this.#importedFunctions ? index + 1 : index; }

    // MARK: Counting

    #countTypes(section) {
        const reader = this.#at(section);
        for (let count = reader.number(); count > 0; count--) {
            if (reader.bytes[reader.at] !== 0x4e) this.#skipType();
            else {
                reader.skip(1);
                for (let members = reader.number(); members > 0; members--) this.#skipType();
            }
        }
    }

    #skipType() {
        const { reader } = this;
        this.#types++;
        let form = reader.byte();
        if (form === 0x50 || form === 0x4f) {
            for (let count = reader.number(); count > 0; count--) reader.skipNumber();
            form = reader.byte();
        }
        const skipField = () => {
            reader.skipValueType();
            reader.skip(1);
        };
        switch (form) {
            case 0x60:
                for (let list = 0; list < 2; list++) for (let count = reader.number(); count > 0; count--) reader.skipValueType();
                break;
            case 0x5f:
                for (let count = reader.number(); count > 0; count--) skipField();
                break;
            case 0x5e: skipField(); break;
            default: throw new Error('a type is unknown');
        }
    }

    #countImports(section) {
        const reader = this.#at(section);
        for (let count = reader.number(); count > 0; count--) {
            reader.skip(reader.number());
            reader.skip(reader.number());
            switch (reader.byte()) {
                case 0:
                    this.#importedFunctions++;
                    reader.skipNumber();
                    break;
                case 1:
                    reader.skipValueType();
                    this.#skipLimits();
                    break;
                case 2: this.#skipLimits(); break;
                case 3:
                    this.#globals++;
                    reader.skipValueType();
                    reader.skip(1);
                    break;
                case 4:
                    reader.skip(1);
                    reader.skipNumber();
                    break;
                default: throw new Error('an import is unknown');
            }
        }
    }

    #skipLimits() {
        const flags = this.reader.byte();
        this.reader.skipNumber();
        if (flags & 1) this.reader.skipNumber();
    }

    // MARK: Sections in which functions are named

    #copyPart(body, from) { body.append(this.buffer, from, this.reader.at); }

    #globalsTo(section, body) {
        const reader = section.from === undefined ? undefined : this.#at(section);
        const count = reader?.number() ?? 0;
        body.number(count + 1);
        for (let i = 0; i < count; i++) {
            const from = reader.at;
            reader.skipValueType();
            reader.skip(1);
            this.#copyPart(body, from);
            this.#expression(body);
        }
        // A variable i32 that begins at 0.
        body.bytes([0x7f, 1, 0x41, 0, 0x0b]);
    }

    #tables(section, body) {
        const reader = this.#at(section);
        const count = reader.number();
        body.number(count);
        for (let i = 0; i < count; i++) {
            const from = reader.at;
            const hasValue = reader.bytes[reader.at] === 0x40;
            if (hasValue) reader.skip(2);
            reader.skipValueType();
            this.#skipLimits();
            this.#copyPart(body, from);
            if (hasValue) this.#expression(body);
        }
    }

    #exports(section, body) {
        const reader = this.#at(section);
        const count = reader.number();
        body.number(count);
        for (let i = 0; i < count; i++) {
            const from = reader.at;
            reader.skip(reader.number());
            const kind = reader.byte();
            this.#copyPart(body, from);
            const index = reader.number();
            body.number(kind === 0 ? this.#moved(index) : index);
        }
    }

    #elements(section, body) {
        const reader = this.#at(section);
        const count = reader.number();
        body.number(count);
        for (let i = 0; i < count; i++) {
            let from = reader.at;
            const flags = reader.number();
            const isActive = (flags & 1) === 0;
            if (isActive && flags & 2) reader.skipNumber();
            this.#copyPart(body, from);
            if (isActive) this.#expression(body);
            from = reader.at;
            if (flags & 3) {
                if (flags & 4) reader.skipValueType();
                else reader.skip(1);
            }
            const members = reader.number();
            this.#copyPart(body, from);
            for (let j = 0; j < members; j++) {
                if (flags & 4) this.#expression(body);
                else body.number(this.#moved(reader.number()));
            }
        }
    }

    // MARK: Code

    #preparePoll() {
        const poll = this.#poll;
        const useGlobal = (code) => { poll.byte(code); poll.number(this.#globals); };
        useGlobal(0x23);                                // global.get
        poll.bytes([0x45, 0x04, 0x40, 0x10]);           // i32.eqz, if, call
        poll.number(this.#importedFunctions);
        poll.byte(0x41);                                // i32.const
        poll.bytes([kRounds & 127 | 128, kRounds >> 7 & 127 | 128, kRounds >> 14]);
        useGlobal(0x24);                                // global.set
        poll.byte(0x0b);
        useGlobal(0x23);
        poll.bytes([0x41, 1, 0x6b]);                    // i32.const 1, i32.sub
        useGlobal(0x24);
    }

    #code(section) {
        const reader = this.#at(section);
        const code = new Writer(section.to - section.from + 256);
        const count = reader.number();
        code.number(count);
        for (let i = 0; i < count; i++) {
            const end = reader.number() + reader.at;
            const body = new Writer(end - reader.at + 64);
            const from = reader.at;
            for (let groups = reader.number(); groups > 0; groups--) {
                reader.skipNumber();
                reader.skipValueType();
            }
            this.#copyPart(body, from);
            this.#expression(body);
            if (reader.at !== end) throw new Error('a function does not end where it should');
            code.appendSized(body);
        }
        return code;
    }

    /** Copies instructions to the end of their block, with other numbers of functions and polls in loops. */
    #expression(body) {
        const { reader } = this;
        let from = reader.at;
        for (let depth = 1; depth > 0;) {
            const start = reader.at;
            const code = reader.instruction();
            switch (code) {
                case 0x10: case 0x12: case 0xd2:        // call, return_call, ref.func
                    body.append(this.buffer, from, start);
                    if (code === 0x12) this.#putPoll(body);
                    body.byte(code);
                    reader.at = start + 1;
                    body.number(this.#moved(reader.number()));
                    from = reader.at;
                    break;
                case 0x13: case 0x15:                   // other calls that do not return here: they make loops, too
                    body.append(this.buffer, from, start);
                    this.#putPoll(body);
                    from = start;
                    break;
                case 0x03:                              // loop
                    this.#copyPart(body, from);
                    this.#putPoll(body);
                    from = reader.at;
                    depth++;
                    break;
                case 0x02: case 0x04: case 0x06: case 0x1f:     // block, if, try, try_table
                    depth++;
                    break;
                case 0x0b: case 0x18:                   // end, delegate
                    depth--;
            }
        }
        this.#copyPart(body, from);
    }

    #putPoll(body) {
        this.#hasLoops = true;
        body.appendAll(this.#poll);
    }
}

/**
 * The bytes of a module whose loops look whether their guest is to end; `buffer` is nobody else's.
 *
 * - Returns: undefined where that is not needed, or cannot be done: the bytes are no module, or have something unknown.
 */
function withPolls(buffer) {
    try {
        return new Rewriter(buffer).rewrite();
    } catch {
        return undefined;
    }
}

module.exports = { kModule, withPolls };
