// Paths in both spellings. What they share takes the separator's test as an argument; the roots are each one's own.

const {
    ArrayPrototypeIncludes,
    ArrayPrototypeJoin,
    ArrayPrototypePop,
    RegExpPrototypeExec,
    StringPrototypeEndsWith,
    StringPrototypeIncludes,
    StringPrototypeIndexOf,
    StringPrototypeLastIndexOf,
    StringPrototypeSlice,
    StringPrototypeSplit,
    StringPrototypeToLowerCase,
    StringPrototypeToUpperCase,
} = primordials;

const { validateObject, validateString } = require('internal/validators');

const cwd = () => require('process').cwd();

const isSlash = (character) => character === '/';
const isEitherSlash = (character) => character === '/' || character === '\\';

// `path` without `.` and `..` and repeated separators, as segments; `..` at the front is kept where `isRelative`.
function segments(path, isRelative, isSeparator) {
    const result = [];
    for (let start = 0; start <= path.length;) {
        let end = start;
        while (end < path.length && !isSeparator(path[end])) end++;
        const segment = StringPrototypeSlice(path, start, end);
        start = end + 1;
        if (segment === '' || segment === '.') continue;
        if (segment !== '..') result[result.length] = segment;
        else if (result.length > 0 && result[result.length - 1] !== '..') ArrayPrototypePop(result);
        else if (isRelative) result[result.length] = segment;
    }
    return result;
}

// Where the last part that is no separator begins and ends; nothing before `from` belongs to it.
function lastPart(path, from, isSeparator) {
    let end = path.length;
    while (end > from && isSeparator(path[end - 1])) end--;
    let start = end;
    while (start > from && !isSeparator(path[start - 1])) start--;
    return { start, end };
}

function basename(path, suffix, from, isSeparator) {
    const { start, end } = lastPart(path, from, isSeparator);
    const base = StringPrototypeSlice(path, start, end);
    if (suffix === undefined || suffix === '') return base;
    // Separators alone are left as they are when a suffix is asked for.
    if (base === '' && suffix.length <= path.length) return StringPrototypeSlice(path, from);
    if (!StringPrototypeEndsWith(base, suffix)) return base;
    // A name that is nothing but the suffix keeps it, unless it is all there is.
    if (base === suffix) return path === suffix ? '' : base;
    return StringPrototypeSlice(base, 0, -suffix.length);
}

// The last dot and what follows; a leading dot begins a name.
function extension(base) {
    const dot = StringPrototypeLastIndexOf(base, '.');
    return dot > 0 && base !== '..' ? StringPrototypeSlice(base, dot) : '';
}

function dirname(path, rootEnd, root, isSeparator) {
    const { start } = lastPart(path, rootEnd, isSeparator);
    return start > rootEnd ? StringPrototypeSlice(path, 0, start - 1) : root;
}

function parse(path, rootEnd, isSeparator) {
    const root = StringPrototypeSlice(path, 0, rootEnd);
    const { start, end } = lastPart(path, rootEnd, isSeparator);
    const base = StringPrototypeSlice(path, start, end);
    const ext = extension(base);
    return {
        root,
        dir: start > rootEnd ? StringPrototypeSlice(path, 0, start - 1) : root,
        base,
        ext,
        name: ext === '' ? base : StringPrototypeSlice(base, 0, -ext.length),
    };
}

function format(pathObject, separator) {
    validateObject(pathObject, 'pathObject');
    const { root, ext } = pathObject;
    const dir = pathObject.dir || root;
    const base = pathObject.base || `${pathObject.name || ''}${ext ? `${ext[0] === '.' ? '' : '.'}${ext}` : ''}`;
    if (!dir) return base;
    return dir === root ? `${dir}${base}` : `${dir}${separator}${base}`;
}

function joinArguments(parts, separator) {
    let joined = '';
    for (let i = 0; i < parts.length; i++) {
        validateString(parts[i], 'path');
        if (parts[i] !== '') joined = joined === '' ? parts[i] : joined + separator + parts[i];
    }
    return joined;
}

// The way from one list of segments to another, and how many they begin with in common.
function way(from, to, isSame) {
    let common = 0;
    while (common < from.length && common < to.length && isSame(from[common], to[common])) common++;
    const steps = [];
    for (let i = common; i < from.length; i++) steps[steps.length] = '..';
    for (let i = common; i < to.length; i++) steps[steps.length] = to[i];
    return { common, steps };
}

