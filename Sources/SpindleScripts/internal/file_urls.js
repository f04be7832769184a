// Paths and URLs of files. Most need no escapes, nor the whole of `internal/url` to be loaded.

const { RegExpPrototypeExec, StringPrototypeSlice } = primordials;

/** Of absolute paths that are their own URL's: without dots or slashes to be resolved, or characters to be escaped. */
const plain = /^(?:\/(?!\.)[\w\-.@+=:]+)+$/;

/** What `url.fileURLToPath` gives for a string. */
function pathOf(url) {
    const path = StringPrototypeSlice(url, 7);
    if (RegExpPrototypeExec(plain, path) !== null && StringPrototypeSlice(url, 0, 7) === 'file://') return path;
    return require('internal/url').fileURLToPath(url);
}

/** The href of what `url.pathToFileURL` gives. */
function hrefOf(path) {
    if (RegExpPrototypeExec(plain, path) !== null) return `file://${path}`;
    return require('internal/url').pathToFileURL(path).href;
}

module.exports = { hrefOf, pathOf };
