// JSON strings and numbers to Lua values.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_decoder.h"

int ebb_json_refuse(struct ebb_json_decoder *d, const struct ebb_json_level *level, const char *reason) {
  d->error->offset = (size_t)(d->p - d->text);
  return ebb_json_fail(d->error, level, "%s", reason);
}

// MARK: - Strings

static int hex_unit(struct ebb_json_decoder *d, const struct ebb_json_level *level, unsigned *unit) {
  if (d->end - d->p < 4) return ebb_json_refuse(d, level, "unexpected end of a string");
  *unit = 0;
  for (int i = 0; i < 4; i++, d->p++) {
    char c = *d->p, lower = (char)(c | 0x20);
    bool digit = c >= '0' && c <= '9';
    if (!digit && (lower < 'a' || lower > 'f')) return ebb_json_refuse(d, level, "expected four hexadecimal digits");
    *unit = *unit << 4 | (unsigned)(digit ? c - '0' : lower - 'a' + 10);
  }
  return 0;
}

// Reads what follows "\u", with the second half of a surrogate pair; a half alone is U+FFFD.
static int escaped_scalar(struct ebb_json_decoder *d, const struct ebb_json_level *level, unsigned *scalar) {
  if (hex_unit(d, level, scalar) != 0) return -1;
  unsigned high = *scalar;
  if (high < 0xD800 || high > 0xDFFF) return 0;
  *scalar = 0xFFFD;
  if (high > 0xDBFF || d->end - d->p < 2 || d->p[0] != '\\' || d->p[1] != 'u') return 0;
  const char *mark = d->p;
  unsigned low;
  d->p += 2;
  if (hex_unit(d, level, &low) != 0) return -1;
  if (low < 0xDC00 || low > 0xDFFF) {
    d->p = mark;
  } else {
    *scalar = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }
  return 0;
}

static char *write_scalar(char *to, unsigned scalar) {
  if (scalar < 0x80) {
    *to++ = (char)scalar;
  } else if (scalar < 0x800) {
    *to++ = (char)(0xC0 | scalar >> 6);
    *to++ = (char)(0x80 | (scalar & 0x3F));
  } else {
    if (scalar < 0x10000) {
      *to++ = (char)(0xE0 | scalar >> 12);
    } else {
      *to++ = (char)(0xF0 | scalar >> 18);
      *to++ = (char)(0x80 | (scalar >> 12 & 0x3F));
    }
    *to++ = (char)(0x80 | (scalar >> 6 & 0x3F));
    *to++ = (char)(0x80 | (scalar & 0x3F));
  }
  return to;
}

static int unescape(struct ebb_json_decoder *d, const struct ebb_json_level *level, char **to) {
  d->p++;
  if (d->p == d->end) return ebb_json_refuse(d, level, "unexpected end of a string");
  char c = *d->p++;
  switch (c) {
    case '"': case '\\': case '/': *(*to)++ = c; return 0;
    case 'b': *(*to)++ = '\b'; return 0;
    case 'f': *(*to)++ = '\f'; return 0;
    case 'n': *(*to)++ = '\n'; return 0;
    case 'r': *(*to)++ = '\r'; return 0;
    case 't': *(*to)++ = '\t'; return 0;
    case 'u': {
      unsigned scalar;
      if (escaped_scalar(d, level, &scalar) != 0) return -1;
      *to = write_scalar(*to, scalar);
      return 0;
    }
    default: d->p--; return ebb_json_refuse(d, level, "unknown escape");
  }
}

// Goes over plain text: to a quote, an escape or the end.
static int skip_plain(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
  while (d->p < d->end) {
    unsigned char c = (unsigned char)*d->p;
    if (c == '"' || c == '\\') return 0;
    if (c < 0x20) return ebb_json_refuse(d, level, "a control character in a string");
    if (c < 0x80) {
      d->p++;
      continue;
    }
    size_t length = ebb_utf8_length(d->p, d->end);
    if (length == 0) return ebb_json_refuse(d, level, "text that is not UTF-8");
    d->p += length;
  }
  return ebb_json_refuse(d, level, "unexpected end of a string");
}