const posix = {
    resolve(...paths) {
        let resolved = '';
        let isAbsolute = false;
        for (let i = paths.length - 1; i >= -1 && !isAbsolute; i--) {
            const path = i >= 0 ? paths[i] : cwd();
            validateString(path, `paths[${i}]`);
            if (path === '') continue;
            resolved = `${path}/${resolved}`;
            isAbsolute = path[0] === '/';
        }
        const tail = ArrayPrototypeJoin(segments(resolved, !isAbsolute, isSlash), '/');
        return isAbsolute ? `/${tail}` : tail || '.';
    },

    normalize(path) {
        validateString(path, 'path');
        if (path === '') return '.';
        const isAbsolute = path[0] === '/';
        const isFolder = path[path.length - 1] === '/';
        let tail = ArrayPrototypeJoin(segments(path, !isAbsolute, isSlash), '/');
        if (tail === '') {
            if (isAbsolute) return '/';
            return isFolder ? './' : '.';
        }
        if (isFolder) tail += '/';
        return isAbsolute ? `/${tail}` : tail;
    },

    isAbsolute(path) {
        validateString(path, 'path');
        return path[0] === '/';
    },

    join(...paths) {
        const joined = joinArguments(paths, '/');
        return joined === '' ? '.' : posix.normalize(joined);
    },

    relative(from, to) {
        validateString(from, 'from');
        validateString(to, 'to');
        if (from === to) return '';
        const start = segments(posix.resolve(from), false, isSlash);
        const goal = segments(posix.resolve(to), false, isSlash);
        return ArrayPrototypeJoin(way(start, goal, (a, b) => a === b).steps, '/');
    },

    toNamespacedPath(path) {
        return path;
    },

    dirname(path) {
        validateString(path, 'path');
        if (path === '') return '.';
        if (path[0] !== '/') return dirname(path, 0, '.', isSlash);
        // Two slashes may mean something else than one, and are kept.
        return lastPart(path, 1, isSlash).start === 2 ? '//' : dirname(path, 1, '/', isSlash);
    },

    basename(path, suffix) {
        if (suffix !== undefined) validateString(suffix, 'suffix');
        validateString(path, 'path');
        return basename(path, suffix, 0, isSlash);
    },

    extname(path) {
        validateString(path, 'path');
        return extension(basename(path, undefined, 0, isSlash));
    },

    format: (pathObject) => format(pathObject, '/'),

    parse(path) {
        validateString(path, 'path');
        return parse(path, path[0] === '/' ? 1 : 0, isSlash);
    },

    sep: '/',
    delimiter: ':',
    win32: null,
    posix: null,
};

const uncRoot = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/;
const drive = /^[a-zA-Z]:/;

// What a Windows path begins with: a drive, a share (`\\host\share`), a device (`\\.`, `\\?`) or nothing.
function rootOf(path) {
    if (isEitherSlash(path[0])) {
        if (!isEitherSlash(path[1])) return { device: '', end: 1, isAbsolute: true };
        const unc = RegExpPrototypeExec(uncRoot, path);
        if (unc === null) return { device: '', end: 0, isAbsolute: true };
        if (unc[1] === '.' || unc[1] === '?') return { device: `\\\\${unc[1]}`, end: 4, isAbsolute: true };
        return { device: `\\\\${unc[1]}\\${unc[2]}`, end: unc[0].length, isAbsolute: true };
    }
    if (RegExpPrototypeExec(drive, path) === null) return { device: '', end: 0, isAbsolute: false };
    const isAbsolute = isEitherSlash(path[2]);
    return { device: StringPrototypeSlice(path, 0, 2), end: isAbsolute ? 3 : 2, isAbsolute };
}

// The same for `dirname` and `parse`, which count the separator after a share.
function rootEndOf(path) {
    const unc = RegExpPrototypeExec(uncRoot, path);
    if (unc !== null) return unc[0].length < path.length ? unc[0].length + 1 : path.length;
    if (isEitherSlash(path[0])) return 1;
    return RegExpPrototypeExec(drive, path) === null ? 0 : isEitherSlash(path[2]) ? 3 : 2;
}

const reservedNames = StringPrototypeSplit(
    'CON PRN AUX NUL COM1 COM2 COM3 COM4 COM5 COM6 COM7 COM8 COM9 LPT1 LPT2 LPT3 LPT4 LPT5 LPT6 LPT7 LPT8 LPT9 ' +
    'COM\xb9 COM\xb2 COM\xb3 LPT\xb9 LPT\xb2 LPT\xb3', ' ');

const isReserved = (name) => ArrayPrototypeIncludes(reservedNames, StringPrototypeToUpperCase(name));

const ignoringCase = (a, b) => StringPrototypeToLowerCase(a) === StringPrototypeToLowerCase(b);

const isTrailing = (path, index) => index === path.length - 1 || isEitherSlash(path[index + 1]);

// A relative path that a colon would make something else (a drive, a stream) once `..` is gone.
function needsDot(path, tail) {
    if (!StringPrototypeIncludes(path, ':')) return false;
    if (RegExpPrototypeExec(drive, tail) !== null) return true;
    for (let at = -1; (at = StringPrototypeIndexOf(path, ':', at + 1)) !== -1;) {
        if (isTrailing(path, at)) return true;
    }
    return false;
}

