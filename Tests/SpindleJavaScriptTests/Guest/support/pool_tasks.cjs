'use strict';

module.exports = (value) => 2 * value;
module.exports.half = (value) => value / 2;