// The rest of a string whose first escape stands at d->p.
static int push_escaped(struct ebb_json_decoder *d, const struct ebb_json_level *level, const char *begin) {
  lua_State *L = d->L;
  const char *quote = d->p;
  while (quote < d->end && *quote != '"') quote += *quote == '\\' ? 2 : 1;
  size_t room = (size_t)((quote < d->end ? quote : d->end) - begin) + 4;
  char small[512];
  char *text = room <= sizeof small ? small : lua_newuserdatauv(L, room, 0);
  char *to = text;
  while (true) {
    memcpy(to, begin, (size_t)(d->p - begin));
    to += d->p - begin;
    if (*d->p == '"') break;
    if (unescape(d, level, &to) != 0) return -1;
    begin = d->p;
    if (skip_plain(d, level) != 0) return -1;
  }
  d->p++;
  lua_pushlstring(L, text, (size_t)(to - text));
  if (text != small) lua_remove(L, -2);
  return 0;
}

int ebb_json_push_string(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
  const char *begin = ++d->p;
  if (skip_plain(d, level) != 0) return -1;
  if (*d->p == '\\') return push_escaped(d, level, begin);
  lua_pushlstring(d->L, begin, (size_t)(d->p - begin));
  d->p++;
  return 0;
}

// MARK: - Numbers

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static int skip_digits(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
  if (!is_digit(ebb_json_peek(d))) return ebb_json_refuse(d, level, "expected a digit");
  while (is_digit(ebb_json_peek(d))) d->p++;
  return 0;
}

static void push_integer(struct ebb_json_decoder *d, const char *begin, const char *digits) {
  uint64_t value = 0, limit = begin < digits ? (uint64_t)1 << 63 : INT64_MAX;
  for (const char *p = digits; p < d->p; p++) {
    uint64_t digit = (uint64_t)(*p - '0');
    if (value > (limit - digit) / 10) {  // beyond 64 bits: its digits, as text
      lua_pushlstring(d->L, begin, (size_t)(d->p - begin));
      return;
    }
    value = value * 10 + digit;
  }
  if (begin == digits) {
    lua_pushinteger(d->L, (lua_Integer)value);
  } else if (value == 0) {
    lua_pushnumber(d->L, -0.0);
  } else {
    lua_pushinteger(d->L, (lua_Integer)(0 - value));
  }
}

static int push_double(struct ebb_json_decoder *d, const struct ebb_json_level *level, const char *begin) {
  size_t size = (size_t)(d->p - begin);
  char small[64];
  char *text = size < sizeof small ? small : lua_newuserdatauv(d->L, size + 1, 0);
  memcpy(text, begin, size);
  text[size] = '\0';
  double value = strtod(text, NULL);
  if (text != small) lua_pop(d->L, 1);
  if (!isfinite(value)) {
    d->p = begin;
    return ebb_json_refuse(d, level, "number out of range");
  }
  lua_pushnumber(d->L, value);
  return 0;
}

int ebb_json_push_number(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
  const char *begin = d->p;
  if (*d->p == '-') d->p++;
  const char *digits = d->p;
  if (!is_digit(ebb_json_peek(d))) return ebb_json_refuse(d, level, d->p == begin ? "unexpected character" : "expected a digit");
  if (*d->p == '0') d->p++;
  else while (is_digit(ebb_json_peek(d))) d->p++;
  char next = ebb_json_peek(d);
  if (next != '.' && next != 'e' && next != 'E') {
    push_integer(d, begin, digits);
    return 0;
  }
  if (next == '.') {
    d->p++;
    if (skip_digits(d, level) != 0) return -1;
    next = ebb_json_peek(d);
  }
  if (next == 'e' || next == 'E') {
    d->p++;
    if (ebb_json_peek(d) == '+' || ebb_json_peek(d) == '-') d->p++;
    if (skip_digits(d, level) != 0) return -1;
  }
  return push_double(d, level, begin);
}
