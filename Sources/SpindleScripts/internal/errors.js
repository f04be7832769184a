// The errors of the built-ins: one class a code, with the messages Node prints.
//
// `new codes.ERR_X(...)` gives a plain TypeError, RangeError … whose own `code` says which. `codes.ERR_X.RangeError` is the
// same with another class. The head of such an error's stack is `TypeError [ERR_X]: message`.

const {
    ArrayIsArray, ArrayPrototypeIncludes, ArrayPrototypeIndexOf, ArrayPrototypeJoin, ArrayPrototypeMap, ArrayPrototypePush,
    ArrayPrototypeSlice, ArrayPrototypeSplice, Error, ErrorCaptureStackTrace, JSONStringify, MathAbs, NumberIsInteger,
    ObjectDefineProperty, RangeError, ReflectApply, RegExpPrototypeExec, String, StringPrototypeEndsWith,
    StringPrototypeIncludes, StringPrototypeIndexOf, StringPrototypeSlice, StringPrototypeStartsWith,
    StringPrototypeToLowerCase, SymbolPrototypeToString, SyntaxError, TypeError, URIError,
} = primordials;

const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

function setHidden(object, key, value) {
    ObjectDefineProperty(object, key, { __proto__: null, configurable: true, enumerable: false, value, writable: true });
}

/** Fills each `%s` of `text` with the next of `args`. */
function fill(text, args) {
    let result = '';
    let from = 0;
    for (let i = 0; i < args.length; i++) {
        const at = StringPrototypeIndexOf(text, '%s', from);
        if (at < 0) break;
        result += StringPrototypeSlice(text, from, at) + String(args[i]);
        from = at + 2;
    }
    return result + StringPrototypeSlice(text, from);
}

function classOf(code, message, Base) {
    return function NodeError(...args) {
        const error = new Base();
        const text = typeof message === 'string' ? fill(message, args) : ReflectApply(message, error, args);
        setHidden(error, 'message', text);
        setHidden(error, 'toString', function () { return `${this.name} [${code}]: ${this.message}`; });
        // The stack is taken under the name that its head is to show, and without this constructor.
        setHidden(error, 'name', `${error.name} [${code}]`);
        ErrorCaptureStackTrace(error, new.target ?? NodeError);
        delete error.name;
        error.code = code;
        return error;
    };
}

/** A failure the system reported, told in the words of the call that met it: `code` and `name` say so. */
class SystemError extends Error {
    constructor(code, prefix, context) {
        let message = `${prefix}: ${context.syscall} returned ${context.code} (${context.message})`;
        if (context.path !== undefined) message += ` ${context.path}`;
        if (context.dest !== undefined) message += ` => ${context.dest}`;
        super(message);
        setHidden(this, 'name', 'SystemError');
        setHidden(this, 'info', context);
        this.code = code;
        this.errno = context.errno;
        this.syscall = context.syscall;
        if (context.path !== undefined) this.path = context.path;
        if (context.dest !== undefined) this.dest = context.dest;
    }

    toString() { return `${this.name} [${this.code}]: ${this.message}`; }
}

/** `a`, `a or b`, `a, b, or c`. */
function formatList(list, word) {
    if (list.length < 3) return ArrayPrototypeJoin(list, ` ${word} `);
    return `${ArrayPrototypeJoin(ArrayPrototypeSlice(list, 0, -1), ', ')}, ${word} ${list[list.length - 1]}`;
}

/** What a value is, as the tail of a message: `null`, `type string ('x')`, `an instance of Map`. */
function determineSpecificType(value) {
    if (value === null || value === undefined) return `${value}`;
    switch (typeof value) {
        case 'function': return value.name ? `function ${value.name}` : 'function ';
        case 'object':
            if (value.constructor?.name) return `an instance of ${value.constructor.name}`;
            return inspect(value, { depth: -1 });
        case 'string': {
            const text = value.length > 28 ? `${StringPrototypeSlice(value, 0, 25)}...` : value;
            return StringPrototypeIncludes(text, '\'') ? `type string (${JSONStringify(text)})` : `type string ('${text}')`;
        }
        case 'bigint': return `type bigint (${value}n)`;
        case 'symbol': return `type symbol (${SymbolPrototypeToString(value)})`;
        default: return `type ${typeof value} (${value === 0 && 1 / value < 0 ? '-0' : value})`;
    }
}

