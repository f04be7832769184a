#include "CJavaScriptCoreRepairs.h"

// Nothing in the program calls them, and they must be found from outside it.
#define REPLACES_LIBRARY __attribute__((visibility("default"), used))

REPLACES_LIBRARY void _ZN3JSC7VMTraps25requestThreadStopIfNeededEj(void *traps, unsigned event) {
    (void)traps;
    (void)event;
}

REPLACES_LIBRARY void _ZN3JSC7VMTraps24cancelThreadStopIfNeededEv(void *traps) { (void)traps; }
