// The difference of two texts, line by line, by Myers' algorithm: the fewest lines removed and added.

const { StringPrototypeEndsWith, StringPrototypeRepeat } = primordials;

// Beyond this many differences the search, whose memory grows with the square, gives up: what is left is replaced whole.
const maxEdits = 1000;

// Answers [kind, line] from first to last; kind is 1 for a line of `actual` only, -1 for one of `expected` only, 0 for
// one of both. With `ignoresCommas` a trailing comma makes no difference (an entry that is no longer the last).
function diffLines(actual, expected, ignoresCommas) {
    const isSame = (a, b) => a === b || (ignoresCommas && (`${a},` === b || a === `${b},`));
    const result = [];
    let start = 0;
    let endA = actual.length;
    let endB = expected.length;
    const keep = (a, b) => {
        result[result.length] = [0, ignoresCommas && !StringPrototypeEndsWith(a, ',') ? b : a];
    };
    while (start < endA && start < endB && isSame(actual[start], expected[start])) {
        keep(actual[start], expected[start]);
        start++;
    }
    while (endA > start && endB > start && isSame(actual[endA - 1], expected[endB - 1])) {
        endA--;
        endB--;
    }

    let a = start;
    let b = start;
    const moves = shortestEdit(endA - start, endB - start, (x, y) => isSame(actual[start + x], expected[start + y]));
    for (let i = 0; i < moves.length; i++) {
        if (moves[i] === '=') keep(actual[a++], expected[b++]);
        else if (moves[i] === '+') result[result.length] = [1, actual[a++]];
        else result[result.length] = [-1, expected[b++]];
    }
    while (a < actual.length) keep(actual[a++], expected[b++]);
    return result;
}

// A string of '=' (both advance), '+' (a line of the first) and '-' (a line of the second).
function shortestEdit(lengthA, lengthB, isSame) {
    const trace = [];
    const limit = lengthA + lengthB < maxEdits ? lengthA + lengthB : maxEdits;
    // furthest[k + edits] is how far the first text got on diagonal k = x - y.
    let furthest = [0];
    for (let edits = 0; edits <= limit; edits++) {
        const next = [];
        for (let k = -edits; k <= edits; k += 2) {
            let x = 0;
            if (edits > 0) {
                const up = k === edits ? -1 : furthest[k + edits];       // from diagonal k + 1: a line of the second
                const left = k === -edits ? -1 : furthest[k + edits - 2] + 1;  // from k - 1: a line of the first
                x = left > up ? left : up;
            }
            while (x < lengthA && x - k < lengthB && isSame(x, x - k)) x++;
            next[k + edits] = x;
            if (x >= lengthA && x - k >= lengthB) {
                trace[edits] = next;
                return backtrack(trace, edits, lengthA, lengthB);
            }
        }
        trace[edits] = next;
        furthest = next;
    }
    return StringPrototypeRepeat('+', lengthA) + StringPrototypeRepeat('-', lengthB);
}

function backtrack(trace, edits, x, y) {
    let moves = '';
    for (; edits > 0; edits--) {
        const furthest = trace[edits - 1];
        const k = x - y;
        const up = k === edits ? -1 : furthest[k + edits];
        const left = k === -edits ? -1 : furthest[k + edits - 2] + 1;
        const isLeft = left > up;
        const from = isLeft ? left : up;
        for (; x > from; x--, y--) moves = `=${moves}`;
        if (isLeft) x--;
        else y--;
        moves = (isLeft ? '+' : '-') + moves;
    }
    for (; x > 0; x--) moves = `=${moves}`;
    return moves;
}

module.exports = { diffLines };
