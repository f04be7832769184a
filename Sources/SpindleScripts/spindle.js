// The module `spindle`: what this runtime offers beyond Node.

const { move } = require('internal/pool/movable');
const { WorkerPool } = require('internal/pool/pool');

module.exports = { WorkerPool, move };
