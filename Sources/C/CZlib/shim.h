// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <zlib.h>

// inflateInit2 is a macro, which Swift does not see. 15 is the largest window, 16 more asks for gzip.
static inline int binnacle_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}
