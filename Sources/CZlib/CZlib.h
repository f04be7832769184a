// The system's zlib. Its functions that begin are macros in C, so they are named here.

#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

static inline int czlib_deflate_init(z_stream *stream, int level, int windowBits, int memLevel, int strategy) {
    return deflateInit2(stream, level, Z_DEFLATED, windowBits, memLevel, strategy);
}

static inline int czlib_inflate_init(z_stream *stream, int windowBits) {
    return inflateInit2(stream, windowBits);
}

#endif
