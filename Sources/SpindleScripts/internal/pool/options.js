// The options of a pool and of a task: checked, and with their defaults.

const { MathMax, NumberIsInteger, StringPrototypeStartsWith } = primordials;
const { codes: { ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE } } = require('internal/errors');
const {
    validateAbortSignal, validateArray, validateBoolean, validateFunction, validateInteger, validateObject, validateOneOf,
    validateString,
} = require('internal/validators');

/** Of tasks that wait, unless the pool's owner says otherwise: a queue without end only hides that nobody keeps up. */
const kMaxQueue = 10000;
/** Milliseconds; the longest that a timer can be set for. */
const kLongestTime = 2 ** 31 - 1;

function validateCount(value, name, least) {
    if (value !== Infinity) validateInteger(value, name, least);
}

/** Milliseconds above 0, or undefined and Infinity for no limit. */
function timeOf(value, name) {
    if (value === undefined || value === Infinity) return undefined;
    if (typeof value !== 'number') throw new ERR_INVALID_ARG_TYPE(name, 'number', value);
    if (!(value > 0 && value <= kLongestTime)) throw new ERR_OUT_OF_RANGE(name, `> 0 && <= ${kLongestTime}`, value);
    return value;
}

/** A module with tasks, as an absolute path or a URL of it. */
function filenameOf(value, name) {
    if (value === undefined || value === null) return null;
    if (typeof value === 'object' && typeof value.href === 'string') return value.href;
    if (typeof value !== 'string') throw new ERR_INVALID_ARG_TYPE(name, ['string', 'URL'], value);
    if (StringPrototypeStartsWith(value, 'file:') || require('path').isAbsolute(value)) return value;
    throw new ERR_INVALID_ARG_VALUE(name, value, 'must be an absolute path or a file: URL, such as new URL(\'./task.mjs\', import.meta.url)');
}

/** Options that a worker in a process cannot have. */
const kOfThreads = ['execArgv', 'resourceLimits', 'trackUnmanagedFds'];

function poolOptions(given = {}) {
    validateObject(given, 'options');
    const parallelism = require('os').availableParallelism();
    const {
        argv, closeTimeout, concurrentTasksPerWorker = 1, env, execArgv, idleTimeout = 0, isolation = 'thread',
        maxThreads = MathMax(parallelism, given.minThreads ?? 1), name = 'default', queueTimeout, recordTiming = true, resourceLimits,
        timeout, trackUnmanagedFds, workerData,
    } = given;
    validateInteger(maxThreads, 'options.maxThreads', 1);
    const { minThreads = parallelism < maxThreads ? parallelism : maxThreads } = given;
    validateInteger(minThreads, 'options.minThreads', 0);
    if (minThreads > maxThreads) throw new ERR_OUT_OF_RANGE('options.minThreads', '<= options.maxThreads', minThreads);
    validateInteger(concurrentTasksPerWorker, 'options.concurrentTasksPerWorker', 1, 1000);
    validateCount(idleTimeout, 'options.idleTimeout', 0);
    const maxQueue = given.maxQueue === 'auto' ? maxThreads ** 2 : given.maxQueue ?? kMaxQueue;
    validateCount(maxQueue, 'options.maxQueue', 0);
    validateOneOf(isolation, 'options.isolation', ['thread', 'process']);
    if (isolation === 'process') {
        for (let i = 0; i < kOfThreads.length; i++) {
            if (given[kOfThreads[i]] !== undefined) {
                throw new ERR_INVALID_ARG_VALUE(`options.${kOfThreads[i]}`, given[kOfThreads[i]], 'is for threads alone');
            }
        }
    }
    validateString(name, 'options.name');
    validateBoolean(recordTiming, 'options.recordTiming');
    if (argv !== undefined) validateArray(argv, 'options.argv');
    if (execArgv !== undefined) validateArray(execArgv, 'options.execArgv');
    if (resourceLimits !== undefined) validateObject(resourceLimits, 'options.resourceLimits');
    return {
        argv, closeTimeout: timeOf(closeTimeout, 'options.closeTimeout'), concurrentTasksPerWorker, env, execArgv,
        filename: filenameOf(given.filename, 'options.filename'), idleTimeout, isolation, maxQueue, maxThreads, minThreads, name,
        queueTimeout: timeOf(queueTimeout, 'options.queueTimeout'), recordTiming, resourceLimits,
        timeout: timeOf(timeout, 'options.timeout'), trackUnmanagedFds, workerData,
    };
}

/** What a task asks for; what it leaves out the pool's options decide. */
function taskOptions(given, pool) {
    validateObject(given, 'options');
    const { name, onProgress, priority = 0, queueTimeout, signal, timeout, transferList } = given;
    if (name !== undefined) validateString(name, 'options.name');
    if (onProgress !== undefined) validateFunction(onProgress, 'options.onProgress');
    if (!NumberIsInteger(priority)) throw new ERR_INVALID_ARG_TYPE('options.priority', 'integer', priority);
    if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
    if (transferList !== undefined) validateArray(transferList, 'options.transferList');
    const filename = filenameOf(given.filename, 'options.filename') ?? undefined;
    if (filename === undefined && pool.filename === null) {
        throw new ERR_INVALID_ARG_VALUE('options.filename', undefined, 'must be given here or when the pool is made');
    }
    return {
        filename, name, onProgress, priority, queueTimeout: timeOf(queueTimeout, 'options.queueTimeout') ?? pool.queueTimeout, signal,
        timeout: timeOf(timeout, 'options.timeout') ?? pool.timeout, transferList: transferList ?? [],
    };
}

module.exports = { poolOptions, taskOptions };
