// fs.cp: copies of whole trees.

const { PromiseResolve } = primordials;
const {
    codes: { ERR_FS_CP_DIR_TO_NON_DIR, ERR_FS_CP_EEXIST, ERR_FS_CP_EINVAL, ERR_FS_CP_NON_DIR_TO_DIR, ERR_FS_EISDIR },
} = require('internal/errors');
const { validateObject } = require('internal/validators');
const { calls, performAsync, performSync } = require('internal/fs/calls');
const { getPath } = require('internal/fs/values');
const path = require('path');

/** Steps as a generator, which yields requests, so that the same works for both ways of performing them. */
function* copyTree(source, destination, options) {
    const { dereference = false, errorOnExist = false, filter, force = true, mode = 0, preserveTimestamps = false,
        recursive = false } = options;
    if (filter !== undefined && !(yield filter(source, destination))) return;
    const look = dereference ? calls.stat : calls.lstat;
    const from = yield look(source);
    const to = yield look(destination, { throwIfNoEntry: false });
    const fail = (Kind, message, errno, code) => {
        throw new Kind({ message, path: destination, syscall: 'cp', errno, code });
    };
    if (to !== undefined) {
        if (to.ino === from.ino && to.dev === from.dev) fail(ERR_FS_CP_EINVAL, 'src and dest cannot be the same', 22, 'EINVAL');
        if (from.isDirectory() && !to.isDirectory()) {
            const message = `cannot overwrite non-directory ${destination} with directory ${source}`;
            fail(ERR_FS_CP_DIR_TO_NON_DIR, message, 21, 'EISDIR');
        }
        if (!from.isDirectory() && to.isDirectory()) {
            const message = `cannot overwrite directory ${destination} with non-directory ${source}`;
            fail(ERR_FS_CP_NON_DIR_TO_DIR, message, 20, 'ENOTDIR');
        }
    }
    if (from.isDirectory()) {
        if (!recursive) {
            throw new ERR_FS_EISDIR({
                message: `Recursive option not enabled, cannot copy a directory: ${source}`, path: source, syscall: 'cp',
                errno: 21, code: 'EISDIR',
            });
        }
        if (`${path.resolve(destination)}/`.startsWith(`${path.resolve(source)}/`)) {
            fail(ERR_FS_CP_EINVAL, `cannot copy ${source} to a subdirectory of self ${destination}`, 22, 'EINVAL');
        }
        yield calls.mkdir(destination, { recursive: true });
        for (const name of yield calls.readdir(source)) {
            yield* copyTree(path.join(source, name), path.join(destination, name), options);
        }
        yield calls.chmod(destination, from.mode & 0o7777);
    } else {
        if (to === undefined) yield calls.mkdir(path.dirname(path.resolve(destination)), { recursive: true });
        else if (!force) {
            if (errorOnExist) fail(ERR_FS_CP_EEXIST, `${destination} already exists`, 17, 'EEXIST');
            return;
        } else yield calls.unlink(destination);
        if (from.isSymbolicLink()) {
            const target = yield calls.readlink(source);
            yield calls.symlink(options.verbatimSymlinks ? target : path.resolve(path.dirname(source), target), destination);
            return;
        }
        yield calls.copyFile(source, destination, mode);
    }
    if (preserveTimestamps) yield calls.utimes(destination, from.atime, from.mtime);
}

function prepare(source, destination, options = {}) {
    validateObject(options, 'options');
    return copyTree(getPath(source, 'src'), getPath(destination, 'dest'), options);
}
/** What a step asks for: a request to perform, or the answer of a filter. */
const isRequest = (step) => step !== null && typeof step === 'object' && step.call !== undefined;

function cpSync(source, destination, options) {
    const steps = prepare(source, destination, options);
    for (let step = steps.next(); !step.done;) {
        let answer;
        try {
            answer = isRequest(step.value) ? performSync(step.value) : step.value;
        } catch (error) {
            step = steps.throw(error);
            continue;
        }
        step = steps.next(answer);
    }
}

async function cp(source, destination, options) {
    const steps = prepare(source, destination, options);
    for (let step = steps.next(); !step.done;) {
        let answer;
        try {
            answer = await (isRequest(step.value) ? performAsync(step.value) : PromiseResolve(step.value));
        } catch (error) {
            step = steps.throw(error);
            continue;
        }
        step = steps.next(answer);
    }
}

module.exports = { cp, cpSync };
