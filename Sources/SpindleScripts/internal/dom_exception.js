// DOMException. An instance is a real Error (it has a stack and prints as one); name, message and code are kept aside so that
// the accessors on the prototype can check whom they are asked about.

const {
    Error, ErrorCaptureStackTrace, ErrorPrototype, ObjectDefineProperties, ObjectDefineProperty, ObjectSetPrototypeOf,
    ReflectConstruct, SafeWeakMap, String, SymbolToStringTag,
} = primordials;

// In the order of their numbers, which start with 1; the gaps are names that Web IDL has retired.
const legacy = [
    ['IndexSizeError', 'INDEX_SIZE_ERR'], ['', 'DOMSTRING_SIZE_ERR'], ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR'],
    ['WrongDocumentError', 'WRONG_DOCUMENT_ERR'], ['InvalidCharacterError', 'INVALID_CHARACTER_ERR'], ['', 'NO_DATA_ALLOWED_ERR'],
    ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR'], ['NotFoundError', 'NOT_FOUND_ERR'],
    ['NotSupportedError', 'NOT_SUPPORTED_ERR'], ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR'],
    ['InvalidStateError', 'INVALID_STATE_ERR'], ['SyntaxError', 'SYNTAX_ERR'],
    ['InvalidModificationError', 'INVALID_MODIFICATION_ERR'], ['NamespaceError', 'NAMESPACE_ERR'],
    ['InvalidAccessError', 'INVALID_ACCESS_ERR'], ['', 'VALIDATION_ERR'], ['TypeMismatchError', 'TYPE_MISMATCH_ERR'],
    ['SecurityError', 'SECURITY_ERR'], ['NetworkError', 'NETWORK_ERR'], ['AbortError', 'ABORT_ERR'],
    ['URLMismatchError', 'URL_MISMATCH_ERR'], ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR'], ['TimeoutError', 'TIMEOUT_ERR'],
    ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR'], ['DataCloneError', 'DATA_CLONE_ERR'],
];
const codeOf = { __proto__: null };
const internals = new SafeWeakMap();

function internalsOf(object) {
    const found = internals.get(object);
    if (found !== undefined) return found;
    const { codes: { ERR_INVALID_THIS } } = require('internal/errors');
    throw new ERR_INVALID_THIS('DOMException');
}

class DOMException {
    constructor(message = '', options = 'Error') {
        const self = ReflectConstruct(Error, [`${message}`], new.target);
        delete self.message;
        let name = options;
        if (options !== null && typeof options === 'object') {
            name = options.name ?? 'Error';
            if ('cause' in options) {
                ObjectDefineProperty(self, 'cause', {
                    __proto__: null, configurable: true, enumerable: false, value: options.cause, writable: true,
                });
            }
        }
        internals.set(self, { message: `${message}`, name: String(name) });
        // Only now is there a name for its head.
        ErrorCaptureStackTrace(self, DOMException);
        return self;
    }

    get name() { return internalsOf(this).name; }
    get message() { return internalsOf(this).message; }
    get code() { return codeOf[internalsOf(this).name] ?? 0; }
}
ObjectSetPrototypeOf(DOMException.prototype, ErrorPrototype);
ObjectDefineProperties(DOMException.prototype, {
    [SymbolToStringTag]: { __proto__: null, configurable: true, value: 'DOMException' },
    code: { __proto__: null, enumerable: true },
    message: { __proto__: null, enumerable: true },
    name: { __proto__: null, enumerable: true },
});
for (let i = 0; i < legacy.length; i++) {
    const { 0: name, 1: constant } = legacy[i];
    if (name !== '') codeOf[name] = i + 1;
    const descriptor = { __proto__: null, enumerable: true, value: i + 1 };
    ObjectDefineProperty(DOMException, constant, descriptor);
    ObjectDefineProperty(DOMException.prototype, constant, descriptor);
}

/** Gives an exception the stack of another thread's: what structured clone keeps beside name and message. */
function revive(name, message, stack) {
    const exception = new DOMException(message, name);
    ObjectDefineProperty(exception, 'stack', {
        __proto__: null, configurable: true, enumerable: false, value: stack, writable: true,
    });
    return exception;
}

module.exports = { DOMException, isDOMException: (value) => internals.has(value), revive };
