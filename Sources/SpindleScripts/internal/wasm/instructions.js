// The instructions of WebAssembly, as far as one must know them to get from one to the next.

const { Error, Uint8Array } = primordials;

/** What follows an instruction: none, one or several of these, a digit each. */
const kIndex = 1;           // a number of variable length
const kTwoIndices = 2;
const kMemory = 3;          // alignment, memory if bit 6 of that says so, offset
const kBlock = 4;           // the type of a block
const kByte = 5;
const kMemoryAndByte = 6;
const kFunction = 7;        // a number of variable length: that of a function
const kSpecial = 8;         // see `skipSpecial`
const kUnknown = 9;

function tableOf(size, groups) {
    const table = new Uint8Array(size);
    for (let i = 0; i < groups.length; i += 3) for (let code = groups[i]; code <= groups[i + 1]; code++) table[code] = groups[i + 2];
    return table;
}

// First, last, what follows; nothing for all others.
const plain = tableOf(256, [
    0x02, 0x04, kBlock, 0x06, 0x06, kBlock, 0x07, 0x09, kIndex, 0x0c, 0x0d, kIndex, 0x0e, 0x0e, kSpecial, 0x10, 0x10, kFunction,
    0x11, 0x11, kTwoIndices, 0x12, 0x12, kFunction, 0x13, 0x13, kTwoIndices, 0x14, 0x15, kIndex, 0x16, 0x17, kUnknown,
    0x18, 0x18, kIndex, 0x1c, 0x1c, kSpecial, 0x1d, 0x1e, kUnknown, 0x1f, 0x1f, kSpecial, 0x20, 0x26, kIndex, 0x27, 0x27, kUnknown,
    0x28, 0x3e, kMemory, 0x3f, 0x42, kIndex, 0x43, 0x44, kSpecial, 0xc5, 0xcf, kUnknown, 0xd0, 0xd0, kIndex, 0xd2, 0xd2, kFunction,
    0xd5, 0xd6, kIndex, 0xd7, 0xfa, kUnknown, 0xff, 0xff, kUnknown,
]);
const objects = tableOf(31, [
    0, 1, kIndex, 2, 5, kTwoIndices, 6, 7, kIndex, 8, 10, kTwoIndices, 11, 14, kIndex, 16, 16, kIndex, 17, 19, kTwoIndices,
    20, 23, kIndex, 24, 25, kSpecial,
]);
const bulk = tableOf(18, [
    8, 8, kTwoIndices, 9, 9, kIndex, 10, 10, kTwoIndices, 11, 11, kIndex, 12, 12, kTwoIndices, 13, 13, kIndex, 14, 14, kTwoIndices,
    15, 17, kIndex,
]);
const vectors = tableOf(276, [
    0, 11, kMemory, 12, 13, kSpecial, 21, 34, kByte, 84, 91, kMemoryAndByte, 92, 93, kMemory,
]);
const atomics = tableOf(79, [0, 2, kMemory, 3, 3, kByte, 4, 15, kUnknown, 16, 78, kMemory]);

/** Reads a module's bytes from front to back; throws at their end and at what it does not know. */
class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
        this.end = bytes.length;
    }

    byte() {
        if (this.at >= this.end) throw new Error('the module ends too early');
        return this.bytes[this.at++];
    }

    skip(count) {
        if (count > this.end - this.at) throw new Error('the module ends too early');
        this.at += count;
    }

    /** An unsigned number of at most 32 bits. */
    number() {
        let value = 0;
        for (let factor = 1; ; factor *= 128) {
            const byte = this.byte();
            value += (byte & 127) * factor;
            if (byte < 128) return value;
            if (factor > 2 ** 28) throw new Error('a number is too long');
        }
    }

    /** Skips a number of whatever size, signed or not. */
    skipNumber() { while (this.byte() >= 128); }

    skipValueType() {
        const byte = this.byte();
        // (ref null type), (ref type)
        if (byte === 0x63 || byte === 0x64) this.skipNumber();
    }

    /** A type's number, which may take several bytes, or a value type. */
    skipBlockType() {
        const byte = this.byte();
        if (byte === 0x63 || byte === 0x64 || byte >= 128) this.skipNumber();
    }

    skipMemory() {
        const alignment = this.number();
        if (alignment & 64) this.skipNumber();
        this.skipNumber();
    }

    /**
     * Skips an instruction.
     * - Returns: its code; that of a prefix alone, where it has one.
     */
    instruction() {
        const code = this.byte();
        if (code < 0xfb || code === 0xff) this.#skipOperands(plain[code], code);
        else {
            const table = code === 0xfb ? objects : code === 0xfc ? bulk : code === 0xfd ? vectors : atomics;
            const second = this.number();
            if (second >= table.length) throw new Error('an instruction is unknown');
            this.#skipOperands(table[second], code * 256 + second);
        }
        return code;
    }

    #skipOperands(kind, code) {
        switch (kind) {
            case 0: break;
            case kIndex: case kFunction: this.skipNumber(); break;
            case kTwoIndices: this.skipNumber(); this.skipNumber(); break;
            case kMemory: this.skipMemory(); break;
            case kBlock: this.skipBlockType(); break;
            case kByte: this.skip(1); break;
            case kMemoryAndByte: this.skipMemory(); this.skip(1); break;
            case kSpecial: this.#skipSpecial(code); break;
            default: throw new Error('an instruction is unknown');
        }
    }

    #skipSpecial(code) {
        switch (code) {
            case 0x0e:          // br_table
                for (let count = this.number(); count >= 0; count--) this.skipNumber();
                break;
            case 0x1c:          // select of a type
                for (let count = this.number(); count > 0; count--) this.skipValueType();
                break;
            case 0x1f:          // try_table
                this.skipBlockType();
                for (let count = this.number(); count > 0; count--) {
                    if (this.byte() < 2) this.skipNumber();
                    this.skipNumber();
                }
                break;
            case 0x43: this.skip(4); break;
            case 0x44: this.skip(8); break;
            case 0xfd0c: case 0xfd0d: this.skip(16); break;
            default:            // br_on_cast, br_on_cast_fail
                this.skip(1);
                this.skipNumber();
                this.skipNumber();
                this.skipNumber();
        }
    }
}

module.exports = { Reader };
