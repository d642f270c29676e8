// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a token is. A member of an object is a `key` token followed by its value's tokens.
enum binnacle_json_kind {
  BINNACLE_JSON_NULL = 0,
  BINNACLE_JSON_FALSE = 1,
  BINNACLE_JSON_TRUE = 2,
  BINNACLE_JSON_NUMBER = 3,  // text: the number as written
  BINNACLE_JSON_STRING = 4,  // text: the string, unescaped, valid UTF-8
  BINNACLE_JSON_KEY = 5,     // text: the key, unescaped, valid UTF-8
  BINNACLE_JSON_ARRAY = 6,   // next: the index of the token after the array's last
  BINNACLE_JSON_OBJECT = 7,  // next: the index of the token after the object's last
};

/// One token; `text` lives until the parser is used again or freed.
struct binnacle_json_token {
  const char *text;
  uint32_t length;  // bytes of text; for arrays and objects the number of elements or members
  uint32_t next;    // the index of the token after this value
  uint8_t kind;
};

struct binnacle_json_parser;

/// Null when memory is short.
struct binnacle_json_parser *binnacle_json_parser_new(void);
void binnacle_json_parser_free(struct binnacle_json_parser *parser);

/// Reads one whole document. On success returns null and sets `tokens` and `count`; they live until
/// the parser is used again. On failure returns a static message and sets `offset` to about where.
const char *binnacle_json_parse(struct binnacle_json_parser *parser, const void *bytes,
                                size_t length, uint32_t depth_limit,
                                const struct binnacle_json_token **tokens, size_t *count,
                                size_t *offset);

#ifdef __cplusplus
}
#endif
