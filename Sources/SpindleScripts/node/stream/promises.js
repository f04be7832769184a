// node:stream/promises.

const { finishedPromise } = require('internal/streams/finished');
const { pipelinePromise } = require('internal/streams/pipeline');
// Pipelines need all kinds of streams.
require('stream');

const { ObjectDefineProperty } = primordials;
const named = (value, name) => ObjectDefineProperty(value, 'name', { __proto__: null, configurable: true, value: name });

module.exports = { finished: named(finishedPromise, 'finished'), pipeline: named(pipelinePromise, 'pipeline') };
