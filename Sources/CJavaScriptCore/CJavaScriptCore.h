// JavaScriptCore's C interface, and what the library exports beside it.
//
// The installed headers declare less than the library has: the functions below are part of its private C
// interface (JSContextRefPrivate.h, JSBasePrivate.h, JSLockRefPrivate.h, jsc/JSCOptions.h of WebKit), which is
// exported and stable over years, but whose headers no package carries. Ownership is as in the public interface:
// what a function named Create or Copy returns is released by the caller.

#ifndef CJAVASCRIPTCORE_H
#define CJAVASCRIPTCORE_H

#include <JavaScriptCore/JavaScript.h>
#include <stdbool.h>
#include <stddef.h>

// MARK: Before the first engine of the process

/// The signal by which the collector stops other threads; SIGUSR1 otherwise. False when it is too late.
bool JSConfigureSignalForGC(int signal);

/// Sets a named option. False when there is none of this name.
int jsc_options_set_boolean(const char *option, int value);
int jsc_options_set_uint(const char *option, unsigned value);

// MARK: The library's version

unsigned jsc_get_major_version(void);
unsigned jsc_get_minor_version(void);
unsigned jsc_get_micro_version(void);

// MARK: The engine's timers
// Of GLib, declared here, as its headers bring half the C library with them into this module.

typedef struct _GMainContext GMainContext;
GMainContext *g_main_context_new(void);
void g_main_context_unref(GMainContext *context);
void g_main_context_push_thread_default(GMainContext *context);
void g_main_context_pop_thread_default(GMainContext *context);
int g_main_context_iteration(GMainContext *context, int may_block);
int g_main_context_acquire(GMainContext *context);
void g_main_context_release(GMainContext *context);
int g_main_context_prepare(GMainContext *context, int *priority);
/// Asked for no descriptors (null, 0) it tells the milliseconds until the next timer, or -1.
int g_main_context_query(GMainContext *context, int max_priority, int *timeout, void *fds, int fd_count);

// MARK: Stopping

/// Answers whether the running script is to end.
typedef bool (*JSShouldTerminateCallback)(JSContextRef context, void *data);

/// Calls back after `limit` seconds of the thread's processor time inside one entry; once, until it is set again.
void JSContextGroupSetExecutionTimeLimit(JSContextGroupRef group, double limit, JSShouldTerminateCallback callback,
                                         void *data);

// MARK: Scripts that stay

/// A script of one engine, parsed once for all its contexts.
typedef struct OpaqueJSScript *JSScriptRef;

/// Refers to the text, which must never go, where other scripts have a copy each. Null unless it is ASCII and parses.
JSScriptRef JSScriptCreateReferencingImmortalASCIIText(JSContextGroupRef group, JSStringRef url, int first_line,
                                                       const char *text, size_t length, JSStringRef *error_message,
                                                       int *error_line);
JSValueRef JSScriptEvaluate(JSContextRef context, JSScriptRef script, JSValueRef this_value, JSValueRef *exception);
void JSScriptRelease(JSScriptRef script);

// MARK: Microtasks and rejections

/// Takes the engine's lock once for many calls. Recursive.
void JSLock(JSContextRef context);
void JSUnlock(JSContextRef context);

/// The function is called with (promise, reason) after the microtasks that left the promise rejected and unhandled.
void JSGlobalContextSetUnhandledRejectionCallback(JSGlobalContextRef context, JSObjectRef function,
                                                  JSValueRef *exception);

// MARK: Memory

/// An object with `heapSize`, `heapCapacity`, `extraMemorySize`, `objectCount` …; walks the heap.
JSObjectRef JSGetMemoryUsageStatistics(JSContextRef context);

/// Collects everything now; JSGarbageCollect only suggests it.
void JSSynchronousGarbageCollectForDebugging(JSContextRef context);

/// Tells the collector of memory that is kept alive by its objects.
void JSReportExtraMemoryCost(JSContextRef context, size_t size);

// MARK: Values

/// The target of a proxy, or null if the object is none.
JSObjectRef JSObjectGetProxyTarget(JSObjectRef object);

#endif
