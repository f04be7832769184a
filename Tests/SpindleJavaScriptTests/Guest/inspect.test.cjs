'use strict';

// What `util.inspect` prints, value by value: expressions beside the text that Node.js gives for them.

const util = require('util');
const { equal, fail, ok, test, throws } = require('./support/harness.cjs');

const custom = Symbol.for('nodejs.util.inspect.custom');

// Errors with the stack given, so that it is the same in every engine.
function tame(error, stack) {
    Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true, enumerable: false });
    return error;
}
const err = (stack, options) => tame(new Error(stack.split('\n')[0].slice(7), options), stack);

// The value under inspection, for custom functions that ask whether they are called on it.
let current;

function shows(rows, ...options) {
    for (let i = 0; i < rows.length; i += 2) {
        current = rows[i]();
        let text;
        try {
            text = util.inspect(current, ...options);
        } catch (error) {
            fail(String(rows[i]), `${error}`);
        }
        equal(text, rows[i + 1], String(rows[i]));
    }
}

test('values as they are printed by default, part 1', () => {
    shows([
        () => (''), '\'\'',
        () => ('a'), '\'a\'',
        () => ("it's"), '"it\'s"',
        () => ('say "x"'), '\'say "x"\'',
        () => ('both \' and "'), '`both \' and "`',
        () => ("all ' \" `"), '\'all \\\' " `\'',
        () => ("${x} ' \""), '\'${x} \\\' "\'',
        () => ('line\nfeed'), '\'line\\nfeed\'',
        () => ('tab\tnul\0bell\x07\x1b\x7f\x80\x9f'), '\'tab\\tnul\\x00bell\\x07\\x1B\\x7F\\x80\\x9F\'',
        () => ('\ud800 lone'), '\'\\ud800 lone\'',
        () => ('\udc00a\ud83d\ude00'), '\'\\udc00a😀\'',
        () => ('back\\slash'), '\'back\\\\slash\'',
        () => (undefined), 'undefined',
        () => (null), 'null',
        () => (true), 'true',
        () => (false), 'false',
        () => (0), '0',
        () => (-0), '-0',
        () => (1.5), '1.5',
        () => (NaN), 'NaN',
        () => (Infinity), 'Infinity',
        () => (-Infinity), '-Infinity',
        () => (1e21), '1e+21',
        () => (1e-7), '1e-7',
        () => (123456789n), '123456789n',
        () => (-5n), '-5n',
        () => (Symbol()), 'Symbol()',
        () => (Symbol('a')), 'Symbol(a)',
        () => (Symbol('a b')), 'Symbol(a b)',
        () => (Symbol.iterator), 'Symbol(Symbol.iterator)',
        () => (Symbol('quote\'s\n')),
            'Symbol(quote\'s\n' +
            ')',
        () => ('a'.repeat(10001)),
            '\'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' +
            'aaaaaaaaaaaaaaaaa\'... 1 more character',
        () => ('x'.repeat(20).concat('\n').repeat(5)),
            '\'xxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '  \'xxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '  \'xxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '  \'xxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '  \'xxxxxxxxxxxxxxxxxxxx\\n\'',
        () => (['x'.repeat(50)+'\n'+'y'.repeat(50)]),
            '[\n' +
            '  \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '    \'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\'\n' +
            ']',
        () => ({a:'x'.repeat(50)+'\n'+'y'.repeat(50)+'\n'}),
            '{\n' +
            '  a: \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\\n\' +\n' +
            '    \'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\\n\'\n' +
            '}',
        () => ([]), '[]',
        () => ([1]), '[ 1 ]',
        () => ([1,2,3]), '[ 1, 2, 3 ]',
        () => ([1,,3]), '[ 1, <1 empty item>, 3 ]',
        () => ([,]), '[ <1 empty item> ]',
        () => ([,,]), '[ <2 empty items> ]',
        () => ([1,,,4]), '[ 1, <2 empty items>, 4 ]',
        () => (Object.assign([1,2],{a:1})), '[ 1, 2, a: 1 ]',
        () => (Object.assign([],{a:1,'-1':2})), '[ a: 1, \'-1\': 2 ]',
        () => (Object.assign([1,,3],{'4294967295':1,x:2})), '[ 1, <1 empty item>, 3, \'4294967295\': 1, x: 2 ]',
        () => (new Array(5)), '[ <5 empty items> ]',
        () => (new Array(200).fill(1)),
            '[\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n' +
            '  1, 1, 1, 1,\n' +
            '  ... 100 more items\n' +
            ']',
        () => (Array.from({length:7},(_, i)=>i)),
            '[\n' +
            '  0, 1, 2, 3,\n' +
            '  4, 5, 6\n' +
            ']',
        () => (Array.from({length:27},(_, i)=>i*i*i)),
            '[\n' +
            '      0,     1,     8,    27,    64,\n' +
            '    125,   216,   343,   512,   729,\n' +
            '   1000,  1331,  1728,  2197,  2744,\n' +
            '   3375,  4096,  4913,  5832,  6859,\n' +
            '   8000,  9261, 10648, 12167, 13824,\n' +
            '  15625, 17576\n' +
            ']',
        () => (Array.from({length:101},(_, i)=>i)),
            '[\n' +
            '   0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,\n' +
            '  12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,\n' +
            '  24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,\n' +
            '  36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,\n' +
            '  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,\n' +
            '  60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,\n' +
            '  72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,\n' +
            '  84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,\n' +
            '  96, 97, 98, 99,\n' +
            '  ... 1 more item\n' +
            ']',
        () => (Array.from({length:120},(_, i)=>'s'+i)),
            '[\n' +
            '  \'s0\',  \'s1\',  \'s2\',  \'s3\',  \'s4\',  \'s5\',  \'s6\',  \'s7\',\n' +
            '  \'s8\',  \'s9\',  \'s10\', \'s11\', \'s12\', \'s13\', \'s14\', \'s15\',\n' +
            '  \'s16\', \'s17\', \'s18\', \'s19\', \'s20\', \'s21\', \'s22\', \'s23\',\n' +
            '  \'s24\', \'s25\', \'s26\', \'s27\', \'s28\', \'s29\', \'s30\', \'s31\',\n' +
            '  \'s32\', \'s33\', \'s34\', \'s35\', \'s36\', \'s37\', \'s38\', \'s39\',\n' +
            '  \'s40\', \'s41\', \'s42\', \'s43\', \'s44\', \'s45\', \'s46\', \'s47\',\n' +
            '  \'s48\', \'s49\', \'s50\', \'s51\', \'s52\', \'s53\', \'s54\', \'s55\',\n' +
            '  \'s56\', \'s57\', \'s58\', \'s59\', \'s60\', \'s61\', \'s62\', \'s63\',\n' +
            '  \'s64\', \'s65\', \'s66\', \'s67\', \'s68\', \'s69\', \'s70\', \'s71\',\n' +
            '  \'s72\', \'s73\', \'s74\', \'s75\', \'s76\', \'s77\', \'s78\', \'s79\',\n' +
            '  \'s80\', \'s81\', \'s82\', \'s83\', \'s84\', \'s85\', \'s86\', \'s87\',\n' +
            '  \'s88\', \'s89\', \'s90\', \'s91\', \'s92\', \'s93\', \'s94\', \'s95\',\n' +
            '  \'s96\', \'s97\', \'s98\', \'s99\',\n' +
            '  ... 20 more items\n' +
            ']',
        () => (Array.from({length:30},(_, i)=>'word'.repeat(i%4+1))),
            '[\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\',\n' +
            '  \'wordwordword\', \'wordwordwordword\',\n' +
            '  \'word\',         \'wordword\'\n' +
            ']',
        () => (Array.from({length:10},(_, i)=>[i,i])),
            '[\n' +
            '  [ 0, 0 ], [ 1, 1 ],\n' +
            '  [ 2, 2 ], [ 3, 3 ],\n' +
            '  [ 4, 4 ], [ 5, 5 ],\n' +
            '  [ 6, 6 ], [ 7, 7 ],\n' +
            '  [ 8, 8 ], [ 9, 9 ]\n' +
            ']',
        () => (Array.from({length:10},(_, i)=>({i}))),
            '[\n' +
            '  { i: 0 }, { i: 1 },\n' +
            '  { i: 2 }, { i: 3 },\n' +
            '  { i: 4 }, { i: 5 },\n' +
            '  { i: 6 }, { i: 7 },\n' +
            '  { i: 8 }, { i: 9 }\n' +
            ']',
        () => (Array.from({length:8},(_, i)=>BigInt(i)**10n)),
            '[\n' +
            '         0n,         1n,\n' +
            '      1024n,     59049n,\n' +
            '   1048576n,   9765625n,\n' +
            '  60466176n, 282475249n\n' +
            ']',
        () => (['a','b','c','d','e','f','g']),
            '[\n' +
            '  \'a\', \'b\', \'c\',\n' +
            '  \'d\', \'e\', \'f\',\n' +
            '  \'g\'\n' +
            ']',
        () => ([undefined,null,true,1,'a',Symbol('x'),1n]), '[ undefined, null, true, 1, \'a\', Symbol(x), 1n ]',
        () => ([1.5,-2,3.25,4,5,6,7,8]),
            '[\n' +
            '  1.5, -2, 3.25, 4,\n' +
            '    5,  6,    7, 8\n' +
            ']',
        () => (['short','a very long string that takes up much of the line, surely','b','c','d','e','f','g']),
            '[\n' +
            '  \'short\',\n' +
            '  \'a very long string that takes up much of the line, surely\',\n' +
            '  \'b\',\n' +
            '  \'c\',\n' +
            '  \'d\',\n' +
            '  \'e\',\n' +
            '  \'f\',\n' +
            '  \'g\'\n' +
            ']',
        () => (['日本語','한국어','中文','a','bb','ccc','ééé','😀']),
            '[\n' +
            '  \'日本語\', \'한국어\',\n' +
            '  \'中文\',   \'a\',\n' +
            '  \'bb\',     \'ccc\',\n' +
            '  \'ééé\',    \'😀\'\n' +
            ']',
        () => (Array.from({length:20},(_, i)=>'é'.repeat(i%5))),
            '[\n' +
            '  \'\',     \'é\',    \'éé\',   \'ééé\',\n' +
            '  \'éééé\', \'\',     \'é\',    \'éé\',\n' +
            '  \'ééé\',  \'éééé\', \'\',     \'é\',\n' +
            '  \'éé\',   \'ééé\',  \'éééé\', \'\',\n' +
            '  \'é\',    \'éé\',   \'ééé\',  \'éééé\'\n' +
            ']',
        () => ({}), '{}',
        () => ({a:1}), '{ a: 1 }',
        () => ({a:1,b:'x',c:[1,2,{d:3}]}), '{ a: 1, b: \'x\', c: [ 1, 2, { d: 3 } ] }',
        () => ({'a-b':1,1:2,_x:3,$y:4,'':5,"q'q":6}), '{ \'1\': 2, \'a-b\': 1, _x: 3, \'$y\': 4, \'\': 5, "q\'q": 6 }',
        () => ({a:undefined,b:null}), '{ a: undefined, b: null }',
        () => ({a:{b:{c:{d:{}}}}}), '{ a: { b: { c: [Object] } } }',
        () => ({a:{b:{c:{}}}}), '{ a: { b: { c: {} } } }',
        () => ({a:{b:{c:[]}}}), '{ a: { b: { c: [] } } }',
        () => ({a:{b:{c:[1]}}}), '{ a: { b: { c: [Array] } } }',
    ]);
});

