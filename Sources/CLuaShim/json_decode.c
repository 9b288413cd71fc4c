// JSON text to Lua values.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"

// How many members or elements wait on Lua's stack before their table is made: small tables are made in their exact size.
enum { BATCH = 64 };

// How many sets of null members are remembered.
enum { SHAPES = 256 };

struct decoder {
  lua_State *L;
  const char *text, *p, *end;
  int depth, deepest;
  ebb_json_error *error;
};

static const char null_shapes = 0;

static int fail(struct decoder *d, const struct ebb_json_level *level, const char *reason) {
  d->error->offset = (size_t)(d->p - d->text);
  return ebb_json_fail(d->error, level, "%s", reason);
}

static inline void skip_space(struct decoder *d) {
  while (d->p < d->end && (*d->p == ' ' || *d->p == '\n' || *d->p == '\r' || *d->p == '\t')) d->p++;
}

static inline char peek(struct decoder *d) { return d->p < d->end ? *d->p : '\0'; }

// MARK: - Strings

static int hex_unit(struct decoder *d, const struct ebb_json_level *level, unsigned *unit) {
  if (d->end - d->p < 4) return fail(d, level, "unexpected end of a string");
  *unit = 0;
  for (int i = 0; i < 4; i++, d->p++) {
    char c = *d->p, lower = (char)(c | 0x20);
    bool digit = c >= '0' && c <= '9';
    if (!digit && (lower < 'a' || lower > 'f')) return fail(d, level, "expected four hexadecimal digits");
    *unit = *unit << 4 | (unsigned)(digit ? c - '0' : lower - 'a' + 10);
  }
  return 0;
}

// Reads what follows "\u", with the second half of a surrogate pair; a half alone is U+FFFD.
static int escaped_scalar(struct decoder *d, const struct ebb_json_level *level, unsigned *scalar) {
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

static int unescape(struct decoder *d, const struct ebb_json_level *level, char **to) {
  d->p++;
  if (d->p == d->end) return fail(d, level, "unexpected end of a string");
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
    default: d->p--; return fail(d, level, "unknown escape");
  }
}

// Goes over plain text: to a quote, an escape or the end.
static int skip_plain(struct decoder *d, const struct ebb_json_level *level) {
  while (d->p < d->end) {
    unsigned char c = (unsigned char)*d->p;
    if (c == '"' || c == '\\') return 0;
    if (c < 0x20) return fail(d, level, "a control character in a string");
    if (c < 0x80) {
      d->p++;
      continue;
    }
    size_t length = ebb_utf8_length(d->p, d->end);
    if (length == 0) return fail(d, level, "text that is not UTF-8");
    d->p += length;
  }
  return fail(d, level, "unexpected end of a string");
}

