// How long the tasks of a pool waited and ran.

const { MathMax, MathRound } = primordials;
const clock = require('internal/clock');

class Timings {
    /** Milliseconds that workers spent on tasks. */
    #busy = 0;
    /** Histograms in nanoseconds; null if the pool does not record them. */
    runTime = null;
    waitTime = null;

    static {
        module.exports.busyOf = (timings) => timings.#busy;
        /** Counts a task that has ended by itself or with its worker. */
        module.exports.record = (timings, task) => {
            const run = clock.now() - task.begunAt;
            timings.#busy += run;
            if (timings.runTime === null) return;
            timings.runTime.record(MathMax(1, MathRound(run * 1e6)));
            timings.waitTime.record(MathMax(1, MathRound((task.begunAt - task.queuedAt) * 1e6)));
        };
    }

    constructor(isRecording) {
        if (!isRecording) return;
        const { createHistogram } = require('internal/histogram');
        this.runTime = createHistogram();
        this.waitTime = createHistogram();
    }

    reset() {
        this.runTime?.reset();
        this.waitTime?.reset();
    }
}

module.exports.Timings = Timings;
