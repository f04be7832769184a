// What a pool and its workers say to each other. Each message is an array that begins with a number.
//
//   to the worker     slot, input[, filename, name]     runs a task
//                     kAbort, slot                      the signal of a running task fires
//   from the worker   slot, kResult, value
//                     slot, kFailure, error, members    what the task threw, and what cloning would take from it
//                     slot, kProgress, value
//                     kReady                            it waits for tasks

const kAbort = -1;
const kReady = -2;
const kResult = 0;
const kFailure = 1;
const kProgress = 2;

module.exports = { kAbort, kFailure, kProgress, kReady, kResult };
