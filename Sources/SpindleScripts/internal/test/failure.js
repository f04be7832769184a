// Why a test failed: what it threw, or what the runner has against it.

const { Error } = primordials;

class TestFailure extends Error {
    constructor(type, cause) {
        super(typeof cause === 'string' ? cause : messageOf(cause));
        this.code = 'ERR_TEST_FAILURE';
        this.failureType = type;
        this.cause = typeof cause === 'string' ? cause : cause ?? undefined;
    }
}

function messageOf(cause) {
    if (typeof cause?.message === 'string') return cause.message;
    return require('internal/util/inspect').inspect(cause);
}

const kinds = {
    __proto__: null,
    cancelled: 'cancelledByParent',
    aborted: 'testAborted',
    hook: 'hookFailed',
    subtests: 'subtestsFailed',
    test: 'testCodeFailure',
    callback: 'callbackAndPromisePresent',
    calledTwice: 'multipleCallbackInvocations',
    timeout: 'testTimeoutFailure',
    uncaught: 'uncaughtException',
    rejected: 'unhandledRejection',
};

module.exports = { TestFailure, kinds };
