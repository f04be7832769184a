// node:test/reporters.

const { SpecReporter } = require('internal/test/spec');

/** The events of a run as text, for a person. */
async function* spec(source) {
    const reporter = new SpecReporter(false);
    for await (const event of source) {
        const text = reporter.text(event);
        if (text !== '') yield text;
    }
}

module.exports = { spec };
