// Two functions of JavaScriptCore, replaced in this program because theirs abort the process.
//
// WebKit 2.50 sets and clears the bit of a trap (a "look at me" from another thread to a running script) without the lock
// under which two functions then compare that bit with a flag of their own. When a second trap comes while the script
// handles the first, the two differ for a moment, and an assertion that is compiled into the release ends the process.
// The engine's time limit makes such pairs of traps by itself: its timer runs on the clock, the limit counts processor
// time, and for the difference it sets another timer of a few microseconds. WebKit repaired it later (pull request
// 54019), under other names.
//
// Where loops poll for traps, as they do here (usePollingTraps), the bit alone is what stops a script: the functions
// keep the flag, wake the engine's own Atomics.wait, which is not used here, and do nothing else. So these do nothing.
//
// A program's own functions come before a library's, and the library calls them by name. Earlier and later versions do
// not, and have no use for them.

#ifndef CJAVASCRIPTCORE_REPAIRS_H
#define CJAVASCRIPTCORE_REPAIRS_H

/// JSC::VMTraps::requestThreadStopIfNeeded(unsigned)
void _ZN3JSC7VMTraps25requestThreadStopIfNeededEj(void *traps, unsigned event);

/// JSC::VMTraps::cancelThreadStopIfNeeded()
void _ZN3JSC7VMTraps24cancelThreadStopIfNeededEv(void *traps);

#endif