// The rest of a string whose first escape stands at d->p.
static int push_escaped(struct decoder *d, const struct ebb_json_level *level, const char *begin) {
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

static int push_string(struct decoder *d, const struct ebb_json_level *level) {
  const char *begin = ++d->p;
  if (skip_plain(d, level) != 0) return -1;
  if (*d->p == '\\') return push_escaped(d, level, begin);
  lua_pushlstring(d->L, begin, (size_t)(d->p - begin));
  d->p++;
  return 0;
}

// MARK: - Numbers

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static int skip_digits(struct decoder *d, const struct ebb_json_level *level) {
  if (!is_digit(peek(d))) return fail(d, level, "expected a digit");
  while (is_digit(peek(d))) d->p++;
  return 0;
}

static void push_integer(struct decoder *d, const char *begin, const char *digits) {
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

static int push_double(struct decoder *d, const struct ebb_json_level *level, const char *begin) {
  size_t size = (size_t)(d->p - begin);
  char small[64];
  char *text = size < sizeof small ? small : lua_newuserdatauv(d->L, size + 1, 0);
  memcpy(text, begin, size);
  text[size] = '\0';
  double value = strtod(text, NULL);
  if (text != small) lua_pop(d->L, 1);
  if (!isfinite(value)) {
    d->p = begin;
    return fail(d, level, "number out of range");
  }
  lua_pushnumber(d->L, value);
  return 0;
}

static int push_number(struct decoder *d, const struct ebb_json_level *level) {
  const char *begin = d->p;
  if (*d->p == '-') d->p++;
  const char *digits = d->p;
  if (!is_digit(peek(d))) return fail(d, level, d->p == begin ? "unexpected character" : "expected a digit");
  if (*d->p == '0') d->p++;
  else while (is_digit(peek(d))) d->p++;
  char next = peek(d);
  if (next != '.' && next != 'e' && next != 'E') {
    push_integer(d, begin, digits);
    return 0;
  }
  if (next == '.') {
    d->p++;
    if (skip_digits(d, level) != 0) return -1;
    next = peek(d);
  }
  if (next == 'e' || next == 'E') {
    d->p++;
    if (peek(d) == '+' || peek(d) == '-') d->p++;
    if (skip_digits(d, level) != 0) return -1;
  }
  return push_double(d, level, begin);
}

// MARK: - Arrays and objects

static int push_value(struct decoder *d, const struct ebb_json_level *level);

// Goes behind an element: 1 where another follows, 0 at the end, -1 on an error.
static int next_element(struct decoder *d, const struct ebb_json_level *level, char close, const char *expected) {
  skip_space(d);
  char c = peek(d);
  if (c != ',' && c != close) return fail(d, level, d->p == d->end ? "unexpected end" : expected);
  d->p++;
  return c == ',';
}

static int enter(struct decoder *d, const struct ebb_json_level *level) {
  if (d->depth == d->deepest) {
    d->error->offset = (size_t)(d->p - d->text);
    return ebb_json_fail(d->error, level, "nested deeper than %d", d->deepest);
  }
  d->depth++;
  d->p++;
  luaL_checkstack(d->L, 2 * BATCH + 8, "too deep");
  ebb_poll(d->L);
  skip_space(d);
  return 0;
}

// Moves the elements on the stack into the table at `table`, which is made first where that is nil.
static void flush_elements(lua_State *L, int table, size_t stored) {
  int waiting = lua_gettop(L) - table;
  if (lua_isnil(L, table)) {
    lua_createtable(L, waiting, 0);
    lua_replace(L, table);
    for (int i = waiting; i > 0; i--) lua_rawseti(L, table, i);
    return;
  }
  for (int i = 1; i <= waiting; i++) {
    lua_pushvalue(L, table + i);
    lua_rawseti(L, table, (lua_Integer)stored + i);
  }
  lua_settop(L, table);
}

static int push_array(struct decoder *d, const struct ebb_json_level *outer) {
  lua_State *L = d->L;
  struct ebb_json_level level = {.outer = outer};
  if (enter(d, outer) != 0) return -1;
  lua_pushnil(L);
  int table = lua_gettop(L);
  size_t stored = 0;
  int more = peek(d) != ']';
  if (!more) d->p++;
  while (more) {
    if (push_value(d, &level) != 0) return -1;
    more = next_element(d, outer, ']', "expected ',' or ']'");
    if (more < 0) return -1;
    level.index++;
    if (level.index - stored == BATCH && more) {
      flush_elements(L, table, stored);
      stored = level.index;
    }
  }
  flush_elements(L, table, stored);
  ebb_push_array_metatable(L);
  lua_setmetatable(L, table);
  d->depth--;
  return 0;
}

// Moves the members on the stack into the table at `table`; the names of those that are null go into the list behind it.
static void flush_members(lua_State *L, int table) {
  int first = table + 2, top = lua_gettop(L);
  if (lua_isnil(L, table)) {
    lua_createtable(L, 0, (top - table - 1) / 2);
    lua_replace(L, table);
  }
  for (int key = first; key < top; key += 2) {
    lua_pushvalue(L, key);
    if (!lua_islightuserdata(L, key + 1)) {
      lua_pushvalue(L, key + 1);
      lua_rawset(L, table);
      continue;
    }
    if (lua_isnil(L, table + 1)) {
      lua_newtable(L);
      lua_replace(L, table + 1);
    }
    lua_rawseti(L, table + 1, (lua_Integer)lua_rawlen(L, table + 1) + 1);
    lua_pushvalue(L, key);  // an earlier member of that name holds no longer
    lua_pushnil(L);
    lua_rawset(L, table);
  }
  lua_settop(L, first - 1);
}

// Pushes the names in the list on top of the stack as one string, by which equal lists are recognised.
static void push_shape(lua_State *L, int list, int count) {
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (int i = 1; i <= count; i++) {
    lua_rawgeti(L, list, i);
    size_t size;
    lua_tolstring(L, -1, &size);
    luaL_addlstring(&buffer, (const char *)&size, sizeof size);
    luaL_addvalue(&buffer);
  }
  luaL_pushresult(&buffer);
}

// Keeps the metatable at `list` for objects of the same shape, whose name is taken from the top. Beyond some shapes no new one is
// shared: answers that are all different must not fill the memory with metatables.
static void keep_shape(lua_State *L, int shapes, int list) {
  lua_rawgeti(L, shapes, 1);
  lua_Integer kept = lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (kept >= SHAPES) {
    lua_pop(L, 1);
    return;
  }
  lua_pushinteger(L, kept + 1);
  lua_rawseti(L, shapes, 1);
  lua_pushvalue(L, list);
  lua_rawset(L, shapes);
}

// Gives the object at `table` a metatable that remembers its null members, whose names the list behind it holds. Objects with the
// same null members share it, as the rows of one answer do.
static void remember_nulls(lua_State *L, int table) {
  int list = table + 1, count = (int)lua_rawlen(L, list);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &null_shapes) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &null_shapes);
  }
  int shapes = lua_gettop(L);
  push_shape(L, list, count);
  lua_pushvalue(L, -1);
  if (lua_rawget(L, shapes) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_pushboolean(L, 0);
    lua_setfield(L, list, "__metatable");
    lua_pushboolean(L, 1);
    lua_rawsetp(L, list, &ebb_null_mark);
    keep_shape(L, shapes, list);
    lua_pushvalue(L, list);
  }
  lua_setmetatable(L, table);
}

