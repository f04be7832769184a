// node:http.

const { ArrayPrototypeSlice, ObjectDefineProperties } = primordials;
const { validateInteger } = require('internal/validators');
const { methods } = require('internal/http/parser');
const { validateHeaderName, validateHeaderValue } = require('internal/http/fields');
const { IncomingMessage } = require('internal/http/incoming');
const { OutgoingMessage } = require('internal/http/outgoing');
const { ServerResponse } = require('internal/http/response');
const { Server, onConnection } = require('internal/http/server');
const { Agent, common } = require('internal/http/agent');

function request(url, options, callback) {
    const { ClientRequest } = require('internal/http/client');
    return new ClientRequest(url, options, callback);
}
function get(url, options, callback) {
    const made = request(url, options, callback);
    made.end();
    return made;
}

module.exports = ObjectDefineProperties({
    Agent,
    IncomingMessage,
    METHODS: ArrayPrototypeSlice(methods),
    OutgoingMessage,
    STATUS_CODES: require('internal/http/status'),
    Server,
    ServerResponse,
    _connectionListener: onConnection,
    createServer: (options, listener) => new Server(options, listener),
    get,
    maxHeaderSize: 16 * 1024,
    request,
    setMaxIdleHTTPParsers(max = 1000) { validateInteger(max, 'max', 1); },
    validateHeaderName,
    validateHeaderValue,
}, {
    ClientRequest: {
        __proto__: null, configurable: true, enumerable: true, get: () => require('internal/http/client').ClientRequest,
    },
    globalAgent: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get: () => common.agent,
        set(agent) { common.agent = agent; },
    },
});
