// What console.table draws: a column for the index, one for each member that a row has, one for rows that have none.

const {
    ArrayPrototypeIncludes, ArrayPrototypeJoin, ArrayPrototypeMap, ArrayPrototypePush, MapPrototypeForEach, MathMax, ObjectHasOwn,
    ObjectKeys, SetPrototypeForEach, StringPrototypeRepeat,
} = primordials;

function draw(head, rows) {
    const { getStringWidth } = require('internal/util/text');
    const widths = ArrayPrototypeMap(head, (title, column) => {
        let width = getStringWidth(title);
        for (let i = 0; i < rows.length; i++) width = MathMax(width, getStringWidth(rows[i][column]));
        return width + 2;
    });
    const rule = (left, middle, right) => (
        left + ArrayPrototypeJoin(ArrayPrototypeMap(widths, (width) => StringPrototypeRepeat('─', width)), middle) + right);
    const line = (cells) => `│${ArrayPrototypeJoin(ArrayPrototypeMap(cells, (cell, column) => (
        ` ${cell}${StringPrototypeRepeat(' ', widths[column] - getStringWidth(cell) - 1)}`)), '│')}│`;
    const lines = [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤')];
    for (let i = 0; i < rows.length; i++) ArrayPrototypePush(lines, line(rows[i]));
    ArrayPrototypePush(lines, rule('└', '┴', '┘'));
    return ArrayPrototypeJoin(lines, '\n');
}

/** The table of the object `data`; `chosen` names its columns, `format` makes a cell's text. */
module.exports = function table(data, chosen, format) {
    const types = require('internal/util/types');
    const indexTitle = types.isMap(data) || types.isSet(data) ? '(iteration index)' : '(index)';
    const entries = [];
    const add = (index, value, key) => ArrayPrototypePush(entries, { index: `${index}`, key, value });
    if (types.isMap(data)) MapPrototypeForEach(data, (value, key) => add(entries.length, value, key));
    else if (types.isSet(data)) SetPrototypeForEach(data, (value) => add(entries.length, value));
    else {
        const keys = ObjectKeys(data);
        for (let i = 0; i < keys.length; i++) add(keys[i], data[keys[i]]);
    }

    const isRow = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
    const ofMap = types.isMap(data);
    const columns = [];
    // Who chooses columns gets these alone.
    let hasValues = ofMap;
    for (let i = 0; i < entries.length; i++) {
        const { value } = entries[i];
        if (!isRow(value)) hasValues ||= chosen === undefined;
        else if (!ofMap) {
            const keys = chosen ?? ObjectKeys(value);
            for (let j = 0; j < keys.length; j++) {
                if (!ArrayPrototypeIncludes(columns, keys[j])) ArrayPrototypePush(columns, keys[j]);
            }
        }
    }
    const head = [indexTitle, ...(ofMap ? ['Key'] : columns), ...(hasValues ? ['Values'] : [])];
    return draw(head, ArrayPrototypeMap(entries, ({ index, key, value }) => {
        const row = [index];
        if (ofMap) ArrayPrototypePush(row, format(key));
        for (let i = 0; i < columns.length; i++) {
            ArrayPrototypePush(row, isRow(value) && ObjectHasOwn(value, columns[i]) ? format(value[columns[i]]) : '');
        }
        if (hasValues) ArrayPrototypePush(row, ofMap || !isRow(value) ? format(value) : '');
        return row;
    }));
};