static int push_member(struct decoder *d, const struct ebb_json_level *outer, struct ebb_json_level *level) {
  skip_space(d);
  if (peek(d) != '"') return fail(d, outer, "expected a key in quotes");
  if (push_string(d, outer) != 0) return -1;
  level->key = lua_tolstring(d->L, -1, &level->size);
  skip_space(d);
  if (peek(d) != ':') return fail(d, outer, "expected ':'");
  d->p++;
  return push_value(d, level);
}

static int push_object(struct decoder *d, const struct ebb_json_level *outer) {
  lua_State *L = d->L;
  struct ebb_json_level level = {.outer = outer};
  if (enter(d, outer) != 0) return -1;
  lua_pushnil(L);
  lua_pushnil(L);
  int table = lua_gettop(L) - 1;
  int waiting = 0, more = peek(d) != '}';
  if (!more) d->p++;
  while (more) {
    if (push_member(d, outer, &level) != 0) return -1;
    more = next_element(d, outer, '}', "expected ',' or '}'");
    if (more < 0) return -1;
    if (++waiting == BATCH && more) {
      flush_members(L, table);
      waiting = 0;
    }
  }
  flush_members(L, table);
  if (!lua_isnil(L, table + 1)) remember_nulls(L, table);
  lua_settop(L, table);
  d->depth--;
  return 0;
}

static int push_word(struct decoder *d, const struct ebb_json_level *level, const char *word, size_t size) {
  if ((size_t)(d->end - d->p) < size) return fail(d, level, "unexpected end");
  if (memcmp(d->p, word, size) != 0) return fail(d, level, "unexpected character");
  d->p += size;
  if (*word == 'n') lua_pushlightuserdata(d->L, NULL);
  else lua_pushboolean(d->L, *word == 't');
  return 0;
}

static int push_value(struct decoder *d, const struct ebb_json_level *level) {
  skip_space(d);
  if (d->p == d->end) return fail(d, level, "unexpected end");
  switch (*d->p) {
    case '{': return push_object(d, level);
    case '[': return push_array(d, level);
    case '"': return push_string(d, level);
    case 't': return push_word(d, level, "true", 4);
    case 'f': return push_word(d, level, "false", 5);
    case 'n': return push_word(d, level, "null", 4);
    default: return push_number(d, level);
  }
}

int ebb_json_push(lua_State *L, const char *text, size_t size, int depth, ebb_json_error *error) {
  struct decoder d = {.L = L, .text = text, .p = text, .end = text + size, .deepest = depth, .error = error};
  int top = lua_gettop(L);
  luaL_checkstack(L, 8, "too deep");
  int status = push_value(&d, NULL);
  skip_space(&d);
  if (status == 0 && d.p < d.end) status = fail(&d, NULL, "unexpected text after the value");
  if (status != 0) lua_settop(L, top);
  return status;
}
