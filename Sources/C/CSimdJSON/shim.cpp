// SPDX-License-Identifier: Apache-2.0

#include "CSimdJSON.h"

#include <simdjson.h>

#include <cstring>
#include <new>
#include <string_view>
#include <vector>

using namespace simdjson;

struct binnacle_json_parser {
  ondemand::parser parser;
  std::vector<char> padded;
  std::vector<binnacle_json_token> tokens;
};

namespace {

// simdjson's On-Demand hands out the text of a number unchecked; this is RFC 8259, section 6.
bool is_number(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') at++;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') at++;
  bool zero = at < text.size() && text[at] == '0';
  size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    at++;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) at++;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' ||
                           text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

class Walker {
 public:
  Walker(std::vector<binnacle_json_token> &tokens, uint32_t depth_limit)
      : tokens_(tokens), depth_limit_(depth_limit) {}

  template <typename Value>
  error_code walk(Value &&value, uint32_t depth) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::array: {
        if (depth >= depth_limit_) return DEPTH_ERROR;
        ondemand::array array;
        if (auto error = value.get_array().get(array)) return error;
        return walk_array(array, depth);
      }
      case ondemand::json_type::object: {
        if (depth >= depth_limit_) return DEPTH_ERROR;
        ondemand::object object;
        if (auto error = value.get_object().get(object)) return error;
        return walk_object(object, depth);
      }
      case ondemand::json_type::number: {
        std::string_view text;
        if (auto error = raw(value).get(text)) return error;
        text = trimmed(text);
        if (!is_number(text)) return NUMBER_ERROR;
        // Not read as a number, since numbers beyond 64 bits are valid JSON: the walk over the
        // parent skips what was not read.
        push(BINNACLE_JSON_NUMBER, text);
        return SUCCESS;
      }
      case ondemand::json_type::string: {
        std::string_view text;
        if (auto error = value.get_string().get(text)) return error;
        push(BINNACLE_JSON_STRING, text);
        return SUCCESS;
      }
      case ondemand::json_type::boolean: {
        bool flag;
        if (auto error = value.get_bool().get(flag)) return error;
        push(flag ? BINNACLE_JSON_TRUE : BINNACLE_JSON_FALSE, {});
        return SUCCESS;
      }
      case ondemand::json_type::null: {
        // Compared in full: at the root, is_null() looks at the first four bytes only.
        std::string_view text;
        if (auto error = raw(value).get(text)) return error;
        if (trimmed(text) != "null" || !is_null(value)) return N_ATOM_ERROR;
        push(BINNACLE_JSON_NULL, {});
        return SUCCESS;
      }
    }
    return INCORRECT_TYPE;
  }

 private:
  static simdjson_result<std::string_view> raw(ondemand::value &value) {
    return value.raw_json_token();
  }
  static simdjson_result<std::string_view> raw(ondemand::document &document) {
    return document.raw_json_token();
  }
  static bool is_null(ondemand::value &value) { return value.is_null(); }
  static bool is_null(ondemand::document &document) { return document.is_null(); }

  void push(binnacle_json_kind kind, std::string_view text) {
    tokens_.push_back({text.data(), static_cast<uint32_t>(text.size()),
                       static_cast<uint32_t>(tokens_.size() + 1), static_cast<uint8_t>(kind)});
  }

  size_t open(binnacle_json_kind kind) {
    push(kind, {});
    return tokens_.size() - 1;
  }

  void close(size_t index, uint32_t count) {
    tokens_[index].length = count;
    tokens_[index].next = static_cast<uint32_t>(tokens_.size());
  }

  error_code walk_array(ondemand::array array, uint32_t depth) {
    size_t index = open(BINNACLE_JSON_ARRAY);
    uint32_t count = 0;
    for (auto element : array) {
      ondemand::value value;
      if (auto error = std::move(element).get(value)) return error;
      if (auto error = walk(value, depth + 1)) return error;
      count++;
    }
    close(index, count);
    return SUCCESS;
  }

  error_code walk_object(ondemand::object object, uint32_t depth) {
    size_t index = open(BINNACLE_JSON_OBJECT);
    uint32_t count = 0;
    for (auto member : object) {
      if (auto error = member.error()) return error;
      std::string_view key;
      if (auto error = member.unescaped_key().get(key)) return error;
      push(BINNACLE_JSON_KEY, key);
      ondemand::value value;
      if (auto error = member.value().get(value)) return error;
      if (auto error = walk(value, depth + 1)) return error;
      count++;
    }
    close(index, count);
    return SUCCESS;
  }

  std::vector<binnacle_json_token> &tokens_;
  uint32_t depth_limit_;
};

}  // namespace

binnacle_json_parser *binnacle_json_parser_new(void) {
  return new (std::nothrow) binnacle_json_parser;
}

void binnacle_json_parser_free(binnacle_json_parser *parser) { delete parser; }

const char *binnacle_json_parse(binnacle_json_parser *parser, const void *bytes, size_t length,
                                uint32_t depth_limit, const binnacle_json_token **tokens,
                                size_t *count, size_t *offset) {
  *tokens = nullptr;
  *count = 0;
  *offset = 0;
  if (length > UINT32_MAX - 4096) return "the document is larger than 4 GiB";
  parser->tokens.clear();
  if (parser->padded.size() < length + SIMDJSON_PADDING)
    parser->padded.resize(length + length / 2 + SIMDJSON_PADDING);
  if (length > 0) std::memcpy(parser->padded.data(), bytes, length);
  std::memset(parser->padded.data() + length, ' ', SIMDJSON_PADDING);
  ondemand::document document;
  auto error = parser->parser.iterate(parser->padded.data(), length, parser->padded.size())
                   .get(document);
  if (error) return error_message(error);  // There is no document to ask for a location.
  error = Walker(parser->tokens, depth_limit).walk(document, 0);
  const char *start = parser->padded.data();
  const char *location;
  bool has_location = !document.current_location().get(location) && location >= start &&
                      location <= start + length;
  if (!error) {
    // A number at the root is still unread, and its token ends where the next one starts.
    bool number = parser->tokens.front().kind == BINNACLE_JSON_NUMBER;
    if (number) location = parser->tokens.front().text + parser->tokens.front().length;
    if ((number || has_location) &&
        !trimmed({location, static_cast<size_t>(start + length - location)}).empty())
      error = TRAILING_CONTENT;
  }
  if (error) {
    *offset = has_location ? static_cast<size_t>(location - start) : length;
    return error_message(error);
  }
  *tokens = parser->tokens.data();
  *count = parser->tokens.size();
  return nullptr;
}
