// The JavaScript of the built-in modules, carried inside the program.

#ifndef SPINDLE_SCRIPTS_H
#define SPINDLE_SCRIPTS_H

#include <stddef.h>

/// One built-in: `events` is what `require('node:events')` finds, `internal/errors` is for built-ins alone.
struct spindle_script {
    const char *id;
    /// UTF-8, with a zero at the end.
    const unsigned char *source;
};

/// All of them, sorted by id. They live as long as the program.
const struct spindle_script *spindle_script_table(size_t *count);

#endif