test('values as they are printed by default, part 2', () => {
    shows([
        () => ({a:{b:{c:new Map}}}), '{ a: { b: { c: Map(0) {} } } }',
        () => ({a:{b:{c:new Map([[1,{}]])}}}), '{ a: { b: { c: [Map] } } }',
        () => ({a:{b:{c:new Set([1])}}}), '{ a: { b: { c: [Set] } } }',
        () => ({a:{b:{c:new Date(0)}}}), '{ a: { b: { c: 1970-01-01T00:00:00.000Z } } }',
        () => ({a:{b:{c:function f(){}}}}), '{ a: { b: { c: [Function: f] } } }',
        () => ({a:{b:{c:class A{}}}}), '{ a: { b: { c: [class A] } } }',
        () => ({a:{b:{c:/x/g}}}), '{ a: { b: { c: /x/g } } }',
        () => ({a:{b:{c:new (class Foo{x=1})}}}), '{ a: { b: { c: [Foo] } } }',
        () => ({a:{b:{c:Object.create(null,{x:{value:1,enumerable:true}})}}}),
            '{ a: { b: { c: [Object: null prototype] } } }',
        () => ({a:{b:{c:Object.assign(()=>{}, {x:1})}}}), '{ a: { b: { c: [Function] } } }',
        () => ({a:{b:{c:new Uint8Array(2)}}}), '{ a: { b: { c: [Uint8Array] } } }',
        () => ({a:{b:{c:Promise.resolve(1)}}}), '{ a: { b: { c: [Promise] } } }',
        () => ({a:1,b:2,c:3,d:4,e:5,f:6,g:7,h:8,i:9,j:10,k:11,l:12,m:13,n:14,o:15,p:16}),
            '{\n' +
            '  a: 1,\n' +
            '  b: 2,\n' +
            '  c: 3,\n' +
            '  d: 4,\n' +
            '  e: 5,\n' +
            '  f: 6,\n' +
            '  g: 7,\n' +
            '  h: 8,\n' +
            '  i: 9,\n' +
            '  j: 10,\n' +
            '  k: 11,\n' +
            '  l: 12,\n' +
            '  m: 13,\n' +
            '  n: 14,\n' +
            '  o: 15,\n' +
            '  p: 16\n' +
            '}',
        () => ({alpha:'x'.repeat(30),beta:'y'.repeat(30),gamma:1}),
            '{\n' +
            '  alpha: \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\',\n' +
            '  beta: \'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\',\n' +
            '  gamma: 1\n' +
            '}',
        () => ({alpha:'x'.repeat(30),beta:'y'.repeat(24),gamma:1}),
            '{\n' +
            '  alpha: \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\',\n' +
            '  beta: \'yyyyyyyyyyyyyyyyyyyyyyyy\',\n' +
            '  gamma: 1\n' +
            '}',
        () => ({first:[1,2,3],second:{inner:[1,2,3]}}), '{ first: [ 1, 2, 3 ], second: { inner: [ 1, 2, 3 ] } }',
        () => ({a:{b:{c:1}},d:{e:1}}), '{ a: { b: { c: 1 } }, d: { e: 1 } }',
        () => ([[[[[1]]]]]), '[ [ [ [Array] ] ] ]',
        () => ([[[1,[2]]]]), '[ [ [ 1, [Array] ] ] ]',
        () => ({a:[{b:{c:{}}}]}), '{ a: [ { b: [Object] } ] }',
        () => ({[Symbol('a')]:1,[Symbol()]:2,b:3}), '{ b: 3, [Symbol(a)]: 1, [Symbol()]: 2 }',
        () => ({[Symbol.toStringTag]:'Tag',a:1}), '{ a: 1, [Symbol(Symbol.toStringTag)]: \'Tag\' }',
        () => ({__proto__:{[Symbol.toStringTag]:'Tag'},a:1}), 'Object [Tag] { a: 1 }',
        () => ({['__proto__']:1}), '{ [\'__proto__\']: 1 }',
        () => (Object.defineProperty({},'hidden',{value:1})), '{}',
        () => (Object.defineProperty({a:1},Symbol('h'),{value:1,enumerable:false})), '{ a: 1 }',
        () => ({get a(){return 1}}), '{ a: [Getter] }',
        () => ({set a(v){}}), '{ a: [Setter] }',
        () => ({get a(){return 1},set a(v){}}), '{ a: [Getter/Setter] }',
        () => ({get a(){throw new Error('no')}}), '{ a: [Getter] }',
        () => ({get a(){return {x:1}}}), '{ a: [Getter] }',
        () => ({get a(){return null}}), '{ a: [Getter] }',
        () => ({get a(){return 'str'},set a(v){}}), '{ a: [Getter/Setter] }',
        () => ({get a(){return [1,2]},b:{get c(){return 5}}}), '{ a: [Getter], b: { c: [Getter] } }',
        () => (Object.create(null)), '[Object: null prototype] {}',
        () => (Object.create(null,{a:{value:1,enumerable:true}})), '[Object: null prototype] { a: 1 }',
        () => (Object.create({})), '{}',
        () => (Object.create({a:1})), '{}',
        () => (Object.create(Object.create(null))), 'Object <[Object: null prototype] {}> {}',
        () => (Object.create(Object.create(Object.create(null)))), 'Object <Object <[Object: null prototype] {}>> {}',
        () => (new (class Foo{})), 'Foo {}',
        () => (new (class Foo{a=1;#b=2;static c=3})), 'Foo { a: 1 }',
        () => (new (class Foo extends Map{})), 'Foo(0) [Map] {}',
        () => (new (class Foo extends Array{})(3)), 'Foo(3) [ <3 empty items> ]',
        () => (new (class extends Object{})), '{}',
        () => (new (class Foo{get [Symbol.toStringTag](){return 'bar'}})), 'Foo [bar] {}',
        () => (new (class Foo{get [Symbol.toStringTag](){return 'Foo'}})), 'Foo {}',
        () => (Object.setPrototypeOf({a:1},class{}.prototype)), '{ a: 1 }',
        () => ((()=>{function F(){this.x=1} return new F})()), 'F { x: 1 }',
        () => ((()=>{function F(){} F.prototype.constructor=undefined; return new F})()), '{}',
        () => ((()=>{function F(){} F.prototype={}; return new F})()), '{}',
        () => ((()=>{const o={constructor:'x'}; return o})()), '{ constructor: \'x\' }',
        () => ({constructor:{name:'Fake'}}), '{ constructor: { name: \'Fake\' } }',
        () => ({constructor:function Foo(){}}), '{ constructor: [Function: Foo] }',
        () => ((()=>{const o={}; o.self=o; return o})()), '<ref *1> { self: [Circular *1] }',
        () => ((()=>{const o={a:{}}; o.a.b=o.a; o.c=o; return o})()),
            '<ref *2> { a: <ref *1> { b: [Circular *1] }, c: [Circular *2] }',
        () => ((()=>{const a=[]; a.push(a, {a}); return a})()), '<ref *1> [ [Circular *1], { a: [Circular *1] } ]',
        () => ((()=>{const m=new Map; m.set(m,m); return m})()), '<ref *1> Map(1) { [Circular *1] => [Circular *1] }',
        () => ((()=>{const s=new Set; s.add({s}); return s})()), '<ref *1> Set(1) { { s: [Circular *1] } }',
        () => ((()=>{const e={x:1}; return [e,e,e]})()), '[ { x: 1 }, { x: 1 }, { x: 1 } ]',
        () => (function f(){}), '[Function: f]',
        () => (function(){}), '[Function (anonymous)]',
        () => (()=>{}), '[Function (anonymous)]',
        () => (async()=>{}), '[AsyncFunction (anonymous)]',
        () => (async function af(){}), '[AsyncFunction: af]',
        () => (function*g(){}), '[GeneratorFunction: g]',
        () => (async function*ag(){}), '[AsyncGeneratorFunction: ag]',
        () => (class A{}), '[class A]',
        () => (class{}), '[class (anonymous)]',
        () => (class B extends Map{}), '[class B extends Map]',
    ]);
});

test('values as they are printed by default, part 3', () => {
    shows([
        () => (class E2 extends null{}), '[class E2]',
        () => (class F2{static x=1}), '[class F2] { x: 1 }',
        () => (Object.assign(function f(){}, {a:1})), '[Function: f] { a: 1 }',
        () => (Object.assign(()=>{}, {a:{b:1}})), '[Function (anonymous)] { a: { b: 1 } }',
        () => (({m(){}}).m), '[Function: m]',
        () => (({async m(){}}).m), '[AsyncFunction: m]',
        () => (({*m(){}}).m), '[GeneratorFunction: m]',
        () => (({async *m(){}}).m), '[AsyncGeneratorFunction: m]',
        () => (({get x(){return 1}},Object.getOwnPropertyDescriptor({get x(){return 1}},'x').get)), '[Function: get x]',
        () => ((function f(){}).bind(null)), '[Function: bound f]',
        () => (Math.max), '[Function: max]',
        () => (({async(){}}).async), '[Function: async]',
        () => (({async (){}}).async), '[Function: async]',
        () => (({class(){}}).class), '[Function: class]',
        () => (({class (a){}}).class), '[Function: class]',
        () => (async(x)=>x), '[AsyncFunction (anonymous)]',
        () => (async x=>x), '[AsyncFunction (anonymous)]',
        () => (Object.setPrototypeOf(async()=>{}, null)), '[AsyncFunction (null prototype) (anonymous)]',
        () => (Object.setPrototypeOf(function f(){}, null)), '[Function (null prototype): f]',
        () => (Object.setPrototypeOf(class G{}, null)), '[class G extends [null prototype]]',
        () => (Object.setPrototypeOf(function f(){}, (class X extends Function{}).prototype)), '[Function: f] X',
        () => (Object.defineProperty(function f(){}, 'name', {value:''})), '[Function (anonymous)]',
        () => (Object.assign(class H{},{[Symbol.toStringTag]:'T'})), '[class H] { [Symbol(Symbol.toStringTag)]: \'T\' }',
        () => (class/*c*/I{}), '[class I]',
        () => (new Date(0)), '1970-01-01T00:00:00.000Z',
        () => (new Date(NaN)), 'Invalid Date',
        () => (Object.assign(new Date(0),{a:1})), '1970-01-01T00:00:00.000Z { a: 1 }',
        () => (Object.setPrototypeOf(new Date(0),null)), '[Date: null prototype] 1970-01-01T00:00:00.000Z',
        () => (new (class MyDate extends Date{})(0)), 'MyDate 1970-01-01T00:00:00.000Z',
        () => (/a/), '/a/',
        () => (/a\/b/giu), '/a\\/b/giu',
        () => (Object.assign(/x/,{a:1})), '/x/ { a: 1 }',
        () => (new (class R2 extends RegExp{})('x','g')), 'R2 /x/g',
        () => (Object.setPrototypeOf(/a/g,null)), '[RegExp: null prototype] /a/g',
        () => (Object(1)), '[Number: 1]',
        () => (Object(-0)), '[Number: -0]',
        () => (Object('str')), '[String: \'str\']',
        () => (Object(true)), '[Boolean: true]',
        () => (Object(1n)), '[BigInt: 1n]',
        () => (Object(Symbol('s'))), '[Symbol: Symbol(s)]',
        () => (Object.assign(Object('ab'),{x:1})), '[String: \'ab\'] { x: 1 }',
        () => (Object.assign(Object(1),{x:1})), '[Number: 1] { x: 1 }',
        () => (new (class N extends Number{})(3)), '[Number (N): 3]',
        () => (Object.setPrototypeOf(Object(1),null)), '[Number (null prototype): 1]',
        () => (Object.setPrototypeOf(Object('abc'),null)), '[String (null prototype): \'abc\']',
        () => (new (class S extends String{})('abc')), '[String (S): \'abc\']',
        () => (Object.assign(Object(1),{[Symbol.toStringTag]:'T'})), '[Number: 1] { [Symbol(Symbol.toStringTag)]: \'T\' }',
        () => (new Map), 'Map(0) {}',
        () => (new Map([[1,2]])), 'Map(1) { 1 => 2 }',
        () => (new Map([['a',{b:1}],[{c:1},[1,2]]])), 'Map(2) { \'a\' => { b: 1 }, { c: 1 } => [ 1, 2 ] }',
        () => (Object.assign(new Map([[1,2]]),{x:1})), 'Map(1) { 1 => 2, x: 1 }',
        () => (new Set), 'Set(0) {}',
        () => (new Set([1,'a',{b:1}])), 'Set(3) { 1, \'a\', { b: 1 } }',
        () => (Object.assign(new Set([1]),{x:1})), 'Set(1) { 1, x: 1 }',
        () => (new Map(Array.from({length:120},(_, i)=>[i,i]))),
            'Map(120) {\n' +
            '  0 => 0,\n' +
            '  1 => 1,\n' +
            '  2 => 2,\n' +
            '  3 => 3,\n' +
            '  4 => 4,\n' +
            '  5 => 5,\n' +
            '  6 => 6,\n' +
            '  7 => 7,\n' +
            '  8 => 8,\n' +
            '  9 => 9,\n' +
            '  10 => 10,\n' +
            '  11 => 11,\n' +
            '  12 => 12,\n' +
            '  13 => 13,\n' +
            '  14 => 14,\n' +
            '  15 => 15,\n' +
            '  16 => 16,\n' +
            '  17 => 17,\n' +
            '  18 => 18,\n' +
            '  19 => 19,\n' +
            '  20 => 20,\n' +
            '  21 => 21,\n' +
            '  22 => 22,\n' +
            '  23 => 23,\n' +
            '  24 => 24,\n' +
            '  25 => 25,\n' +
            '  26 => 26,\n' +
            '  27 => 27,\n' +
            '  28 => 28,\n' +
            '  29 => 29,\n' +
            '  30 => 30,\n' +
            '  31 => 31,\n' +
            '  32 => 32,\n' +
            '  33 => 33,\n' +
            '  34 => 34,\n' +
            '  35 => 35,\n' +
            '  36 => 36,\n' +
            '  37 => 37,\n' +
            '  38 => 38,\n' +
            '  39 => 39,\n' +
            '  40 => 40,\n' +
            '  41 => 41,\n' +
            '  42 => 42,\n' +
            '  43 => 43,\n' +
            '  44 => 44,\n' +
            '  45 => 45,\n' +
            '  46 => 46,\n' +
            '  47 => 47,\n' +
            '  48 => 48,\n' +
            '  49 => 49,\n' +
            '  50 => 50,\n' +
            '  51 => 51,\n' +
            '  52 => 52,\n' +
            '  53 => 53,\n' +
            '  54 => 54,\n' +
            '  55 => 55,\n' +
            '  56 => 56,\n' +
            '  57 => 57,\n' +
            '  58 => 58,\n' +
            '  59 => 59,\n' +
            '  60 => 60,\n' +
            '  61 => 61,\n' +
            '  62 => 62,\n' +
            '  63 => 63,\n' +
            '  64 => 64,\n' +
            '  65 => 65,\n' +
            '  66 => 66,\n' +
            '  67 => 67,\n' +
            '  68 => 68,\n' +
            '  69 => 69,\n' +
            '  70 => 70,\n' +
            '  71 => 71,\n' +
            '  72 => 72,\n' +
            '  73 => 73,\n' +
            '  74 => 74,\n' +
            '  75 => 75,\n' +
            '  76 => 76,\n' +
            '  77 => 77,\n' +
            '  78 => 78,\n' +
            '  79 => 79,\n' +
            '  80 => 80,\n' +
            '  81 => 81,\n' +
            '  82 => 82,\n' +
            '  83 => 83,\n' +
            '  84 => 84,\n' +
            '  85 => 85,\n' +
            '  86 => 86,\n' +
            '  87 => 87,\n' +
            '  88 => 88,\n' +
            '  89 => 89,\n' +
            '  90 => 90,\n' +
            '  91 => 91,\n' +
            '  92 => 92,\n' +
            '  93 => 93,\n' +
            '  94 => 94,\n' +
            '  95 => 95,\n' +
            '  96 => 96,\n' +
            '  97 => 97,\n' +
            '  98 => 98,\n' +
            '  99 => 99,\n' +
            '  ... 20 more items\n' +
            '}',
        () => (new Set(Array.from({length:120},(_, i)=>i))),
            'Set(120) {\n' +
            '  0,\n' +
            '  1,\n' +
            '  2,\n' +
            '  3,\n' +
            '  4,\n' +
            '  5,\n' +
            '  6,\n' +
            '  7,\n' +
            '  8,\n' +
            '  9,\n' +
            '  10,\n' +
            '  11,\n' +
            '  12,\n' +
            '  13,\n' +
            '  14,\n' +
            '  15,\n' +
            '  16,\n' +
            '  17,\n' +
            '  18,\n' +
            '  19,\n' +
            '  20,\n' +
            '  21,\n' +
            '  22,\n' +
            '  23,\n' +
            '  24,\n' +
            '  25,\n' +
            '  26,\n' +
            '  27,\n' +
            '  28,\n' +
            '  29,\n' +
            '  30,\n' +
            '  31,\n' +
            '  32,\n' +
            '  33,\n' +
            '  34,\n' +
            '  35,\n' +
            '  36,\n' +
            '  37,\n' +
            '  38,\n' +
            '  39,\n' +
            '  40,\n' +
            '  41,\n' +
            '  42,\n' +
            '  43,\n' +
            '  44,\n' +
            '  45,\n' +
            '  46,\n' +
            '  47,\n' +
            '  48,\n' +
            '  49,\n' +
            '  50,\n' +
            '  51,\n' +
            '  52,\n' +
            '  53,\n' +
            '  54,\n' +
            '  55,\n' +
            '  56,\n' +
            '  57,\n' +
            '  58,\n' +
            '  59,\n' +
            '  60,\n' +
            '  61,\n' +
            '  62,\n' +
            '  63,\n' +
            '  64,\n' +
            '  65,\n' +
            '  66,\n' +
            '  67,\n' +
            '  68,\n' +
            '  69,\n' +
            '  70,\n' +
            '  71,\n' +
            '  72,\n' +
            '  73,\n' +
            '  74,\n' +
            '  75,\n' +
            '  76,\n' +
            '  77,\n' +
            '  78,\n' +
            '  79,\n' +
            '  80,\n' +
            '  81,\n' +
            '  82,\n' +
            '  83,\n' +
            '  84,\n' +
            '  85,\n' +
            '  86,\n' +
            '  87,\n' +
            '  88,\n' +
            '  89,\n' +
            '  90,\n' +
            '  91,\n' +
            '  92,\n' +
            '  93,\n' +
            '  94,\n' +
            '  95,\n' +
            '  96,\n' +
            '  97,\n' +
            '  98,\n' +
            '  99,\n' +
            '  ... 20 more items\n' +
            '}',
        () => (Object.setPrototypeOf(new Map([[1,2]]),null)), '[Map(1): null prototype] { 1 => 2 }',
        () => (Object.setPrototypeOf(new Set([1]),null)), '[Set(1): null prototype] { 1 }',
        () => (Object.setPrototypeOf([1,2],null)), '[Array(2): null prototype] [ 1, 2 ]',
        () => (new (class M extends Map{})([[1,2]])), 'M(1) [Map] { 1 => 2 }',
        () => (new (class S2 extends Set{get [Symbol.toStringTag](){return 'tagged'}})([1])), 'S2(1) [tagged] { 1 }',
        () => (Map.prototype), 'Object [Map] {}',
        () => (Set.prototype), 'Object [Set] {}',
        () => (Object.create(Map.prototype)), 'Map {}',
        () => (new Map([[new Map([[1,2]]),new Set([[1]])]])), 'Map(1) { Map(1) { 1 => 2 } => Set(1) { [ 1 ] } }',
        () => (new Map([[1,2],[3,4]]).entries()), '[Map Entries] { [ 1, 2 ], [ 3, 4 ] }',
        () => (new Map([[1,2]]).keys()), '[Map Iterator] { 1 }',
        () => (new Map([[1,2]]).values()), '[Map Iterator] { 2 }',
        () => (new Set([1,2]).values()), '[Set Iterator] { 1, 2 }',
        () => (new Set([1,2]).entries()), '[Set Entries] { [ 1, 1 ], [ 2, 2 ] }',
    ]);
});

test('values as they are printed by default, part 4', () => {
    shows([
        () => (new Set().values()), '[Set Iterator] {  }',
        () => ((()=>{const i=new Map([[1,2],[3,4]]).values(); i.next(); return i})()), '[Map Iterator] { 4 }',
        () => (Object.assign(new Set([1]).values(),{a:1})), '[Set Iterator] { 1, a: 1 }',
        () => (new Map([[{a:1},'x'.repeat(80)]]).entries()),
            '[Map Entries] {\n' +
            '  [\n' +
            '    { a: 1 },\n' +
            '    \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\'\n' +
            '  ]\n' +
            '}',
        () => (new WeakMap), 'WeakMap { <items unknown> }',
        () => (new WeakSet), 'WeakSet { <items unknown> }',
        () => (Object.assign(new WeakSet,{a:1})), 'WeakSet { <items unknown>, a: 1 }',
        () => (new WeakRef({a:1})), 'WeakRef {}',
        () => ([][Symbol.iterator]()), 'Object [Array Iterator] {}',
        () => (''[Symbol.iterator]()), 'Object [String Iterator] {}',
        () => ((function*g(){})()), 'Object [Generator] {}',
        () => ((async function*g(){})()), 'Object [AsyncGenerator] {}',
        () => (Object.assign((function*g(){})(),{a:1})), 'Object [Generator] { a: 1 }',
        () => (function*gen(){}.prototype), 'Object [Generator] {}',
        () => (new FinalizationRegistry(()=>{})), 'FinalizationRegistry {}',
        () => ('a'.matchAll(/a/g)), 'Object [RegExp String Iterator] {}',
        () => (Promise.resolve(1)), 'Promise { 1 }',
        () => (new Promise(()=>{})), 'Promise { <pending> }',
        () => (Promise.resolve({a:{b:{c:{}}}})), 'Promise { { a: { b: [Object] } } }',
        () => (Object.assign(Promise.resolve('x'),{y:1})), 'Promise { \'x\', y: 1 }',
        () => (new (class P extends Promise{})(()=>{})), 'P [Promise] { <pending> }',
        () => ((()=>{const p=Promise.reject(new RangeError); p.catch(()=>{}); return Promise.resolve('ok')})()),
            'Promise { \'ok\' }',
        () => ((()=>{const p=Promise.reject(3); p.catch(()=>{}); return p})()), 'Promise { <rejected> 3 }',
        () => (Promise.prototype), 'Object [Promise] {}',
        () => (new Uint8Array(3)), 'Uint8Array(3) [ 0, 0, 0 ]',
        () => (new Uint8Array(0)), 'Uint8Array(0) []',
        () => (new Float64Array([1.5,-0,NaN])), 'Float64Array(3) [ 1.5, -0, NaN ]',
        () => (new BigInt64Array([1n,-2n])), 'BigInt64Array(2) [ 1n, -2n ]',
        () => (new Uint8ClampedArray(8)),
            'Uint8ClampedArray(8) [\n' +
            '  0, 0, 0, 0,\n' +
            '  0, 0, 0, 0\n' +
            ']',
        () => (Object.assign(new Uint8Array(2),{x:1})), 'Uint8Array(2) [ 0, 0, x: 1 ]',
        () => (new Uint8Array(200)),
            'Uint8Array(200) [\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,\n' +
            '  0, 0, 0, 0,\n' +
            '  ... 100 more items\n' +
            ']',
        () => (new (class U extends Uint8Array{})(2)), 'U(2) [Uint8Array] [ 0, 0 ]',
        () => (Object.setPrototypeOf(new Uint8Array(2),null)), '[Uint8Array(2): null prototype] [ 0, 0 ]',
        () => (new Int16Array([1,2,3,4,5,6,7,8,9,10])),
            'Int16Array(10) [\n' +
            '  1, 2, 3, 4,  5,\n' +
            '  6, 7, 8, 9, 10\n' +
            ']',
        () => (Uint8Array.prototype), 'TypedArray {}',
        () => (new ArrayBuffer(3)), 'ArrayBuffer { [Uint8Contents]: <00 00 00>, byteLength: 3 }',
        () => (new ArrayBuffer(0)), 'ArrayBuffer { [Uint8Contents]: <>, byteLength: 0 }',
        () => (new Uint8Array([1,171,255]).buffer), 'ArrayBuffer { [Uint8Contents]: <01 ab ff>, byteLength: 3 }',
        () => (new SharedArrayBuffer(2)), 'SharedArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }',
        () => (new DataView(new ArrayBuffer(2))),
            'DataView {\n' +
            '  byteLength: 2,\n' +
            '  byteOffset: 0,\n' +
            '  buffer: ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }\n' +
            '}',
        () => (Object.assign(new ArrayBuffer(1),{x:1})), 'ArrayBuffer { [Uint8Contents]: <00>, byteLength: 1, x: 1 }',
        () => (new DataView(new ArrayBuffer(4),1,2)),
            'DataView {\n' +
            '  byteLength: 2,\n' +
            '  byteOffset: 1,\n' +
            '  buffer: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }\n' +
            '}',
        () => (new ArrayBuffer(60)),
            'ArrayBuffer {\n' +
            '  [Uint8Contents]: <00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0' +
            '0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0' +
            '0 00 00>,\n' +
            '  byteLength: 60\n' +
            '}',
        () => ((function(){return arguments})()), '[Arguments] {}',
        () => ((function(){return arguments})(1,'a',[2])), '[Arguments] { \'0\': 1, \'1\': \'a\', \'2\': [ 2 ] }',
        () => ((function(){arguments.x=1; return arguments})(1)), '[Arguments] { \'0\': 1, x: 1 }',
        () => (Math), 'Object [Math] {}',
        () => (JSON), 'Object [JSON] {}',
        () => (Reflect), 'Object [Reflect] {}',
        () => (Atomics), 'Object [Atomics] {}',
        () => (Object.prototype), '[Object: null prototype] {}',
        () => (Function.prototype), '[Function (anonymous)] Object',
        () => (Array.prototype), 'Object(0) []',
        () => (Date.prototype), '{}',
        () => (Number.prototype), '{}',
        () => (String.prototype), '{}',
        () => (RegExp.prototype), '{}',
        () => (Symbol.prototype), 'Object [Symbol] {}',
        () => (Error.prototype), '{}',
        () => (TypeError.prototype), '[Error [TypeError]]',
        () => (Symbol), '[Function: Symbol]',
        () => (Object), '[Function: Object]',
        () => (globalThis.Proxy === undefined ? 0 : Intl), 'Object [Intl] {}',
        () => (new Proxy({a:1},{get(){throw 1}})), '{ a: 1 }',
        () => (new Proxy([1,2],{})), '[ 1, 2 ]',
        () => (new Proxy(function f(){},{})), '[Function: f]',
        () => (new Proxy(class A{},{})), '[class A]',
        () => ((()=>{const r=Proxy.revocable({},{}); r.revoke(); return r.proxy})()), '<Revoked Proxy>',
        () => ({a:new Proxy({b:1},{})}), '{ a: { b: 1 } }',
        () => (new Proxy({},{getPrototypeOf(){throw 1},ownKeys(){throw 2}})), '{}',
    ]);
});

test('values as they are printed by default, part 5', () => {
    shows([
        () => (new Proxy(new Map([[1,2]]),{})), 'Map(1) { 1 => 2 }',
        () => (new Proxy({[custom](){return 'custom '+(this===current)}},{})), 'custom true',
        () => ({[custom](){return 'CUSTOM'}}), 'CUSTOM',
        () => ({a:{[custom](){return 'two\nlines'}}}),
            '{\n' +
            '  a: two\n' +
            '  lines\n' +
            '}',
        () => ({[custom](d,o,i){return {d,od:o.depth,same:i===util.inspect,keys:Object.keys(o).length}}}),
            '{ d: 2, od: 2, same: true, keys: 13 }',
        () => ({a:{[custom](d,o){return d+' '+o.depth}}}), '{ a: 1 2 }',
        () => ({[custom](){return this},a:1}),
            '{\n' +
            '  a: 1,\n' +
            '  [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]\n' +
            '}',
        () => ({[custom](){return 5}}), '5',
        () => ({[custom]:5,b:1}), '{ b: 1, [Symbol(nodejs.util.inspect.custom)]: 5 }',
        () => (new (class Cu{[custom](d,o){return o.stylize('styled','special')}})), 'styled',
        () => ((class Cu{[custom](){return 'x'}}).prototype), '{}',
        () => ({inspect(){return 'no'}}), '{ inspect: [Function: inspect] }',
        () => ({[custom]:util.inspect}),
            '{\n' +
            '  [Symbol(nodejs.util.inspect.custom)]: [Function: inspect] {\n' +
            '    custom: Symbol(nodejs.util.inspect.custom),\n' +
            '    colors: [Object: null prototype] {\n' +
            '      reset: [Array],\n' +
            '      bold: [Array],\n' +
            '      dim: [Array],\n' +
            '      italic: [Array],\n' +
            '      underline: [Array],\n' +
            '      blink: [Array],\n' +
            '      inverse: [Array],\n' +
            '      hidden: [Array],\n' +
            '      strikethrough: [Array],\n' +
            '      doubleunderline: [Array],\n' +
            '      black: [Array],\n' +
            '      red: [Array],\n' +
            '      green: [Array],\n' +
            '      yellow: [Array],\n' +
            '      blue: [Array],\n' +
            '      magenta: [Array],\n' +
            '      cyan: [Array],\n' +
            '      white: [Array],\n' +
            '      bgBlack: [Array],\n' +
            '      bgRed: [Array],\n' +
            '      bgGreen: [Array],\n' +
            '      bgYellow: [Array],\n' +
            '      bgBlue: [Array],\n' +
            '      bgMagenta: [Array],\n' +
            '      bgCyan: [Array],\n' +
            '      bgWhite: [Array],\n' +
            '      framed: [Array],\n' +
            '      overlined: [Array],\n' +
            '      gray: [Array],\n' +
            '      redBright: [Array],\n' +
            '      greenBright: [Array],\n' +
            '      yellowBright: [Array],\n' +
            '      blueBright: [Array],\n' +
            '      magentaBright: [Array],\n' +
            '      cyanBright: [Array],\n' +
            '      whiteBright: [Array],\n' +
            '      bgGray: [Array],\n' +
            '      bgRedBright: [Array],\n' +
            '      bgGreenBright: [Array],\n' +
            '      bgYellowBright: [Array],\n' +
            '      bgBlueBright: [Array],\n' +
            '      bgMagentaBright: [Array],\n' +
            '      bgCyanBright: [Array],\n' +
            '      bgWhiteBright: [Array]\n' +
            '    },\n' +
            '    styles: [Object: null prototype] {\n' +
            '      special: \'cyan\',\n' +
            '      number: \'yellow\',\n' +
            '      bigint: \'yellow\',\n' +
            '      boolean: \'yellow\',\n' +
            '      undefined: \'grey\',\n' +
            '      null: \'bold\',\n' +
            '      string: \'green\',\n' +
            '      symbol: \'green\',\n' +
            '      date: \'magenta\',\n' +
            '      regexp: \'red\',\n' +
            '      module: \'underline\'\n' +
            '    }\n' +
            '  }\n' +
            '}',
        () => (err('Error: boom\n    at foo (file.js:1:2)')),
            'Error: boom\n' +
            '    at foo (file.js:1:2)',
        () => (err('Error: boom')), '[Error: boom]',
        () => (Object.assign(err('Error: boom\n    at foo (file.js:1:2)'),{code:'E',info:{a:1}})),
            'Error: boom\n' +
            '    at foo (file.js:1:2) {\n' +
            '  code: \'E\',\n' +
            '  info: { a: 1 }\n' +
            '}',
        () => (err('Error: boom\n    at foo (file.js:1:2)',{cause:err('Error: inner\n    at bar (file.js:3:4)')})),
            'Error: boom\n' +
            '    at foo (file.js:1:2) {\n' +
            '  [cause]: Error: inner\n' +
            '      at bar (file.js:3:4)\n' +
            '}',
        () => (err('Error: boom\n    at a (1)\n    at b (2)\n    at c (3)\n    at d (4)\n    at e (5)',
        {cause:err('Error: inner\n    at z (0)\n    at b (2)\n    at c (3)\n    at d (4)\n    at e (5)')})),
            'Error: boom\n' +
            '    at a (1)\n' +
            '    at b (2)\n' +
            '    ... 2 lines matching cause stack trace ...\n' +
            '    at e (5) {\n' +
            '  [cause]: Error: inner\n' +
            '      at z (0)\n' +
            '      at b (2)\n' +
            '      at c (3)\n' +
            '      at d (4)\n' +
            '      at e (5)\n' +
            '}',
        () => (err('Error: boom\n    at foo (file.js:1:2)',{cause:'text'})),
            'Error: boom\n' +
            '    at foo (file.js:1:2) {\n' +
            '  [cause]: \'text\'\n' +
            '}',
        () => (err('Error: boom\n    at foo (file.js:1:2)',{cause:undefined})),
            'Error: boom\n' +
            '    at foo (file.js:1:2) {\n' +
            '  [cause]: undefined\n' +
            '}',
        () => ({e:err('Error: boom\n    at foo (file.js:1:2)')}),
            '{\n' +
            '  e: Error: boom\n' +
            '      at foo (file.js:1:2)\n' +
            '}',
        () => ([err('Error: a\n    at foo (file.js:1:2)')]),
            '[\n' +
            '  Error: a\n' +
            '      at foo (file.js:1:2)\n' +
            ']',
        () => (Object.assign(new AggregateError([],'agg'),{stack:'AggregateError: agg\n    at x (y:1:1)'})),
            'AggregateError: agg\n' +
            '    at x (y:1:1) {\n' +
            '  [errors]: []\n' +
            '}',
        () => (Object.assign(new AggregateError([err('Error: boom')],'agg'),{stack:'AggregateError: agg\n    at x (y:1:1)'})),
            'AggregateError: agg\n' +
            '    at x (y:1:1) {\n' +
            '  [errors]: [ [Error: boom] ]\n' +
            '}',
        () => (tame(new (class Foo extends Error{})('x'),'Error: x\n    at y (z:1:1)')),
            'Foo [Error]: x\n' +
            '    at y (z:1:1)',
        () => (tame(new (class FooError extends TypeError{})('x'),'TypeError: x\n    at y (z:1:1)')),
            'FooError [TypeError]: x\n' +
            '    at y (z:1:1)',
        () => (tame(Object.assign(new Error('x'),{name:'Custom'}),'Error: x\n    at y (z:1:1)')),
            'Error: x\n' +
            '    at y (z:1:1) {\n' +
            '  name: \'Custom\'\n' +
            '}',
        () => (tame(Object.assign(new Error('x'),{name:'CustomError'}),'CustomError: x\n    at y (z:1:1)')),
            'Error [CustomError]: x\n' +
            '    at y (z:1:1)',
        () => (tame(Object.setPrototypeOf(new Error('x'),null),'Error: x\n    at y (z:1:1)')),
            '[Error: null prototype]: x\n' +
            '    at y (z:1:1)',
        () => (tame(new Error(''),'Error\n    at y (z:1:1)')),
            'Error\n' +
            '    at y (z:1:1)',
        () => (tame(new Error('multi\nline'),'Error: multi\nline\n    at y (z:1:1)')),
            'Error: multi\n' +
            'line\n' +
            '    at y (z:1:1)',
        () => (tame(new Error('x'),undefined)), '[Error: x]',
        () => (tame(new Error('x'),'')), '[Error: x]',
        () => (tame(new Error('x'),'arbitrary text')), '[arbitrary text]',
        () => (tame(Object.assign(new Error('x'),{message:'changed'}),'Error: x\n    at y (z:1:1)')),
            'Error: x\n' +
            '    at y (z:1:1)',
        () => (tame(new (class Foo extends Error{get [Symbol.toStringTag](){return 'Tag'}})('x'),
        'Error: x\n    at y (z:1:1)')),
            'Foo [Tag] [Error]: x\n' +
            '    at y (z:1:1)',
        () => (tame(Object.create(Error.prototype),'')), '[Error]',
        () => ({__proto__:Error.prototype,message:'m',stack:'Error: m\n    at q (r:1:1)'}),
            'Error: m\n' +
            '    at q (r:1:1)',
        () => (tame(new RangeError('x'),'RangeError: x\n    at y (z:1:1)\n    at node:internal/x:1:2')),
            'RangeError: x\n' +
            '    at y (z:1:1)\n' +
            '    at node:internal/x:1:2',
        () => (tame(new Error('x'),'TypeError: x\n    at y (z:1:1)')),
            'TypeError: x\n' +
            '    at y (z:1:1)',
        () => (tame(Object.assign(new (class ValidationError extends Error{})('bad'),
        {field:'q'}),'Error: bad\n    at y (z:1:1)')),
            'ValidationError: bad\n' +
            '    at y (z:1:1) {\n' +
            '  field: \'q\'\n' +
            '}',
        () => ({get [Symbol.toStringTag](){return 'x'}}), '{ [Symbol(Symbol.toStringTag)]: [Getter] }',
        () => (Object.defineProperty({},Symbol.toStringTag,{value:'hid'})), 'Object [hid] {}',
        () => ({toString(){throw 1},valueOf(){throw 2}}),
            '{ toString: [Function: toString], valueOf: [Function: valueOf] }',
        () => (Object.create({get constructor(){throw 1}})), '{}',
        () => ({get constructor(){return 5}}), '{ constructor: [Getter] }',
        () => (Object.create({constructor:Object.assign(()=>{}, {})})), '{}',
        () => (Object.setPrototypeOf(new (class Q{}),new Proxy({},{}))), '{}',
        () => (Object.create(new (class Deep{x=1}))), 'Deep {}',
        () => (Object.create(Object.create({constructor:{name:'z'}}))), '{}',
        () => ({__proto__:{constructor:{get name(){return 'lie'}}}}), '{}',
        () => (new (class Foo{static [Symbol.hasInstance](){return false}})), '{}',
        () => (new (class Foo{static [Symbol.hasInstance](){throw 1}})), '{}',
        () => (new (class Foo{static name='static'})), 'static {}',
        () => (new (class Foo{static get name(){return 'getter'}})), 'getter {}',
        () => (class Foo{static name='static'}), '[class static] { name: \'static\' }',
        () => (class Foo2{static name(){}}), '[class name(){}]',
        () => (Object.freeze({a:1})), '{ a: 1 }',
        () => (Object.assign(Object.create({inherited:1}),{own:2})), '{ own: 2 }',
        () => ([new (class A{}), new (class B{x=[]})]), '[ A {}, B { x: [] } ]',
        () => ({a:[[]],b:[{}],c:{d:{}}}), '{ a: [ [] ], b: [ {} ], c: { d: {} } }',
        () => ({f(){},g:()=>{},h:async()=>{},i:class{}}),
            '{\n' +
            '  f: [Function: f],\n' +
            '  g: [Function: g],\n' +
            '  h: [AsyncFunction: h],\n' +
            '  i: [class i]\n' +
            '}',
        () => ({a:1n,b:Symbol('x'),c:-0}), '{ a: 1n, b: Symbol(x), c: -0 }',
        () => (['a\nb',"it's"]), '[ \'a\\nb\', "it\'s" ]',
        () => ([['a',1],['b',2]]), '[ [ \'a\', 1 ], [ \'b\', 2 ] ]',
        () => ({very_long_property_name_number_one:{another_long_property_name:'value'},second_long_property:[1,2,3]}),
            '{\n' +
            '  very_long_property_name_number_one: { another_long_property_name: \'value\' },\n' +
            '  second_long_property: [ 1, 2, 3 ]\n' +
            '}',
        () => ({a:{b:'x'.repeat(70)}}),
            '{\n' +
            '  a: {\n' +
            '    b: \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\'\n' +
            '  }\n' +
            '}',
        () => ({a:[1,2,3,[4,[5,[6]]]],b:new Map([['k',new Set([1,[2]])]])}),
            '{\n' +
            '  a: [ 1, 2, 3, [ 4, [Array] ] ],\n' +
            '  b: Map(1) { \'k\' => Set(2) { 1, [Array] } }\n' +
            '}',
        () => (Array.from({length:3},()=>Array.from({length:10},(_, i)=>i*100))),
            '[\n' +
            '  [\n' +
            '      0, 100, 200, 300,\n' +
            '    400, 500, 600, 700,\n' +
            '    800, 900\n' +
            '  ],\n' +
            '  [\n' +
            '      0, 100, 200, 300,\n' +
            '    400, 500, 600, 700,\n' +
            '    800, 900\n' +
            '  ],\n' +
            '  [\n' +
            '      0, 100, 200, 300,\n' +
            '    400, 500, 600, 700,\n' +
            '    800, 900\n' +
            '  ]\n' +
            ']',
        () => ({matrix:Array.from({length:3},()=>Array.from({length:7},(_, i)=>'v'+i))}),
            '{\n' +
            '  matrix: [\n' +
            '    [\n' +
            '      \'v0\', \'v1\',\n' +
            '      \'v2\', \'v3\',\n' +
            '      \'v4\', \'v5\',\n' +
            '      \'v6\'\n' +
            '    ],\n' +
            '    [\n' +
            '      \'v0\', \'v1\',\n' +
            '      \'v2\', \'v3\',\n' +
            '      \'v4\', \'v5\',\n' +
            '      \'v6\'\n' +
            '    ],\n' +
            '    [\n' +
            '      \'v0\', \'v1\',\n' +
            '      \'v2\', \'v3\',\n' +
            '      \'v4\', \'v5\',\n' +
            '      \'v6\'\n' +
            '    ]\n' +
            '  ]\n' +
            '}',
    ]);
});

test('option showHidden:true', () => {
    shows([
        () => ([1,2]), '[ 1, 2, [length]: 2 ]',
        () => ({a:1}), '{ a: 1 }',
        () => (new Map([[1,2]])), 'Map(1) { 1 => 2 }',
        () => (new Uint8Array(2)),
            'Uint8Array(2) [\n' +
            '  0,\n' +
            '  0,\n' +
            '  [BYTES_PER_ELEMENT]: 1,\n' +
            '  [length]: 2,\n' +
            '  [byteLength]: 2,\n' +
            '  [byteOffset]: 0,\n' +
            '  [buffer]: ArrayBuffer { byteLength: 2 }\n' +
            ']',
        () => (Object.defineProperty({},'h',{value:1})), '{ [h]: 1 }',
        () => (Object.defineProperty({},Symbol('h'),{value:1})), '{ [Symbol(h)]: 1 }',
        () => (new (class Foo{get x(){return 1} m(){} static y=1})), 'Foo { [x]: [Getter] }',
        () => (Object.create({proto:1})), '{ proto: 1 }',
        () => (new ArrayBuffer(2)), 'ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }',
        () => (new (class B extends (class A{get z(){return 5}}){get y(){return 1}})),
            'B { [y]: [Getter], [z]: [Getter] }',
        () => (Object(1)), '[Number: 1]',
        () => (Object('ab')), '[String: \'ab\'] { [length]: 2 }',
        () => (new Set([1])), 'Set(1) { 1 }',
        () => (new DataView(new ArrayBuffer(1))),
            'DataView {\n' +
            '  byteLength: 1,\n' +
            '  byteOffset: 0,\n' +
            '  buffer: ArrayBuffer { [Uint8Contents]: <00>, byteLength: 1 }\n' +
            '}',
        () => (Promise.resolve(2)), 'Promise { 2 }',
        () => ({get a(){return 1}}), '{ a: [Getter] }',
        () => (/a/), '/a/ { [lastIndex]: 0 }',
        () => (new Date(0)), '1970-01-01T00:00:00.000Z',
    ], {showHidden:true});
});

test('option depth:0', () => {
    shows([
        () => ({a:{}}), '{ a: {} }',
        () => ({a:{b:1}}), '{ a: [Object] }',
        () => ([[1]]), '[ [Array] ]',
        () => (new Map([[{a:1},[1]]])), 'Map(1) { [Object] => [Array] }',
        () => ({a:new (class Foo{x=1})}), '{ a: [Foo] }',
        () => ({a:Object.create(null,{x:{value:1,enumerable:true}})}), '{ a: [Object: null prototype] }',
        () => ([new Proxy({a:1},{})]), '[ [Object] ]',
        () => ({a:(function(){return arguments})(1)}), '{ a: [Object] }',
        () => ({a:new Date(0),b:/x/,c:()=>{}}), '{ a: 1970-01-01T00:00:00.000Z, b: /x/, c: [Function: c] }',
    ], {depth:0});
});

test('option depth:null', () => {
    shows([
        () => ({a:{b:{c:{d:{e:{f:1}}}}}}),
            '{\n' +
            '  a: {\n' +
            '    b: {\n' +
            '      c: { d: { e: { f: 1 } } }\n' +
            '    }\n' +
            '  }\n' +
            '}',
        () => ([[[[[[]]]]]]),
            '[\n' +
            '  [\n' +
            '    [ [ [ [] ] ] ]\n' +
            '  ]\n' +
            ']',
    ], {depth:null});
});

test('option depth:-1', () => {
    shows([
        () => ({a:1}), '[Object]',
        () => ([]), '[]',
        () => ([1]), '[Array]',
        () => (new Map([[1,1]])), '[Map]',
        () => (new (class Foo{x=1})), '[Foo]',
        () => (1), '1',
        () => (Object.create(null,{x:{value:1,enumerable:true}})), '[Object: null prototype]',
    ], {depth:-1});
});

test('option compact:true', () => {
    shows([
        () => ({a:1,b:{c:[1,2,3]}}), '{ a: 1, b: { c: [ 1, 2, 3 ] } }',
        () => ([1,2,3]), '[ 1, 2, 3 ]',
        () => ({a:'x'.repeat(90),b:1}),
            '{ a:\n' +
            '   \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\',' +
            '\n' +
            '  b: 1 }',
        () => ({a:{b:'x'.repeat(100)}}),
            '{ a:\n' +
            '   { b:\n' +
            '      \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' +
            'xxxxxxxxxxx\' } }',
        () => (Object.assign(()=>{}, {a:1})), '{ [Function (anonymous)] a: 1 }',
        () => (new Map([[1,{a:2}]])), 'Map(1) { 1 => { a: 2 } }',
        () => ((()=>{const o={}; o.o=o; return o})()), '<ref *1> { o: [Circular *1] }',
        () => (Array.from({length:40},(_, i)=>i)),
            '[ 0,\n' +
            '  1,\n' +
            '  2,\n' +
            '  3,\n' +
            '  4,\n' +
            '  5,\n' +
            '  6,\n' +
            '  7,\n' +
            '  8,\n' +
            '  9,\n' +
            '  10,\n' +
            '  11,\n' +
            '  12,\n' +
            '  13,\n' +
            '  14,\n' +
            '  15,\n' +
            '  16,\n' +
            '  17,\n' +
            '  18,\n' +
            '  19,\n' +
            '  20,\n' +
            '  21,\n' +
            '  22,\n' +
            '  23,\n' +
            '  24,\n' +
            '  25,\n' +
            '  26,\n' +
            '  27,\n' +
            '  28,\n' +
            '  29,\n' +
            '  30,\n' +
            '  31,\n' +
            '  32,\n' +
            '  33,\n' +
            '  34,\n' +
            '  35,\n' +
            '  36,\n' +
            '  37,\n' +
            '  38,\n' +
            '  39 ]',
        () => ({get a(){return 1},'b-c':{d:'y'.repeat(75)}}),
            '{ a: [Getter],\n' +
            '  \'b-c\':\n' +
            '   { d: \'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\' } }',
        () => (new (class Foo{a='z'.repeat(80)})),
            'Foo {\n' +
            '  a:\n' +
            '   \'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\' }',
    ], {compact:true});
});

test('option compact:false', () => {
    shows([
        () => ({a:1,b:{c:[1,2,3]}}),
            '{\n' +
            '  a: 1,\n' +
            '  b: {\n' +
            '    c: [\n' +
            '      1,\n' +
            '      2,\n' +
            '      3\n' +
            '    ]\n' +
            '  }\n' +
            '}',
        () => ([1,2,3]),
            '[\n' +
            '  1,\n' +
            '  2,\n' +
            '  3\n' +
            ']',
        () => ([]), '[]',
        () => ({}), '{}',
        () => ({a:{},b:[]}),
            '{\n' +
            '  a: {},\n' +
            '  b: []\n' +
            '}',
        () => (new Set([1,2])),
            'Set(2) {\n' +
            '  1,\n' +
            '  2\n' +
            '}',
        () => (Object.assign(()=>{}, {a:1})),
            '[Function (anonymous)] {\n' +
            '  a: 1\n' +
            '}',
        () => ('long text with\nline feed in the middle of it, going on and on until it is longer than eighty'),
            '\'long text with\\n\' +\n' +
            '  \'line feed in the middle of it, going on and on until it is longer than eighty\'',
    ], {compact:false});
});

test('option compact:1', () => {
    shows([
        () => ({a:{b:{c:1}}}),
            '{\n' +
            '  a: {\n' +
            '    b: { c: 1 }\n' +
            '  }\n' +
            '}',
        () => ({a:[1,2]}),
            '{\n' +
            '  a: [ 1, 2 ]\n' +
            '}',
        () => ([[1],[2]]),
            '[\n' +
            '  [ 1 ],\n' +
            '  [ 2 ]\n' +
            ']',
        () => (Array.from({length:20},(_, i)=>i)),
            '[\n' +
            '   0,  1,  2,  3,\n' +
            '   4,  5,  6,  7,\n' +
            '   8,  9, 10, 11,\n' +
            '  12, 13, 14, 15,\n' +
            '  16, 17, 18, 19\n' +
            ']',
    ], {compact:1});
});

test('option compact:0', () => {
    shows([
        () => ({a:{b:1}}),
            '{\n' +
            '  a: {\n' +
            '    b: 1\n' +
            '  }\n' +
            '}',
        () => ([1,2]),
            '[\n' +
            '  1,\n' +
            '  2\n' +
            ']',
    ], {compact:0});
});

test('option breakLength:Infinity', () => {
    shows([
        () => ({a:'x'.repeat(100),b:['y'.repeat(100)]}),
            '{ a: \'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' +
            'xxxxxxxxxx\', b: [ \'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' +
            'yyyyyyyyyyyyyyyyyyyyyyy\' ] }',
        () => ({a:{b:{c:{}}}}), '{ a: { b: { c: {} } } }',
        () => (Array.from({length:30},(_, i)=>i)),
            '[\n' +
            '   0,  1,  2,  3,  4,  5,  6,  7,  8,\n' +
            '   9, 10, 11, 12, 13, 14, 15, 16, 17,\n' +
            '  18, 19, 20, 21, 22, 23, 24, 25, 26,\n' +
            '  27, 28, 29\n' +
            ']',
        () => ('a'.repeat(50)+'\n'+'b'.repeat(50)),
            '\'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\nbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' +
            'bbbbbbb\'',
    ], {breakLength:Infinity});
});

test('option breakLength:20', () => {
    shows([
        () => ({a:1,b:2,c:3}),
            '{\n' +
            '  a: 1,\n' +
            '  b: 2,\n' +
            '  c: 3\n' +
            '}',
        () => ([1,2,3,4,5,6,7,8,9]),
            '[\n' +
            '  1, 2, 3, 4, 5,\n' +
            '  6, 7, 8, 9\n' +
            ']',
        () => ('twenty characters and\nmore of them'),
            '\'twenty characters and\\n\' +\n' +
            '  \'more of them\'',
        () => ({a:'a b c d e f g h i j k l m n o p'}),
            '{\n' +
            '  a: \'a b c d e f g h i j k l m n o p\'\n' +
            '}',
    ], {breakLength:20});
});

test('option breakLength:40,compact:10', () => {
    shows([
        () => ({a:{b:{c:{d:1}}},e:[1,2,3]}),
            '{\n' +
            '  a: { b: { c: [Object] } },\n' +
            '  e: [ 1, 2, 3 ]\n' +
            '}',
        () => ({a:{b:'xxxxxxxxxxxx',c:'yyyyyyyyyyyyyyyyy'}}),
            '{\n' +
            '  a: {\n' +
            '    b: \'xxxxxxxxxxxx\',\n' +
            '    c: \'yyyyyyyyyyyyyyyyy\'\n' +
            '  }\n' +
            '}',
    ], {breakLength:40,compact:10});
});

test('option sorted:true', () => {
    shows([
        () => ({b:1,a:2,c:{z:1,y:2}}), '{ a: 2, b: 1, c: { y: 2, z: 1 } }',
        () => (Object.assign([3,1,2],{z:1,a:2})), '[ 3, 1, 2, a: 2, z: 1 ]',
        () => (new Map([['b',1],['a',2]])), 'Map(2) { \'a\' => 2, \'b\' => 1 }',
        () => (new Set([3,1])), 'Set(2) { 1, 3 }',
    ], {sorted:true});
});

test('option sorted:(a,b)=>a<b?1:-1', () => {
    shows([
        () => ({b:1,a:2,c:3}), '{ c: 3, b: 1, a: 2 }',
    ], {sorted:(a,b)=>a<b?1:-1});
});

test('option maxArrayLength:2', () => {
    shows([
        () => ([1,2,3]), '[ 1, 2, ... 1 more item ]',
        () => ([1,2]), '[ 1, 2 ]',
        () => (new Set([1,2,3])), 'Set(3) { 1, 2, ... 1 more item }',
        () => (new Map([[1,1],[2,2],[3,3],[4,4]])), 'Map(4) { 1 => 1, 2 => 2, ... 2 more items }',
        () => (new Uint8Array(4)), 'Uint8Array(4) [ 0, 0, ... 2 more items ]',
        () => ([,,,4]), '[ <3 empty items>, 4 ]',
        () => ([1,,,4,5]), '[ 1, <2 empty items>, ... 2 more items ]',
        () => (new ArrayBuffer(4)),
            'ArrayBuffer {\n' +
            '  [Uint8Contents]: <00 00 ... 2 more bytes>,\n' +
            '  byteLength: 4\n' +
            '}',
        () => (new Set([1,2,3]).values()), '[Set Iterator] { 1, 2, ... 1 more item }',
        () => (new Map([[1,1],[2,2],[3,3]]).entries()), '[Map Entries] { [ 1, 1 ], [ 2, 2 ], ... 1 more item }',
        () => ([,1,2]), '[ <1 empty item>, 1, ... 1 more item ]',
        () => (Object.assign([1,2,3],{x:1})), '[ 1, 2, ... 1 more item, x: 1 ]',
    ], {maxArrayLength:2});
});

test('option maxArrayLength:0', () => {
    shows([
        () => ([1,2,3]), '[ ... 3 more items ]',
        () => ([1]), '[ ... 1 more item ]',
        () => (new Set([1])), 'Set(1) { ... 1 more item }',
        () => (new Map([[1,1]])), 'Map(1) { ... 1 more item }',
        () => (new Uint8Array(1)), 'Uint8Array(1) [ ... 1 more item ]',
        () => (new ArrayBuffer(1)), 'ArrayBuffer { [Uint8Contents]: < ... 1 more byte>, byteLength: 1 }',
    ], {maxArrayLength:0});
});

test('option maxArrayLength:null', () => {
    shows([
        () => (Array.from({length:103},(_, i)=>i%10)),
            '[\n' +
            '  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1,\n' +
            '  2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3,\n' +
            '  4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,\n' +
            '  6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7,\n' +
            '  8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,\n' +
            '  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1,\n' +
            '  2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3,\n' +
            '  4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,\n' +
            '  6, 7, 8, 9, 0, 1, 2\n' +
            ']',
    ], {maxArrayLength:null});
});

test('option maxArrayLength:-1', () => {
    shows([
        () => ([1,2]), '[ ... 2 more items ]',
    ], {maxArrayLength:-1});
});

test('option maxStringLength:3', () => {
    shows([
        () => ('abcd'), '\'abc\'... 1 more character',
        () => ('abcde'), '\'abc\'... 2 more characters',
        () => ('abc'), '\'abc\'',
        () => ({a:'abcdef'}), '{ a: \'abc\'... 3 more characters }',
        () => (Object('abcdef')), '[String: \'abc\'... 3 more characters]',
    ], {maxStringLength:3});
});

test('option maxStringLength:null', () => {
    shows([
        () => ('a'.repeat(10005).length), '10005',
        () => ('ab'), '\'ab\'',
    ], {maxStringLength:null});
});

test('option maxStringLength:0', () => {
    shows([
        () => ('abcd'), '\'\'... 4 more characters',
        () => (''), '\'\'',
    ], {maxStringLength:0});
});

test('option getters:true', () => {
    shows([
        () => ({get a(){return 1}}), '{ a: [Getter: 1] }',
        () => ({get a(){return {x:1}}}), '{ a: [Getter] { x: 1 } }',
        () => ({get a(){throw new Error('no')}}), '{ a: [Getter: <Inspection threw (no)>] }',
        () => ({get a(){return null}}), '{ a: [Getter: null] }',
        () => ({get a(){return 'str'},set a(v){}}), '{ a: [Getter/Setter: \'str\'] }',
        () => ({set a(v){}}), '{ a: [Setter] }',
        () => ({get a(){return undefined}}), '{ a: [Getter: undefined] }',
        () => (Object.create({get q(){return 3}})), '{}',
    ], {getters:true});
});

test('option getters:\'get\'', () => {
    shows([
        () => ({get a(){return 1},get b(){return 2},set b(v){}}), '{ a: [Getter: 1], b: [Getter/Setter] }',
    ], {getters:'get'});
});

test('option getters:\'set\'', () => {
    shows([
        () => ({get a(){return 1},get b(){return 2},set b(v){}}), '{ a: [Getter], b: [Getter/Setter: 2] }',
    ], {getters:'set'});
});

test('option numericSeparator:true', () => {
    shows([
        () => (1234), '1_234',
        () => (123), '123',
        () => (-1234567), '-1_234_567',
        () => (1234.5678), '1_234.567_8',
        () => (-123456.123456), '-123_456.123_456',
        () => (1e21), '1e+21',
        () => (0.0001234), '0.000_123_4',
        () => (NaN), 'NaN',
        () => (Infinity), 'Infinity',
        () => (1234567n), '1_234_567n',
        () => (-1234n), '-1_234n',
        () => ([1000,100000]), '[ 1_000, 100_000 ]',
        () => (0), '0',
        () => (-0), '0',
        () => (new Float64Array([12345.678])), 'Float64Array(1) [ 12_345.678 ]',
        () => (12345.1), '12_345.1',
        () => (Object(123456)), '[Number: 123_456]',
    ], {numericSeparator:true});
});

test('option customInspect:false', () => {
    shows([
        () => ({[custom](){return 'x'},a:1}),
            '{\n' +
            '  a: 1,\n' +
            '  [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]\n' +
            '}',
    ], {customInspect:false});
});

test('option showProxy:true', () => {
    shows([
        () => (new Proxy({a:1},{})), 'Proxy [ { a: 1 }, {} ]',
        () => (new Proxy({a:1},{get(){return 1}})), 'Proxy [ { a: 1 }, { get: [Function: get] } ]',
        () => ([new Proxy([],{})]), '[ Proxy [ [], {} ] ]',
        () => ({a:{b:{c:new Proxy({},{})}}}), '{ a: { b: { c: Proxy [Array] } } }',
        () => ((()=>{const r=Proxy.revocable({},{}); r.revoke(); return r.proxy})()), '<Revoked Proxy>',
        () => (new Proxy(new Proxy({},{}),{})), 'Proxy [ Proxy [ {}, {} ], {} ]',
        () => (new Proxy(function f(){},{})), 'Proxy [ [Function: f], {} ]',
    ], {showProxy:true});
});

test('option colors:true', () => {
    shows([
        () => (1), '\x1b[33m1\x1b[39m',
        () => ('s'), '\x1b[32m\'s\'\x1b[39m',
        () => (null), '\x1b[1mnull\x1b[22m',
        () => (undefined), '\x1b[90mundefined\x1b[39m',
        () => (true), '\x1b[33mtrue\x1b[39m',
        () => (1n), '\x1b[33m1n\x1b[39m',
        () => (Symbol('x')), '\x1b[32mSymbol(x)\x1b[39m',
        () => ([1,'a',null]), '[ \x1b[33m1\x1b[39m, \x1b[32m\'a\'\x1b[39m, \x1b[1mnull\x1b[22m ]',
        () => ({a:1,'b-c':[undefined],[Symbol('k')]:/x/,d:new Date(0),e(){},f:class A{},get g(){return 1}}),
            '{\n' +
            '  a: \x1b[33m1\x1b[39m,\n' +
            '  \x1b[32m\'b-c\'\x1b[39m: [ \x1b[90mundefined\x1b[39m ],\n' +
            '  d: \x1b[35m1970-01-01T00:00:00.000Z\x1b[39m,\n' +
            '  e: \x1b[36m[Function: e]\x1b[39m,\n' +
            '  f: \x1b[36m[class A]\x1b[39m,\n' +
            '  g: \x1b[36m[Getter]\x1b[39m,\n' +
            '  [\x1b[32mSymbol(k)\x1b[39m]: \x1b[31m/x/\x1b[39m\n' +
            '}',
        () => (new Map([['a',{}]])), 'Map(1) { \x1b[32m\'a\'\x1b[39m => {} }',
        () => (Array.from({length:30},(_, i)=>i)),
            '[\n' +
            '   \x1b[33m0\x1b[39m,  \x1b[33m1\x1b[39m,  \x1b[33m2\x1b[39m,  \x1b[33m3\x1b[39m,  \x1b' +
            '[33m4\x1b[39m,  \x1b[33m5\x1b[39m,  \x1b[33m6\x1b[39m,  \x1b[33m7\x1b[39m,  \x1b[33m' +
            '8\x1b[39m,\n' +
            '   \x1b[33m9\x1b[39m, \x1b[33m10\x1b[39m, \x1b[33m11\x1b[39m, \x1b[33m12\x1b[39m, \x1b[' +
            '33m13\x1b[39m, \x1b[33m14\x1b[39m, \x1b[33m15\x1b[39m, \x1b[33m16\x1b[39m, \x1b[33m1' +
            '7\x1b[39m,\n' +
            '  \x1b[33m18\x1b[39m, \x1b[33m19\x1b[39m, \x1b[33m20\x1b[39m, \x1b[33m21\x1b[39m, \x1b[' +
            '33m22\x1b[39m, \x1b[33m23\x1b[39m, \x1b[33m24\x1b[39m, \x1b[33m25\x1b[39m, \x1b[33m2' +
            '6\x1b[39m,\n' +
            '  \x1b[33m27\x1b[39m, \x1b[33m28\x1b[39m, \x1b[33m29\x1b[39m\n' +
            ']',
        () => (Array.from({length:12},(_, i)=>'s'+i)),
            '[\n' +
            '  \x1b[32m\'s0\'\x1b[39m, \x1b[32m\'s1\'\x1b[39m,  \x1b[32m\'s2\'\x1b[39m,\n' +
            '  \x1b[32m\'s3\'\x1b[39m, \x1b[32m\'s4\'\x1b[39m,  \x1b[32m\'s5\'\x1b[39m,\n' +
            '  \x1b[32m\'s6\'\x1b[39m, \x1b[32m\'s7\'\x1b[39m,  \x1b[32m\'s8\'\x1b[39m,\n' +
            '  \x1b[32m\'s9\'\x1b[39m, \x1b[32m\'s10\'\x1b[39m, \x1b[32m\'s11\'\x1b[39m\n' +
            ']',
        () => (tame(new Error('x'),'Error: x\n    at y (z:1:1)' +
        '\n    at Object.<anonymous> (/a/node_modules/pkg/i.js:1:1)' +
        '\n    at w (/a/node_modules/@s/p/i.js:1:1)\n    at f (node:fs:3:4)')),
            'Error: x\n' +
            '    at y (z:1:1)\n' +
            '    at Object.<anonymous> (/a/node_modules/\x1b[4mpkg\x1b[24m/i.js' +
            ':1:1)\n' +
            '    at w (/a/node_modules/\x1b[4m@s/p\x1b[24m/i.js:1:1)\n' +
            '\x1b[90m    at f (node:fs:3:4)\x1b[39m',
        () => ((()=>{const o={}; o.o=o; return o})()), '\x1b[36m<ref *1>\x1b[39m { o: \x1b[36m[Circular *1]\x1b[39m }',
        () => ({a:{b:{c:{}}}}), '{ a: { b: { c: {} } } }',
        () => (Object.create({inh:1})), '{}',
        () => (Object(1)), '\x1b[33m[Number: 1]\x1b[39m',
        () => (Object('x')), '\x1b[32m[String: \'x\']\x1b[39m',
        () => (new Proxy({},{})), '{}',
        () => ([,1]), '[ \x1b[90m<1 empty item>\x1b[39m, \x1b[33m1\x1b[39m ]',
        () => (Promise.resolve(5)), 'Promise { \x1b[33m5\x1b[39m }',
        () => (new WeakSet), 'WeakSet { \x1b[36m<items unknown>\x1b[39m }',
        () => ('a'.repeat(50)+'\n'+'b'.repeat(50)),
            '\x1b[32m\'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\n\'\x1b' +
            '[39m +\n' +
            '  \x1b[32m\'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\'\x1b' +
            '[39m',
        () => (new ArrayBuffer(1)),
            'ArrayBuffer { \x1b[36m[Uint8Contents]\x1b[39m: <00>, byteLength: \x1b' +
            '[33m1\x1b[39m }',
        () => (new Uint8Array(2)), 'Uint8Array(2) [ \x1b[33m0\x1b[39m, \x1b[33m0\x1b[39m ]',
    ], {colors:true});
});

test('option colors:true,showHidden:true', () => {
    shows([
        () => ([1]), '[ \x1b[33m1\x1b[39m, [length]: \x1b[33m1\x1b[39m ]',
        () => (new (class Foo{get x(){return 1}})), 'Foo { \x1b[2m[x]: \x1b[36m[Getter]\x1b[39m\x1b[22m }',
    ], {colors:true,showHidden:true});
});

test('option unknown:1,depth:5', () => {
    shows([
        () => ({[custom](d,o){return o.unknown+' '+o.depth}}), '1 5',
    ], {unknown:1,depth:5});
});

test('option stylize:(s,k)=>`<${k}:${s}>`', () => {
    shows([
        () => ([1,'a',{b:null}]), '[ <number:1>, <string:\'a\'>, { <name:b>: <null:null> } ]',
    ], {stylize:(s,k)=>`<${k}:${s}>`});
});

test('the old form with a flag for hidden properties', () => {
    shows([
        () => (Object.defineProperty({},'h',{value:1})), '{ [h]: 1 }',
    ], true);
});

test('an object nested too deeply for the stack says so', () => {
    const top = {};
    let inner = top;
    for (let i = 0; i < 200000; i++) inner = inner.a = {};
    ok(util.inspect(top, { depth: Infinity }).includes(
        '[Object: Inspection interrupted prematurely. Maximum call stack size exceeded.]'));
});

test('an error a custom function throws passes through', () => {
    throws(() => util.inspect({ [custom]() { throw new RangeError('mine'); } }), { name: 'RangeError', message: 'mine' });
});

test('defaultOptions are the options of later calls', () => {
    const before = util.inspect.defaultOptions.depth;
    util.inspect.defaultOptions.depth = 0;
    equal(util.inspect({ a: {} }), '{ a: {} }');
    equal(util.inspect({ a: { b: 1 } }), '{ a: [Object] }');
    equal(util.format('%O', { a: { b: 1 } }), '{ a: [Object] }');
    util.inspect.defaultOptions = { depth: before };
    equal(util.inspect({ a: { b: 1 } }), '{ a: { b: 1 } }');
    throws(() => { util.inspect.defaultOptions = null; }, { code: 'ERR_INVALID_ARG_TYPE' });
    throws(() => { util.inspect.defaultOptions.unknown = 1; }, { name: 'TypeError' });
});

test('styles and colours can be changed, aliases included', () => {
    equal(util.inspect.custom, custom);
    equal(util.inspect.colors.grey, util.inspect.colors.gray);
    util.inspect.styles.number = 'red';
    equal(util.inspect(1, { colors: true }), '\x1b[31m1\x1b[39m');
    util.inspect.styles.number = 'yellow';
    equal(util.inspect(1, false, 2, true), '\x1b[33m1\x1b[39m');
    ok(!Object.keys(util.inspect.colors).includes('grey'));
});

test('what a guest does to the language’s prototypes changes nothing', () => {
    const saved = [];
    const patch = (object, key, value) => {
        saved[saved.length] = { object, key, before: Object.getOwnPropertyDescriptor(object, key) };
        Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
    };
    const value = { a: [1, 'two'], m: new Map([[1, new Set(['x'])]]), d: new Date(0), r: /x/g, f() {} };
    const expected = util.inspect(value);
    const refuse = () => { throw new Error('patched'); };
    patch(Array.prototype, 'join', refuse);
    patch(Array.prototype, 'map', refuse);
    patch(Array.prototype, 'slice', refuse);
    patch(Map.prototype, 'entries', null);
    patch(String.prototype, 'slice', null);
    patch(String.prototype, 'includes', null);
    patch(Object.prototype, 'get', () => 1);
    let text;
    try {
        text = util.inspect(value);
    } finally {
        for (let i = saved.length - 1; i >= 0; i--) {
            const { object, key, before } = saved[i];
            if (before === undefined) delete object[key];
            else Object.defineProperty(object, key, before);
        }
    }
    equal(text, expected);
});

test('format follows its placeholders', () => {
    const { format } = util;
    const rows = [
        [[], ''], [[''], ''], [['a'], 'a'], [['%%'], '%%'], [['%% %s', 1], '% 1'], [['%s'], '%s'], [[1, 2, 'a'], '1 2 a'],
        [['a', 'b', { c: 1 }], 'a b { c: 1 }'], [['%s', 'x'], 'x'], [['%s', 1.5], '1.5'], [['%s', -0], '-0'], [['%s', 1n], '1n'],
        [['%s', null], 'null'], [['%s', undefined], 'undefined'], [['%s', Symbol('s')], 'Symbol(s)'], [['%s', { a: { b: 1 } }],
            '{ a: [Object] }'],
        [['%s', [1, [2]]], '[ 1, [Array] ]'], [['%s', () => 1], '() => 1'], [['%s', { toString() { return 'own'; } }], 'own'],
        [['%s', new (class A { toString() { return 'A!'; } })()], 'A!'], [['%s', new (class B {})()], 'B {}'],
        [['%s', new Date(0)], '1970-01-01T00:00:00.000Z'], [['%s', Object.create(null)], '[Object: null prototype] {}'],
        [['%s', { [Symbol.toPrimitive]() { return 'prim'; } }], 'prim'], [['%s', 'a', 'b'], 'a b'],
        [['%d', 42], '42'], [['%d', '42'], '42'], [['%d', 'x'], 'NaN'], [['%d', 1n], '1n'], [['%d', Symbol()], 'NaN'],
        [['%d', -0], '-0'], [['%d', {}], 'NaN'], [['%d', null], '0'], [['%d', undefined], 'NaN'],
        [['%i', 42.9], '42'], [['%i', '0x1f'], '31'], [['%i', 'a'], 'NaN'], [['%i', 5n], '5n'], [['%i', Symbol()], 'NaN'],
        [['%f', '1.5e3'], '1500'], [['%f', 'x'], 'NaN'], [['%f', Symbol()], 'NaN'], [['%f', 2n], '2'],
        [['%j', { a: [1] }], '{"a":[1]}'], [['%j', undefined], 'undefined'], [['%j', 'x'], '"x"'],
        [['%O', { a: { b: { c: { d: 1 } } } }], '{ a: { b: { c: [Object] } } }'], [['%o', [1]], '[ 1, [length]: 1 ]'],
        [['%c', 'css'], ''], [['%cx', 'css'], 'x'], [['a%cb%cc', 1, 2], 'abc'], [['%x', 1], '%x 1'], [['%', 1], '% 1'],
        [['100%', 'x'], '100% x'], [['%s%', 1], '1%'], [['%s %s', 1], '1 %s'], [['%%s', 1], '%s 1'], [['%%%s', 1], '%1'],
        [['%%%s'], '%%%s'], [['%s:%s', 'a', 'b', 'c', {}], 'a:b c {}'], [[null, '%s', 1], 'null %s 1'], [[Symbol('a'), 1],
            'Symbol(a) 1'],
        [['%s', 'a\nb'], 'a\nb'], [['%d%%', 5], '5%'], [[new Map([[1, 2]])], 'Map(1) { 1 => 2 }'],
    ];
    for (const [args, expected] of rows) equal(format(...args), expected, typeof args[0] === 'string' ? args[0] : expected);
    const cycle = {};
    cycle.cycle = cycle;
    equal(format('%j', cycle), '[Circular]');
    throws(() => format('%j', { toJSON() { throw new Error('mine'); } }), /mine/);
    equal(util.formatWithOptions({ colors: true }, '%s %d %O', 'a', 1, [1]), 'a 1 [ \x1b[33m1\x1b[39m ]');
    equal(util.formatWithOptions({ numericSeparator: true }, '%d %s', 123456, 1234567n), '123_456 1_234_567n');
    throws(() => util.formatWithOptions('x', 'y'), { code: 'ERR_INVALID_ARG_TYPE' });
});
