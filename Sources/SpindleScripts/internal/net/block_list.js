// net.BlockList and net.SocketAddress.

const { BigInt, ObjectDefineProperty, Symbol } = primordials;
const { codes: { ERR_INVALID_ADDRESS, ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateInt32, validateObject, validateOneOf, validatePort, validateString, validateUint32 } = require(
    'internal/validators');
const { bytesOf, groupsOf, isIPv4 } = require('internal/net/ip');

const kNumber = Symbol('number');

/** The address as one number. IPv6 addresses that stand for IPv4 ones are those. */
function numberOf(address, family) {
    let number = 0n;
    if (family === 'ipv4') {
        const bytes = bytesOf(address);
        for (let i = 0; i < 4; i++) number = number << 8n | BigInt(bytes[i]);
    } else {
        const groups = groupsOf(address);
        for (let i = 0; i < 8; i++) number = number << 16n | BigInt(groups[i]);
    }
    return number;
}

class SocketAddress {
    #address;
    #family;
    #port;
    #flowlabel;

    static isSocketAddress(value) { return value != null && typeof value === 'object' && #address in value; }

    constructor(options = {}) {
        validateObject(options, 'options');
        let { family = 'ipv4' } = options;
        const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
        if (typeof family?.toLowerCase === 'function') family = family.toLowerCase();
        if (family !== 'ipv4' && family !== 'ipv6') throw new ERR_INVALID_ARG_VALUE('options.family', options.family);
        validateString(address, 'options.address');
        validatePort(port, 'options.port');
        validateUint32(flowlabel, 'options.flowlabel', false);
        if (family === 'ipv4' ? !isIPv4(address) : groupsOf(address) === undefined) throw new ERR_INVALID_ADDRESS(address);
        this.#address = address;
        this.#family = family;
        this.#port = port | 0;
        this.#flowlabel = flowlabel;
        ObjectDefineProperty(this, kNumber, { __proto__: null, value: numberOf(address, family) });
    }

    get address() { return this.#address; }
    get family() { return this.#family; }
    get port() { return this.#port; }
    get flowlabel() { return this.#flowlabel; }
    toJSON() {
        return { address: this.#address, port: this.#port, family: this.#family, flowlabel: this.#flowlabel };
    }
}

function addressOf(address, family, name) {
    if (SocketAddress.isSocketAddress(address)) return address;
    validateString(address, name);
    validateString(family, 'family');
    return new SocketAddress({ address, family });
}

/** Of ::ffff:a.b.c.d the number of a.b.c.d. */
function mapped(number) { return number >> 32n === 0xFFFFn ? number & 0xFFFFFFFFn : undefined; }

class BlockList {
    /** From, to, family, and how `rules` tells of it. */
    #ranges = [];

    static isBlockList(value) { return value != null && typeof value === 'object' && #ranges in value; }

    #add(first, last, family, text) { this.#ranges[this.#ranges.length] = { first, last, family, text }; }

    addAddress(address, family = 'ipv4') {
        const only = addressOf(address, family, 'address');
        this.#add(only[kNumber], only[kNumber], only.family, `Address: ${nameOf(only)} ${only.address}`);
    }

    addRange(start, end, family = 'ipv4') {
        const first = addressOf(start, family, 'start');
        const last = addressOf(end, family, 'end');
        if (first[kNumber] > last[kNumber]) throw new ERR_INVALID_ARG_VALUE('start', start, `must come before ${last}`);
        this.#add(first[kNumber], last[kNumber], first.family, `Range: ${nameOf(first)} ${first.address}-${last.address}`);
    }

    addSubnet(network, prefix, family = 'ipv4') {
        const base = addressOf(network, family, 'network');
        const bits = base.family === 'ipv4' ? 32 : 128;
        validateOneOf(base.family, 'family', ['ipv4', 'ipv6']);
        validateInt32(prefix, 'prefix', 0, bits);
        const size = BigInt(bits - prefix);
        const first = base[kNumber] >> size << size;
        this.#add(first, first + (1n << size) - 1n, base.family, `Subnet: ${nameOf(base)} ${base.address}/${prefix}`);
    }

    check(address, family = 'ipv4') {
        if (!SocketAddress.isSocketAddress(address)) {
            validateString(address, 'address');
            validateString(family, 'family');
            try {
                address = new SocketAddress({ address, family });
            } catch {
                return false;
            }
        }
        if (this.#has(address[kNumber], address.family)) return true;
        const inner = address.family === 'ipv6' ? mapped(address[kNumber]) : undefined;
        return inner !== undefined && this.#has(inner, 'ipv4');
    }

    #has(number, family) {
        for (let i = 0; i < this.#ranges.length; i++) {
            const range = this.#ranges[i];
            if (range.family === family && range.first <= number && number <= range.last) return true;
        }
        return false;
    }

    /** The newest first. */
    get rules() {
        const rules = [];
        for (let i = this.#ranges.length - 1; i >= 0; i--) rules[rules.length] = this.#ranges[i].text;
        return rules;
    }
}

const nameOf = (address) => (address.family === 'ipv4' ? 'IPv4' : 'IPv6');

module.exports = { BlockList, SocketAddress };
