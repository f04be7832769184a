// The binary format of a structured message. The same format is read and written without an engine by the target
// SpindleStructuredClone; both sides change together.
//
// A message has three parts, which its carrier keeps apart:
//
//   bytes        the structure: VERSION, then one value, then the deferred bodies in the order in which they were deferred
//   text         the characters of all its strings one after the other, as UTF-16 with lone surrogates allowed: an engine
//                hands over and cuts strings far faster than JavaScript could turn them into bytes
//   attachments  what is not copied into the bytes, found by index: transferred and large buffers, shared memory, handles
//
// A value is a tag byte and what follows it. `n` is an unsigned LEB128 number below 2^32; `text(n)` takes the next n
// UTF-16 units of the text; `pad(k)` is the zero bytes up to the next multiple of k, counted from the start of `bytes`.
// All numbers are little-endian. What has an identity is numbered from 0 in the order of the tags, and REFERENCE names it
// by that number: so cycles and shared references survive.
//
//   UNDEFINED NULL TRUE FALSE
//   INT           n, zigzag: a 32-bit integer other than -0
//   DOUBLE        pad(8) f64
//   BIGINT        byte (1 if negative), n, text(n): hexadecimal digits
//   STRING        n, text(n)
//   REFERENCE     n
//   ABSENT        only in place of an item or a field: a hole of an array, a field that has gone meanwhile
//   DEFERRED      before the tag of a container: its body is not here but after the main value. A container more than
//                 MAXIMUM_DEPTH levels deep must be deferred, so neither side's stack depends on the message.
//
// The containers, each a head and, behind the dot, a body:
//
//   SHAPE         n, n × n: the lengths of the keys, text(…) · fields. An object whose list of keys gets the next number
//   OBJECT        n: the number of its list of keys · fields: a value for each key
//   DICTIONARY    as SHAPE, but its list of keys gets no number
//   ARRAY         n · n values
//   SPARSE        length n, then as DICTIONARY: an array with holes all over or with properties that are not items
//   MAP           n · n times a key and a value
//   SET           n · n values
//   ERROR         byte: index of the name in errorNames; byte: 1 has a message, 2 has a stack, 4 has a cause;
//                 n, text(n) of the message; n, text(n) of the stack · the cause
//
//   INTS          n, pad(4), n × i32: an array of 32-bit integers
//   DOUBLES       n, pad(8), n × f64: an array of numbers
//   DATE          pad(8) f64
//   REGEXP        n, text(n): the source; n, text(n): the flags
//   BOX           a value: a boxed primitive
//   BUFFER        n bytes
//   RESIZABLE     n maximum, n bytes
//   VIEW          byte: index in viewConstructors; n offset; n length + 1, or 0 if the view follows its buffer; a value: its buffer
//   ATTACHED      n: a buffer or shared memory among the attachments
//   HOST          n, text(n): the type's name; a value: its state
//   HANDLE        n, text(n): the type's name; n: its handle among the attachments

module.exports = {
    __proto__: null,
    VERSION: 1,
    UNDEFINED: 1, NULL: 2, TRUE: 3, FALSE: 4, INT: 5, DOUBLE: 6, BIGINT: 7, STRING: 8, REFERENCE: 9, ABSENT: 10, DEFERRED: 11,
    SHAPE: 12, OBJECT: 13, DICTIONARY: 14, ARRAY: 15, SPARSE: 16, MAP: 17, SET: 18, ERROR: 19,
    INTS: 20, DOUBLES: 21, DATE: 22, REGEXP: 23, BOX: 24, BUFFER: 25, RESIZABLE: 26, VIEW: 27, ATTACHED: 28, HOST: 29, HANDLE: 30,
    HAS_MESSAGE: 1, HAS_STACK: 2, HAS_CAUSE: 4,
};
