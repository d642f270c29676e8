// SPDX-License-Identifier: Apache-2.0

#include "CSimdJSON.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

/// A member that is not read: its key, and that of the object it is in.
struct member_rule {
  binnacle_json_rule rule;
  std::string parent;
  std::string key;
};

struct binnacle_json_parser {
  ondemand::parser parser;
  std::vector<member_rule> rules;
  std::unique_ptr<binnacle_json_parser> nested;
  std::vector<char> padded;
  size_t appended = 0;
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
  Walker(std::vector<binnacle_json_token> &tokens, const std::vector<member_rule> &rules,
         const char *end, uint32_t depth_limit)
      : tokens_(tokens), rules_(rules), end_(end), depth_limit_(depth_limit) {}

  template <typename Value>
  error_code walk(Value &&value, uint32_t depth, std::string_view parent) {
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
        return walk_object(object, depth, parent);
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
        if (auto error = raw(value).get(text)) return error;
        text = trimmed(text);
        // Nothing to unescape: the text as it stands, without a copy. The walk over the parent skips it.
        if (text.size() >= 2 && text.back() == '"' && is_plain(text.substr(1, text.size() - 2))) {
          push(BINNACLE_JSON_STRING, text.substr(1, text.size() - 2));
          return SUCCESS;
        }
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

  static bool is_plain(std::string_view text) {
    return text.empty() || std::memchr(text.data(), '\\', text.size()) == nullptr;
  }

  /// A member's key, unescaped only if it must be.
  template <typename Member>
  simdjson_result<std::string_view> key_of(Member &member) const {
    ondemand::raw_json_string raw;
    if (auto error = member.key().get(raw)) return error;
    // The key is closed: the first pass has seen that all quotes are.
    const char *start = raw.raw();
    size_t length = static_cast<const char *>(std::memchr(start, '"', end_ - start)) - start;
    if (is_plain({start, length})) return std::string_view{start, length};
    return member.unescaped_key();
  }

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
      if (auto error = walk(value, depth + 1, no_parent)) return error;
      count++;
    }
    close(index, count);
    return SUCCESS;
  }

  error_code walk_object(ondemand::object object, uint32_t depth, std::string_view parent) {
    uint32_t rules = rules_for(parent);
    size_t index = open(BINNACLE_JSON_OBJECT);
    uint32_t count = 0;
    for (auto member : object) {
      if (auto error = member.error()) return error;
      std::string_view key;
      if (auto error = key_of(member).get(key)) return error;
      const member_rule *rule = rules == 0 ? nullptr : rule_for(rules, key);
      // On-Demand steps over a value that nobody has asked for.
      if (rule && rule->rule == BINNACLE_JSON_SKIP) continue;
      push(BINNACLE_JSON_KEY, key);
      ondemand::value value;
      if (auto error = member.value().get(value)) return error;
      if (auto error = rule ? leave(value, depth + 1, key) : walk(value, depth + 1, key))
        return error;
      count++;
    }
    close(index, count);
    return SUCCESS;
  }

  /// Keeps the text of an object or array; reads anything else.
  error_code leave(ondemand::value &value, uint32_t depth, std::string_view key) {
    ondemand::json_type type;
    if (auto error = value.type().get(type)) return error;
    std::string_view text;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (auto error = value.get_object().get(object)) return error;
      if (auto error = object.raw_json().get(text)) return error;
    } else if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (auto error = value.get_array().get(array)) return error;
      if (auto error = array.raw_json().get(text)) return error;
    } else {
      return walk(value, depth, key);
    }
    push(BINNACLE_JSON_UNREAD, trimmed(text));
    return SUCCESS;
  }

  /// A bit for each rule whose parent is the object.
  uint32_t rules_for(std::string_view parent) const {
    uint32_t rules = 0;
    for (size_t at = 0; at < rules_.size(); at++)
      if (rules_[at].parent == parent) rules |= uint32_t{1} << at;
    return rules;
  }

  const member_rule *rule_for(uint32_t rules, std::string_view key) const {
    for (size_t at = 0; at < rules_.size(); at++)
      if ((rules >> at & 1) != 0 && rules_[at].key == key) return &rules_[at];
    return nullptr;
  }

  /// The parent of what is in an array; nothing is called so.
  static constexpr std::string_view no_parent{"\0\0", 2};

  std::vector<binnacle_json_token> &tokens_;
  const std::vector<member_rule> &rules_;
  /// The end of the document's bytes.
  const char *end_;
  uint32_t depth_limit_;
};

}  // namespace

