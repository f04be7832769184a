// node:https.

const { ObjectDefineProperties, ObjectSetPrototypeOf, ReflectApply } = primordials;
const tls = require('tls');
const { validateObject } = require('internal/validators');
const { Agent: HttpAgent } = require('internal/http/agent');
const { Server: HttpServer, onConnection, setUp } = require('internal/http/server');

function Server(options, listener) {
    if (!(this instanceof Server)) return new Server(options, listener);
    if (typeof options === 'function') {
        listener = options;
        options = {};
    } else if (options == null) options = {};
    else validateObject(options, 'options');
    ReflectApply(tls.Server, this, [{
        noDelay: true, ALPNProtocols: ['http/1.1'], ...options, allowHalfOpen: true,
    }]);
    setUp(this, options);
    if (listener) this.on('request', listener);
    this.on('secureConnection', onConnection);
    this.on('tlsClientError', (error, socket) => {
        if (!this.emit('clientError', error, socket)) socket.destroy(error);
    });
}
ObjectSetPrototypeOf(Server.prototype, tls.Server.prototype);
ObjectSetPrototypeOf(Server, tls.Server);
for (const name of ['close', 'closeAllConnections', 'closeIdleConnections', 'setTimeout']) {
    Server.prototype[name] = HttpServer.prototype[name];
}

function Agent(options) {
    if (!(this instanceof Agent)) return new Agent(options);
    ReflectApply(HttpAgent, this, [{ defaultPort: 443, protocol: 'https:', ...options }]);
}
ObjectSetPrototypeOf(Agent.prototype, HttpAgent.prototype);
ObjectSetPrototypeOf(Agent, HttpAgent);

Agent.prototype.createConnection = function createConnection(...args) {
    const { 0: first, 1: second, 2: third } = args;
    if (typeof first === 'object' && first !== null) return tls.connect(first);
    const options = typeof second === 'object' ? second : typeof third === 'object' ? third : {};
    return tls.connect({ ...options, port: first, host: typeof second === 'string' ? second : options.host });
};

/** What connections have to have in common to be used for each other. */
const distinguishing = [
    'ca', 'cert', 'clientCertEngine', 'ciphers', 'key', 'pfx', 'rejectUnauthorized', 'servername', 'minVersion', 'maxVersion',
    'secureProtocol', 'crl', 'honorCipherOrder', 'ecdhCurve', 'dhparam', 'secureOptions', 'sessionIdContext', 'sigalgs',
];
Agent.prototype.getName = function getName(options = {}) {
    let name = ReflectApply(HttpAgent.prototype.getName, this, [options]);
    for (let i = 0; i < distinguishing.length; i++) {
        name += ':';
        const value = options[distinguishing[i]];
        const isHost = distinguishing[i] === 'servername' && value === options.host;
        if (value !== undefined && value !== null && !isHost) name += value;
    }
    return name;
};

const common = { agent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }) };

function request(input, options, callback) {
    const { ClientRequest } = require('internal/http/client');
    const { URL, urlToHttpOptions } = require('internal/url');
    let given = input;
    if (typeof input === 'string') given = urlToHttpOptions(new URL(input));
    else if (input instanceof URL) given = urlToHttpOptions(input);
    else {
        callback = options;
        options = undefined;
    }
    if (typeof options === 'function') {
        callback = options;
        options = undefined;
    }
    return new ClientRequest({ ...given, ...options, _defaultAgent: common.agent }, callback);
}
function get(input, options, callback) {
    const made = request(input, options, callback);
    made.end();
    return made;
}

module.exports = ObjectDefineProperties({
    Agent, Server, createServer: (options, listener) => new Server(options, listener), get, request,
}, {
    globalAgent: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        get: () => common.agent,
        set(agent) { common.agent = agent; },
    },
});