function addNumericalSeparator(digits) {
    let result = '';
    let end = digits.length;
    const start = digits[0] === '-' ? 1 : 0;
    for (; end >= start + 4; end -= 3) result = `_${StringPrototypeSlice(digits, end - 3, end)}${result}`;
    return StringPrototypeSlice(digits, 0, end) + result;
}

const typeNames = ['string', 'function', 'number', 'object', 'Function', 'Object', 'boolean', 'bigint', 'symbol'];

function invalidArgType(name, expected, actual) {
    const types = [];
    const instances = [];
    const others = [];
    if (!ArrayIsArray(expected)) expected = [expected];
    for (let i = 0; i < expected.length; i++) {
        const value = expected[i];
        if (ArrayPrototypeIncludes(typeNames, value)) ArrayPrototypePush(types, StringPrototypeToLowerCase(value));
        else if (RegExpPrototypeExec(/^([A-Z][a-z0-9]*)+$/, value) !== null) ArrayPrototypePush(instances, value);
        else ArrayPrototypePush(others, value);
    }
    const object = ArrayPrototypeIndexOf(types, 'object');
    if (instances.length > 0 && object >= 0) {
        ArrayPrototypeSplice(types, object, 1);
        ArrayPrototypePush(instances, 'Object');
    }
    const clauses = [];
    if (types.length > 0) ArrayPrototypePush(clauses, `${types.length > 1 ? 'one ' : ''}of type ${formatList(types, 'or')}`);
    if (instances.length > 0) ArrayPrototypePush(clauses, `an instance of ${formatList(instances, 'or')}`);
    if (others.length > 1) ArrayPrototypePush(clauses, `one of ${formatList(others, 'or')}`);
    else if (others.length === 1) {
        const article = StringPrototypeToLowerCase(others[0]) === others[0] ? '' : 'an ';
        ArrayPrototypePush(clauses, article + others[0]);
    }
    return `The ${subject(name)} must be ${ArrayPrototypeJoin(clauses, ' or ')}. Received ${determineSpecificType(actual)}`;
}

function subject(name) {
    if (StringPrototypeEndsWith(name, ' argument')) return name;
    return `"${name}" ${StringPrototypeIncludes(name, '.') ? 'property' : 'argument'}`;
}

function invalidArgValue(name, value, reason = 'is invalid') {
    let text = inspect(value);
    if (text.length > 128) text = `${StringPrototypeSlice(text, 0, 128)}...`;
    return `The ${StringPrototypeIncludes(name, '.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${text}`;
}

function outOfRange(name, range, input, isMessage = false) {
    let received;
    if (NumberIsInteger(input) && MathAbs(input) > 2 ** 32) received = addNumericalSeparator(String(input));
    else if (typeof input === 'bigint') {
        received = String(input);
        if (input > 2n ** 32n || input < -(2n ** 32n)) received = addNumericalSeparator(received);
        received += 'n';
    } else received = inspect(input);
    return `${isMessage ? name : `The value of "${name}" is out of range.`} It must be ${range}. Received ${received}`;
}

function missingArgs(...args) {
    const quote = (arg) => `"${arg}"`;
    const list = ArrayPrototypeMap(args, (arg) => (
        ArrayIsArray(arg) ? ArrayPrototypeJoin(ArrayPrototypeMap(arg, quote), ' or ') : quote(arg)));
    return `The ${formatList(list, 'and')} argument${list.length > 1 ? 's' : ''} must be specified`;
}

const from = (base) => (base ? ` imported from ${base}` : '');

