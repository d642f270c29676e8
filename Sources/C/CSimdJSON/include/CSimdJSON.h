// SPDX-License-Identifier: Apache-2.0

#pragma once

#include <stdbool.h>
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
  BINNACLE_JSON_UNREAD = 8,  // text: an object or array as written
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

/// What becomes of a member's value that is not read.
enum binnacle_json_rule {
  BINNACLE_JSON_SKIP = 0,   // there is no token for the member
  BINNACLE_JSON_LEAVE = 1,  // an object or array becomes one token of kind `unread`
};

/// Has the parser not read members called `key` of objects that are themselves members called `parent`, or that are
/// the document itself when `parent` is empty. Their values are not checked. The texts are copied; false when
/// memory is short or there are more than 32 such rules.
bool binnacle_json_parser_add_rule(struct binnacle_json_parser *parser, enum binnacle_json_rule rule,
                                   const char *parent, size_t parent_length, const char *key,
                                   size_t key_length);

/// A parser without rules for texts that this one has left unread; it lives as long as this one. Null when memory is short.
struct binnacle_json_parser *binnacle_json_parser_nested(struct binnacle_json_parser *parser);

/// Adds bytes to a document that comes in pieces, which `binnacle_json_parse` reads when it is given null for its bytes.
/// False when memory is short.
bool binnacle_json_append(struct binnacle_json_parser *parser, const void *bytes, size_t length);

/// Forgets bytes that were added and not read.
void binnacle_json_clear(struct binnacle_json_parser *parser);

/// Reads one whole document. On success returns null and sets `tokens` and `count`; they live until
/// the parser is used again. On failure returns a static message and sets `offset` to about where.
const char *binnacle_json_parse(struct binnacle_json_parser *parser, const void *bytes,
                                size_t length, uint32_t depth_limit,
                                const struct binnacle_json_token **tokens, size_t *count,
                                size_t *offset);

#ifdef __cplusplus
}
#endif
