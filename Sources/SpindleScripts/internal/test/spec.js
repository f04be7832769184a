// The reporter `spec`: events as lines that a person reads.

const {
    ArrayPrototypePop, ArrayPrototypePush, ArrayPrototypeShift, RegExpPrototypeSymbolReplace, StringPrototypeRepeat,
} = primordials;
const { inspect } = require('internal/util/inspect');

const symbols = {
    __proto__: null, 'test:pass': '\u2714 ', 'test:fail': '\u2716 ', 'test:diagnostic': '\u2139 ', skipped: '\uFE63 ', branch: '\u25B6 ',
};
const colors = { __proto__: null, 'test:pass': 32, 'test:fail': 31, 'test:diagnostic': 34, skipped: 90, dim: 90 };
const summaryNames = ['tests', 'suites', 'passed', 'failed', 'cancelled', 'skipped', 'todo'];
const shownAs = { __proto__: null, passed: 'pass', failed: 'fail' };

class SpecReporter {
    #hasColors;
    /** Tests that have begun, outermost first: those whose children are told of get a line above them. */
    #begun = [];
    #shown = 0;
    #failed = [];

    constructor(hasColors) { this.#hasColors = hasColors; }

    /** What is to be printed for an event. */
    text({ type, data }) {
        switch (type) {
            case 'test:start':
                while (this.#begun.length > data.nesting) ArrayPrototypePop(this.#begun);
                ArrayPrototypePush(this.#begun, data);
                if (this.#shown > data.nesting) this.#shown = data.nesting;
                return '';
            case 'test:pass': case 'test:fail': return this.#result(type, data);
            case 'test:diagnostic': return this.#paint(type, `${indent(data.nesting)}${symbols[type]}${data.message}\n`);
            case 'test:stdout': case 'test:stderr': return data.message;
            case 'test:summary': return this.#summary(data);
            default: return '';
        }
    }

    #result(type, data) {
        let text = '';
        for (; this.#shown < data.nesting; this.#shown++) {
            text += `${indent(this.#shown)}${symbols.branch}${this.#begun[this.#shown]?.name ?? ''}\n`;
        }
        if (this.#shown > data.nesting) this.#shown = data.nesting;
        // Of a test whose own failure is just its children's the children's are enough.
        if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
            ArrayPrototypePush(this.#failed, data);
        }
        return text + this.#line(type, data, indent(data.nesting));
    }

    #line(type, data, indentation) {
        const { details, name, skip, todo } = data;
        const isSkipped = skip !== undefined;
        const kind = isSkipped ? 'skipped' : type;
        const time = this.#paint('dim', `(${rounded(details.duration_ms)}ms)`);
        const note = isSkipped ? ` # ${typeof skip === 'string' && skip !== '' ? skip : 'SKIP'}` :
            todo !== undefined ? ` # ${typeof todo === 'string' && todo !== '' ? todo : 'TODO'}` : '';
        return `${indentation}${this.#paint(kind, symbols[kind] + name)} ${time}${note}\n`;
    }

    #summary(data) {
        let text = '';
        for (let i = 0; i < summaryNames.length; i++) {
            const name = summaryNames[i];
            text += this.#paint('test:diagnostic', `${symbols['test:diagnostic']}${shownAs[name] ?? name} ${data[name]}`) + '\n';
        }
        text += this.#paint('test:diagnostic', `${symbols['test:diagnostic']}duration_ms ${rounded(data.duration_ms)}`) + '\n';
        if (this.#failed.length === 0) return text;
        text += `\n${this.#paint('test:fail', `${symbols['test:fail']}failing tests:`)}\n`;
        while (this.#failed.length > 0) {
            const data = ArrayPrototypeShift(this.#failed);
            if (data.file !== undefined) text += `\ntest at ${relative(data.file)}:${data.line}:${data.column}\n`;
            text += this.#line('test:fail', data, '');
            text += `${indented(this.#describe(data.details.error), '  ')}\n`;
        }
        return text;
    }

    #describe(error) {
        const cause = error?.code === 'ERR_TEST_FAILURE' && error.cause !== undefined ? error.cause : error;
        return inspect(cause, { __proto__: null, colors: this.#hasColors });
    }

    #paint(kind, text) { return this.#hasColors ? `\u001B[${colors[kind]}m${text}\u001B[39m` : text; }
}

const indent = (nesting) => StringPrototypeRepeat('  ', nesting);
const indented = (text, by) => RegExpPrototypeSymbolReplace(/^/gm, text, by);
const rounded = (time) => primordials.MathRound(time * 1e6) / 1e6;

function relative(file) { return require('path').relative(require('process').cwd(), file); }

module.exports = { SpecReporter };