const E = Error;
const T = TypeError;
const R = RangeError;
const S = SyntaxError;
const system = 'SystemError';
const table = {
    __proto__: null,
    ERR_AMBIGUOUS_ARGUMENT: ['The "%s" argument is ambiguous. %s', T],
    ERR_ARG_NOT_ITERABLE: ['%s must be iterable', T],
    ERR_ASSERTION: ['%s', E],
    ERR_ASYNC_CALLBACK: ['%s must be a function', T],
    ERR_ASYNC_TYPE: ['Invalid name for async "type": %s', T],
    ERR_BROTLI_INVALID_PARAM: ['%s is not a valid Brotli parameter', R],
    ERR_BUFFER_OUT_OF_BOUNDS: [(name) => (
        name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds'), R],
    ERR_BUFFER_TOO_LARGE: ['Cannot create a Buffer larger than 0x%s bytes', R],
    ERR_CHILD_CLOSED_BEFORE_REPLY: ['Child closed before reply received', E],
    ERR_CHILD_PROCESS_IPC_REQUIRED: ['Forked processes must have an IPC channel, missing value \'ipc\' in %s', E],
    ERR_CHILD_PROCESS_STDIO_MAXBUFFER: ['%s maxBuffer length exceeded', R],
    ERR_CONSOLE_WRITABLE_STREAM: ['Console expects a writable stream instance for %s', T],
    ERR_CONSTRUCT_CALL_INVALID: ['Constructor cannot be called', T],
    ERR_CONSTRUCT_CALL_REQUIRED: ['Class constructor %s cannot be invoked without `new`', T],
    ERR_CRYPTO_HASH_FINALIZED: ['Digest already called', E],
    ERR_CRYPTO_INVALID_AUTH_TAG: ['Invalid authentication tag length: %s', T],
    ERR_CRYPTO_INVALID_DIGEST: ['Invalid digest: %s', T],
    ERR_CRYPTO_INVALID_IV: ['Invalid initialization vector', T],
    ERR_CRYPTO_INVALID_KEYLEN: ['Invalid key length', R],
    ERR_CRYPTO_INVALID_SCRYPT_PARAMS: ['Invalid scrypt params%s', R],
    ERR_CRYPTO_INVALID_STATE: ['Invalid state for operation %s', E],
    ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH: ['Input buffers must have the same byte length', R],
    ERR_CRYPTO_UNKNOWN_CIPHER: ['Unknown cipher', E],
    ERR_DIR_CLOSED: ['Directory handle was closed', E],
    ERR_DIR_CONCURRENT_OPERATION: ['Cannot do synchronous work on directory handle with concurrent asynchronous operations', E],
    ERR_DLOPEN_FAILED: ['%s', E],
    ERR_DUPLICATE_STARTUP_SNAPSHOT_MAIN_FUNCTION: ['Deserialize main function is already configured.', E],
    ERR_ENCODING_INVALID_ENCODED_DATA: [function (encoding, errno) {
        this.errno = errno;
        return `The encoded data was not valid for encoding ${encoding}`;
    }, T],
    ERR_ENCODING_NOT_SUPPORTED: ['The "%s" encoding is not supported', R],
    ERR_EVAL_ESM_CANNOT_PRINT: ['--print cannot be used with ESM input', E],
    ERR_EVENT_RECURSION: ['The event "%s" is already being dispatched', E],
    ERR_FALSY_VALUE_REJECTION: [function (reason) {
        this.reason = reason;
        return 'Promise was rejected with falsy value';
    }, E],
    ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: [
        'The feature %s is unavailable on the current platform, which is being used to run Node.js', T],
    ERR_FS_CP_DIR_TO_NON_DIR: ['Cannot overwrite non-directory with directory', system],
    ERR_FS_CP_EEXIST: ['Target already exists', system],
    ERR_FS_CP_EINVAL: ['Invalid src or dest', system],
    ERR_FS_CP_FIFO_PIPE: ['Cannot copy a FIFO pipe', system],
    ERR_FS_CP_NON_DIR_TO_DIR: ['Cannot overwrite directory with non-directory', system],
    ERR_FS_CP_SOCKET: ['Cannot copy a socket file', system],
    ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY: ['Cannot overwrite symlink in subdirectory of self', system],
    ERR_FS_CP_UNKNOWN: ['Cannot copy an unknown file type', system],
    ERR_FS_EISDIR: ['Path is a directory', system],
    ERR_FS_FILE_TOO_LARGE: ['File size (%s) is greater than 2 GiB', R],
    ERR_FS_INVALID_SYMLINK_TYPE: ['Symlink type must be one of "dir", "file", or "junction". Received "%s"', E],
    ERR_FS_WATCH_QUEUE_OVERFLOW: ['fs.watch() queued more than %d events', E],
    ERR_ILLEGAL_CONSTRUCTOR: ['Illegal constructor', T],
    ERR_IMPORT_ATTRIBUTE_MISSING: ['Module "%s" needs an import attribute of "%s: %s"', T],
    ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE: ['Module "%s" is not of type "%s"', T],
    ERR_IMPORT_ATTRIBUTE_UNSUPPORTED: ['Import attribute "%s" with value "%s" is not supported', T],
    ERR_INCOMPATIBLE_OPTION_PAIR: ['Option "%s" cannot be used in combination with option "%s"', T],
    ERR_INTERNAL_ASSERTION: [(message) => (
        `${message === undefined ? '' : `${message}\n`}A built-in module failed an assertion.`), E],
    ERR_INVALID_ADDRESS: ['Invalid address: %s', E],
    ERR_INVALID_ADDRESS_FAMILY: [function (family, host, port) {
        this.host = host;
        this.port = port;
        return `Invalid address family: ${family} ${host}:${port}`;
    }, R],
    ERR_INVALID_ARG_TYPE: [invalidArgType, T],
    ERR_INVALID_ARG_VALUE: [invalidArgValue, T, R],
    ERR_INVALID_ASYNC_ID: ['Invalid %s value: %s', R],
    ERR_INVALID_BUFFER_SIZE: ['Buffer size must be a multiple of %s', R],
    ERR_INVALID_CHAR: [(name, field) => `Invalid character in ${name}${field === undefined ? '' : ` ["${field}"]`}`, T],
    ERR_INVALID_CURSOR_POS: ['Cannot set cursor row without setting its column', T],
    ERR_INVALID_FD: ['"fd" must be a positive integer: %s', R],
    ERR_INVALID_FD_TYPE: ['Unsupported fd type: %s', T],
    ERR_INVALID_FILE_URL_HOST: ['File URL host must be "localhost" or empty on %s', T],
    ERR_INVALID_FILE_URL_PATH: ['File URL path %s', T],
    ERR_INVALID_HANDLE_TYPE: ['This handle type cannot be sent', T],
    ERR_INVALID_IP_ADDRESS: ['Invalid IP address: %s', T],
    ERR_INVALID_MIME_SYNTAX: [(production, text, at) => (
        `The MIME syntax for a ${production} in "${text}" is invalid${at === -1 ? '' : ` at ${at}`}`), T],
    ERR_INVALID_MODULE_SPECIFIER: [(request, reason, base) => `Invalid module "${request}" ${reason}${from(base)}`, T],
    ERR_INVALID_OBJECT_DEFINE_PROPERTY: ['%s', T],
    ERR_INVALID_PACKAGE_CONFIG: [(path, base, message) => (
        `Invalid package config ${path}${base ? ` while importing ${base}` : ''}${message ? `. ${message}` : ''}`), E],
    ERR_INVALID_PACKAGE_TARGET: [(path, key, target, isImport = false, base) => {
        const hint = typeof target === 'string' && !isImport && target.length > 0 && !StringPrototypeStartsWith(target, './') ?
            '; targets must start with "./"' : '';
        const which = isImport ? 'imports' : 'exports';
        if (key === '.') {
            return `Invalid "exports" main target ${JSONStringify(target)} defined in the package config ` +
                `${path}package.json${from(base)}${hint}`;
        }
        return `Invalid "${which}" target ${JSONStringify(target)} defined for '${key}' in the package config ` +
            `${path}package.json${from(base)}${hint}`;
    }, E],
    ERR_INVALID_RETURN_VALUE: [(expected, name, value) => (
        `Expected ${expected} to be returned from the "${name}" function but got ${determineSpecificType(value)}.`), T, R],
    ERR_INVALID_STATE: ['Invalid state: %s', E, T],
    ERR_INVALID_SYNC_FORK_INPUT: [
        'Asynchronous forks do not support Buffer, TypedArray, DataView or string input: %s', T],
    ERR_INVALID_THIS: ['Value of "this" must be of type %s', T],
    ERR_INVALID_TUPLE: ['%s must be an iterable %s tuple', T],
    ERR_INVALID_URI: ['URI malformed', URIError],
    ERR_INVALID_URL: [function (input, base) {
        this.input = input;
        if (base != null) this.base = base;
        return 'Invalid URL';
    }, T],
    ERR_INVALID_URL_SCHEME: [(expected) => {
        const list = ArrayIsArray(expected) ? ArrayPrototypeJoin(expected, ' or ') : expected;
        return `The URL must be ${ArrayIsArray(expected) && expected.length > 1 ? 'one of' : 'of'} scheme ${list}`;
    }, T],
    ERR_IPC_CHANNEL_CLOSED: ['Channel closed', E],
    ERR_IPC_DISCONNECTED: ['IPC channel is already disconnected', E],
    ERR_IPC_ONE_PIPE: ['Child process can have only one IPC pipe', E],
    ERR_IPC_SYNC_FORK: ['IPC cannot be used with synchronous forks', E],
    ERR_METHOD_NOT_IMPLEMENTED: ['The %s method is not implemented', E],
    ERR_MISSING_ARGS: [missingArgs, T],
    ERR_MISSING_MESSAGE_PORT_IN_TRANSFER_LIST: [
        'Object that needs transfer was found in message but not listed in transferList', T],
    ERR_MISSING_TRANSFERABLE_IN_TRANSFER_LIST: [
        'Object that needs transfer was found in message but not listed in transferList', T],
    ERR_MISSING_OPTION: ['%s is required', T],
    ERR_MODULE_NOT_FOUND: [function (path, base, exactUrl) {
        if (exactUrl) setHidden(this, 'url', `${exactUrl}`);
        return `Cannot find ${exactUrl ? 'module' : 'package'} '${path}' imported from ${base}`;
    }, E],
    ERR_MULTIPLE_CALLBACK: ['Callback called multiple times', E],
    ERR_OPERATION_FAILED: ['Operation failed: %s', E, T],
    ERR_OUT_OF_RANGE: [outOfRange, R],
    ERR_PACKAGE_IMPORT_NOT_DEFINED: [(specifier, path, base) => (
        `Package import specifier "${specifier}" is not defined` +
        `${path ? ` in package ${path}package.json` : ''}${from(base)}`), T],
    ERR_PACKAGE_PATH_NOT_EXPORTED: [(path, subpath, base) => (
        subpath === '.' ? `No "exports" main defined in ${path}package.json${from(base)}` :
            `Package subpath '${subpath}' is not defined by "exports" in ${path}package.json${from(base)}`), E],
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE: ['%s', T],
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: [
        (arg) => `Unexpected argument '${arg}'. This command does not take positional arguments`, T],
    ERR_PARSE_ARGS_UNKNOWN_OPTION: [(option, allowPositionals) => `Unknown option '${option}'${allowPositionals ?
        '. To specify a positional argument starting with a \'-\', place it at the end of the command after \'--\', ' +
        `as in '-- ${JSONStringify(option)}` : ''}`, T],
    ERR_PERFORMANCE_INVALID_TIMESTAMP: ['%s is not a valid timestamp', T],
    ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS: ['%s', T],
    ERR_REQUIRE_ASYNC_MODULE: ['require() cannot be used on an ESM graph with top-level await. Use import() instead. To see ' +
        'where the top-level await comes from, use --experimental-print-required-tla.', E],
    ERR_REQUIRE_CYCLE_MODULE: ['%s', E],
    ERR_REQUIRE_ESM: [(file) => `require() of ES Module ${file} not supported.`, E],
    ERR_SCRIPT_EXECUTION_INTERRUPTED: ['Script execution was interrupted by `SIGINT`', E],
    ERR_SCRIPT_EXECUTION_TIMEOUT: ['Script execution timed out after %sms', E],
    ERR_SOCKET_BAD_PORT: [(name, port, allowZero = true) => (
        `${name} should be ${allowZero ? '>=' : '>'} 0 and < 65536. Received ${determineSpecificType(port)}.`), R],
    ERR_STREAM_ALREADY_FINISHED: ['Cannot call %s after a stream was finished', E],
    ERR_STREAM_CANNOT_PIPE: ['Cannot pipe, not readable', E],
    ERR_STREAM_DESTROYED: ['Cannot call %s after a stream was destroyed', E],
    ERR_STREAM_NULL_VALUES: ['May not write null values to stream', T],
    ERR_STREAM_PREMATURE_CLOSE: ['Premature close', E],
    ERR_STREAM_PUSH_AFTER_EOF: ['stream.push() after EOF', E],
    ERR_STREAM_UNABLE_TO_PIPE: ['Cannot pipe to a closed or destroyed stream', E],
    ERR_STREAM_UNSHIFT_AFTER_END_EVENT: ['stream.unshift() after end event', E],
    ERR_STREAM_WRITE_AFTER_END: ['write after end', E],
    ERR_SYNTHETIC: ['JavaScript Callstack', E],
    ERR_SYSTEM_ERROR: ['A system error occurred', system],
    ERR_UNAVAILABLE_DURING_EXIT: ['Cannot call function in process exit handler', E],
    ERR_UNCAUGHT_EXCEPTION_CAPTURE_ALREADY_SET: [
        '`process.setupUncaughtExceptionCapture()` was called while a capture callback was already active', E],
    ERR_UNESCAPED_CHARACTERS: ['%s contains unescaped characters', T],
    ERR_UNHANDLED_ERROR: [(error) => (error === undefined ? 'Unhandled error.' : `Unhandled error. (${error})`), E],
    ERR_UNKNOWN_BUILTIN_MODULE: ['No such built-in module: %s', E],
    ERR_UNKNOWN_CREDENTIAL: ['%s identifier does not exist: %s', E],
    ERR_UNKNOWN_ENCODING: ['Unknown encoding: %s', T],
    ERR_UNKNOWN_FILE_EXTENSION: ['Unknown file extension "%s" for %s', T],
    ERR_UNKNOWN_MODULE_FORMAT: ['Unknown module format: %s for URL %s', R],
    ERR_UNKNOWN_SIGNAL: ['Unknown signal: %s', T],
    ERR_UNSUPPORTED_DIR_IMPORT: [function (path, base, url) {
        this.url = url;
        return `Directory import '${path}' is not supported resolving ES modules${from(base)}`;
    }, E],
    ERR_UNSUPPORTED_ESM_URL_SCHEME: [(url, supported) => (
        `Only URLs with a scheme in: ${formatList(supported, 'and')} are supported by the default ESM loader. ` +
        `Received protocol '${url.protocol}'`), E],
    ERR_UNSUPPORTED_RESOLVE_REQUEST: [
        'Failed to resolve module specifier "%s" from "%s": Invalid relative URL or base scheme is not hierarchical.', T],
    ERR_USE_AFTER_CLOSE: ['%s was closed', E],
    ERR_VALID_PERFORMANCE_ENTRY_TYPE: ['At least one valid performance entry type is required', E],
    ERR_VM_MODULE_LINK_FAILURE: ['%s', E],
    ERR_WORKER_INIT_FAILED: ['Worker initialization failure: %s', E],
    ERR_WORKER_INVALID_EXEC_ARGV: [(errors, message = 'invalid execArgv flags') => (
        `Initiated Worker with ${message}: ${ArrayPrototypeJoin(errors, ', ')}`), E],
    ERR_WORKER_MESSAGING_ERRORED: ['The destination thread threw an error while processing the message', E],
    ERR_WORKER_MESSAGING_FAILED: ['Cannot find the destination thread or listener', E],
    ERR_WORKER_MESSAGING_SAME_THREAD: ['Cannot sent a message to the same thread', E],
    ERR_WORKER_MESSAGING_TIMEOUT: ['Sending a message to another thread timed out', E],
    ERR_WORKER_NOT_RUNNING: ['Worker instance not running', E],
    ERR_WORKER_OUT_OF_MEMORY: ['Worker terminated due to reaching memory limit: %s', E],
    ERR_WORKER_PATH: [(name) => (
        'The worker script or module filename must be an absolute path or a relative path starting with \'./\' or \'../\'.' +
        (StringPrototypeStartsWith(name, 'file://') ? ' Wrap file:// URLs with `new URL`.' : '') +
        (StringPrototypeStartsWith(name, 'data:text/javascript') ? ' Wrap data: URLs with `new URL`.' : '') +
        ` Received "${name}"`), T],
    ERR_WORKER_UNSERIALIZABLE_ERROR: ['Serializing an uncaught exception failed', E],
    ERR_WORKER_UNSUPPORTED_OPERATION: ['%s is not supported in workers', T],
    ERR_ZLIB_INITIALIZATION_FAILED: ['Initialization failed', E],
};

const codes = { __proto__: null };
for (const code in table) {
    const { 0: message, 1: Base, 2: Other } = table[code];
    codes[code] = Base === system ?
        function NodeSystemError(context) { return new SystemError(code, message, context); } :
        classOf(code, message, Base);
    if (Other !== undefined) codes[code][Other.name] = classOf(code, message, Other);
}

/** An error of `code` in words that are not the table's. */
function nodeError(code, message, Base = TypeError) {
    return new (classOf(code, '%s', Base))(message);
}

class AbortError extends Error {
    constructor(message = 'The operation was aborted', options = undefined) {
        if (options !== undefined && typeof options !== 'object') {
            throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
        }
        super(message, options);
        this.code = 'ABORT_ERR';
        this.name = 'AbortError';
    }
}

/** Name and text of a negative error number. */
function describe(errno) {
    const { getSystemErrorMap } = require('internal/util/system_errors');
    return getSystemErrorMap().get(errno) ?? [`Unknown system error ${errno}`, ''];
}

/** A failed file system call: `ENOENT: no such file or directory, open 'x'`. `errno` is negative, as libuv counts. */
function uvException({ errno, syscall, path, dest, message }) {
    const { 0: code, 1: text } = describe(errno);
    let full = `${code}: ${message ?? text}, ${syscall}`;
    if (path !== undefined) full += ` '${path}'`;
    if (dest !== undefined) full += ` -> '${dest}'`;
    const error = new Error(full);
    error.errno = errno;
    error.code = code;
    error.syscall = syscall;
    if (path !== undefined) error.path = `${path}`;
    if (dest !== undefined) error.dest = `${dest}`;
    ErrorCaptureStackTrace(error, uvException);
    return error;
}

/** Another failed system call: `kill ESRCH`. */
function errnoException(errno, syscall, original) {
    const code = describe(errno)[0];
    const error = new Error(original ? `${syscall} ${code} ${original}` : `${syscall} ${code}`);
    error.errno = errno;
    error.code = code;
    error.syscall = syscall;
    ErrorCaptureStackTrace(error, errnoException);
    return error;
}

module.exports = {
    AbortError,
    SystemError,
    codes,
    determineSpecificType,
    errnoException,
    formatList,
    nodeError,
    uvException,
};