binnacle_json_parser *binnacle_json_parser_new(void) {
  return new (std::nothrow) binnacle_json_parser;
}

void binnacle_json_parser_free(binnacle_json_parser *parser) { delete parser; }

bool binnacle_json_parser_add_rule(binnacle_json_parser *parser, binnacle_json_rule rule,
                                   const char *parent, size_t parent_length, const char *key,
                                   size_t key_length) {
  if (parser->rules.size() == 32) return false;
  try {
    parser->rules.push_back({rule, {parent, parent_length}, {key, key_length}});
  } catch (const std::bad_alloc &) {
    return false;
  }
  return true;
}

static bool has_room(binnacle_json_parser *parser, size_t length) {
  try {
    if (parser->padded.size() < length + SIMDJSON_PADDING)
      parser->padded.resize(length + length / 2 + SIMDJSON_PADDING);
  } catch (const std::exception &) {
    return false;
  }
  return true;
}

bool binnacle_json_append(binnacle_json_parser *parser, const void *bytes, size_t length) {
  if (!has_room(parser, parser->appended + length)) return false;
  if (length > 0) std::memcpy(parser->padded.data() + parser->appended, bytes, length);
  parser->appended += length;
  return true;
}

void binnacle_json_clear(binnacle_json_parser *parser) { parser->appended = 0; }

binnacle_json_parser *binnacle_json_parser_nested(binnacle_json_parser *parser) {
  if (!parser->nested) parser->nested.reset(new (std::nothrow) binnacle_json_parser);
  return parser->nested.get();
}

const char *binnacle_json_parse(binnacle_json_parser *parser, const void *bytes, size_t length,
                                uint32_t depth_limit, const binnacle_json_token **tokens,
                                size_t *count, size_t *offset) {
  *tokens = nullptr;
  *count = 0;
  *offset = 0;
  if (length > UINT32_MAX - 4096) return "the document is larger than 4 GiB";
  parser->tokens.clear();
  if (bytes) {
    parser->appended = 0;
    if (!binnacle_json_append(parser, bytes, length)) return "out of memory";
  }
  length = parser->appended;
  parser->appended = 0;
  if (!has_room(parser, length)) return "out of memory";
  std::memset(parser->padded.data() + length, ' ', SIMDJSON_PADDING);
  ondemand::document document;
  auto error = parser->parser.iterate(parser->padded.data(), length, parser->padded.size())
                   .get(document);
  if (error) return error_message(error);  // There is no document to ask for a location.
  error = Walker(parser->tokens, parser->rules, parser->padded.data() + length, depth_limit).walk(document, 0, {});
  const char *start = parser->padded.data();
  const char *location;
  bool has_location = !document.current_location().get(location) && location >= start &&
                      location <= start + length;
  if (!error) {
    // A number or a plain string at the root is still unread, and its token ends where the next one starts.
    const auto &front = parser->tokens.front();
    bool unread = front.kind == BINNACLE_JSON_NUMBER ||
                  (front.kind == BINNACLE_JSON_STRING && front.text > start &&
                   front.text <= start + length);
    if (unread)
      location = front.text + front.length + (front.kind == BINNACLE_JSON_STRING ? 1 : 0);
    if ((unread || has_location) &&
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