const win32 = {
    resolve(...paths) {
        let device = '';
        let tail = '';
        let isAbsolute = false;
        for (let i = paths.length - 1; i >= -1 && !(isAbsolute && device !== ''); i--) {
            const path = i >= 0 ? paths[i] : cwd();
            validateString(path, `paths[${i}]`);
            if (path === '') continue;
            const root = rootOf(path);
            if (root.device !== '') {
                // Paths on other drives do not matter to the one the last path is on.
                if (device !== '' && !ignoringCase(root.device, device)) continue;
                device ||= root.device;
            }
            if (isAbsolute) continue;
            tail = `${StringPrototypeSlice(path, root.end)}\\${tail}`;
            ({ isAbsolute } = root);
        }
        const rest = ArrayPrototypeJoin(segments(tail, !isAbsolute, isEitherSlash), '\\');
        return isAbsolute ? `${device}\\${rest}` : `${device}${rest}` || '.';
    },

    normalize(path) {
        validateString(path, 'path');
        if (path === '') return '.';
        if (path.length === 1) return path === '/' ? '\\' : path;
        let { device, end, isAbsolute } = rootOf(path);
        // A share alone is a folder.
        if (device.length > 3 && end === path.length) return `${device}\\`;
        const colon = StringPrototypeIndexOf(path, ':');
        const reserved = colon > 1 && isReserved(StringPrototypeSlice(path, 0, colon));
        if (reserved) {
            end = colon + 1;
            device = StringPrototypeSlice(path, 0, end);
        }
        let tail = ArrayPrototypeJoin(segments(StringPrototypeSlice(path, end), !isAbsolute, isEitherSlash), '\\');
        if (tail === '' && !isAbsolute) tail = '.';
        if (tail !== '' && isEitherSlash(path[path.length - 1])) tail += '\\';
        if (!isAbsolute && device === '' && needsDot(path, tail)) return `.\\${tail}`;
        if (reserved) return `.\\${device}${tail}`;
        return isAbsolute ? `${device}\\${tail}` : `${device}${tail}`;
    },

    isAbsolute(path) {
        validateString(path, 'path');
        return isEitherSlash(path[0]) || (RegExpPrototypeExec(drive, path) !== null && isEitherSlash(path[2]));
    },

    join(...paths) {
        let joined = joinArguments(paths, '\\');
        if (joined === '') return '.';
        // Only a first part that begins like a share makes the whole one.
        let first = 0;
        while (paths[first] === '') first++;
        const head = paths[first];
        const isShare = isEitherSlash(head[0]) && isEitherSlash(head[1]) && head.length > 2 && !isEitherSlash(head[2]);
        if (!isShare) {
            let slashes = 0;
            while (isEitherSlash(joined[slashes])) slashes++;
            if (slashes > 1) joined = `\\${StringPrototypeSlice(joined, slashes)}`;
        }
        return win32.normalize(joined);
    },

    relative(from, to) {
        validateString(from, 'from');
        validateString(to, 'to');
        if (from === to) return '';
        const goal = win32.resolve(to);
        const start = segments(win32.resolve(from), false, isEitherSlash);
        const end = segments(goal, false, isEitherSlash);
        const { common, steps } = way(start, end, ignoringCase);
        // On another drive or share there is no way.
        if (common === 0 && start.length > 0 && end.length > 0) return goal;
        return ArrayPrototypeJoin(steps, '\\');
    },

    // The spelling that is exempt from the length limit.
    toNamespacedPath(path) {
        if (typeof path !== 'string' || path === '') return path;
        const resolved = win32.resolve(path);
        if (resolved.length <= 2) return path;
        if (resolved[0] === '\\' && resolved[1] === '\\' && resolved[2] !== '?' && resolved[2] !== '.') {
            return `\\\\?\\UNC\\${StringPrototypeSlice(resolved, 2)}`;
        }
        return RegExpPrototypeExec(drive, resolved) !== null && resolved[2] === '\\' ? `\\\\?\\${resolved}` : resolved;
    },

    dirname(path) {
        validateString(path, 'path');
        if (path === '') return '.';
        const end = rootEndOf(path);
        return dirname(path, end, end === 0 ? '.' : StringPrototypeSlice(path, 0, end), isEitherSlash);
    },

    basename(path, suffix) {
        if (suffix !== undefined) validateString(suffix, 'suffix');
        validateString(path, 'path');
        return basename(path, suffix, RegExpPrototypeExec(drive, path) === null ? 0 : 2, isEitherSlash);
    },

    extname(path) {
        validateString(path, 'path');
        return extension(win32.basename(path));
    },

    format: (pathObject) => format(pathObject, '\\'),

    parse(path) {
        validateString(path, 'path');
        return parse(path, rootEndOf(path), isEitherSlash);
    },

    sep: '\\',
    delimiter: ';',
    win32: null,
    posix: null,
};

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;
win32._makeLong = win32.toNamespacedPath;

module.exports = { posix, win32 };
