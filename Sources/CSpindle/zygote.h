#ifndef SPINDLE_ZYGOTE_H
#define SPINDLE_ZYGOTE_H

#include <stddef.h>

/// How long a process's name may be: the length of the zygote's only argument.
enum { SPINDLE_NAME_ROOM = 120 };

/// Says where that argument is, for `spindle_process_set_name`.
void spindle_name_room_is(char *room);

/// Serves the owner at the other end of `socket`, and ends with it.
_Noreturn void spindle_zygote_run(int socket);

/// The Swift side of a worker process. Weak: a program may have this shim without the library above.
_Noreturn void spindle_worker_main(int control, const int *descriptors, size_t count) __attribute__((weak));

/// Likewise; what threads it starts have ended when it returns, as what is taken away at the start is taken from the calling one.
void spindle_worker_rehearse(int control, const char *program) __attribute__((weak));

#endif
