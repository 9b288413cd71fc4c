// Lua values to canonical JSON text. Nothing here raises: scratch memory is malloc's, and given back before it returns.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"
#include "key_order.h"

enum { LARGEST = 64 << 20 };  // bytes, where the caller names no limit

struct encoder {
  lua_State *L;
  ebb_buffer *out;
  size_t begin, limit;  // where in `out` this text begins, and how long it may become
  int depth, deepest;
  struct ebb_key *keys;  // of all objects being written, innermost last
  size_t count, capacity;
  ebb_json_error *error;
};

typedef const struct ebb_json_level level_t;

static int write(struct encoder *e, level_t *level, const char *bytes, size_t size) {
  if (size > e->limit - (e->out->size - e->begin)) {
    return ebb_json_fail(e->error, level, "more than %zu bytes cannot be sent", e->limit);
  }
  if (ebb_buffer_append(e->out, bytes, size)) return 0;
  return ebb_json_fail(e->error, level, "no memory is left to send this");
}

static int write_value(struct encoder *e, level_t *level, int index);

// MARK: - Scalars

// The escape of a byte, or NULL where it stands for itself.
static const char *escape(unsigned char c, char buffer[8]) {
  static const char hex[] = "0123456789abcdef";
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  memcpy(buffer, "\\u00", 4);
  buffer[4] = hex[c >> 4];
  buffer[5] = hex[c & 15];
  buffer[6] = '\0';
  return buffer;
}

static int write_text(struct encoder *e, level_t *level, const char *text, size_t size) {
  const char *p = text, *end = text + size, *plain = text;
  if (write(e, level, "\"", 1) != 0) return -1;
  while (p < end) {
    unsigned char c = (unsigned char)*p;
    if (c >= 0x80) {
      size_t length = ebb_utf8_length(p, end);
      if (length == 0) return ebb_json_fail(e->error, level, "text that is not UTF-8 cannot be sent");
      p += length;
    } else if (c < 0x20 || c == '"' || c == '\\') {
      char buffer[8];
      const char *escaped = escape(c, buffer);
      if (write(e, level, plain, (size_t)(p - plain)) != 0) return -1;
      if (write(e, level, escaped, strlen(escaped)) != 0) return -1;
      plain = ++p;
    } else {
      p++;
    }
  }
  if (write(e, level, plain, (size_t)(p - plain)) != 0) return -1;
  return write(e, level, "\"", 1);
}

static int write_number(struct encoder *e, level_t *level, int index) {
  char text[40];
  if (lua_isinteger(e->L, index)) return write(e, level, text, ebb_write_integer(text, lua_tointeger(e->L, index)));
  double value = lua_tonumber(e->L, index);
  if (!isfinite(value)) {
    return ebb_json_fail(e->error, level, "a number that is %s cannot be sent", isnan(value) ? "not a number" : "infinite");
  }
  return write(e, level, text, ebb_write_double(text, value));
}

// MARK: - Arrays

// Writes the table on top of the stack as long as its keys come as 1, 2, 3, …: 1 where all did, 0 where one did not, -1 on an error.
static int write_sequence(struct encoder *e, level_t *outer, int table) {
  lua_State *L = e->L;
  struct ebb_json_level level = {.outer = outer};
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    if (!lua_isinteger(L, -2) || lua_tointeger(L, -2) != (lua_Integer)level.index + 1) {
      lua_pop(L, 2);
      return 0;
    }
    if (write(e, outer, level.index == 0 ? "[" : ",", 1) != 0) return -1;
    if (write_value(e, &level, lua_gettop(L)) != 0) return -1;
    level.index++;
    lua_pop(L, 1);
  }
  return write(e, outer, level.index == 0 ? "[]" : "]", level.index == 0 ? 2 : 1) != 0 ? -1 : 1;
}

// Writes a list whose `count` keys are known to be 1 to `count`, in whatever order the table holds them.
static int write_list(struct encoder *e, level_t *outer, int table, lua_Integer count) {
  struct ebb_json_level level = {.outer = outer};
  for (lua_Integer i = 1; i <= count; i++) {
    level.index = (size_t)i - 1;
    if (write(e, outer, i == 1 ? "[" : ",", 1) != 0) return -1;
    lua_rawgeti(e->L, table, i);
    if (write_value(e, &level, lua_gettop(e->L)) != 0) return -1;
    lua_pop(e->L, 1);
  }
  return write(e, outer, "]", 1);
}

// MARK: - Objects

static int add_key(struct encoder *e, level_t *level, int key_index, int value_index) {
  if (e->count == e->capacity) {
    size_t capacity = e->capacity == 0 ? 64 : e->capacity * 2;
    struct ebb_key *keys = realloc(e->keys, capacity * sizeof *keys);
    if (keys == NULL) return ebb_json_fail(e->error, level, "no memory is left to send this");
    e->keys = keys;
    e->capacity = capacity;
  }
  size_t size;
  const char *text = lua_tolstring(e->L, key_index, &size);
  if (size > UINT32_MAX >> 2) return ebb_json_fail(e->error, level, "a name of that length cannot be sent");
  e->keys[e->count++] = ebb_key_of_text(text, size, (uint32_t)value_index);
  return 0;
}

// Leaves the members of a table on the stack, name and value in turn, with their keys noted. Sets `positions` to how many keys are
// positions, and `last` to the largest of them.
static int gather(struct encoder *e, level_t *outer, int table, lua_Integer *positions, lua_Integer *last) {
  lua_State *L = e->L;
  *positions = *last = 0;
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    int value = lua_gettop(L), key = value - 1;
    if (lua_type(L, key) == LUA_TSTRING) {
      if (add_key(e, outer, key, value) != 0) return -1;
      if (!lua_checkstack(L, 8)) return ebb_json_fail(e->error, outer, "so many members cannot be sent");
      lua_pushvalue(L, key);
      continue;
    }
    if (!lua_isinteger(L, key) || lua_tointeger(L, key) < 1) {
      bool number = lua_type(L, key) == LUA_TNUMBER;
      return ebb_json_fail(e->error, outer, "a key that is a %s%s cannot be sent", luaL_typename(L, key),
                           number ? ", but no position from 1 on," : "");
    }
    ++*positions;
    if (lua_tointeger(L, key) > *last) *last = lua_tointeger(L, key);
    lua_pop(L, 1);
  }
  return 0;
}

// Adds the members that were null when the table was read and were not set since.
static int gather_nulls(struct encoder *e, level_t *outer, int table, int metatable) {
  lua_State *L = e->L;
  for (lua_Integer i = 1; lua_rawgeti(L, metatable, i) == LUA_TSTRING; i++) {
    if (!lua_checkstack(L, 8)) return ebb_json_fail(e->error, outer, "so many members cannot be sent");
    lua_pushvalue(L, -1);
    bool set = lua_rawget(L, table) != LUA_TNIL;
    lua_pop(L, 1);
    if (set) lua_pop(L, 1);
    else if (add_key(e, outer, lua_gettop(L), 0) != 0) return -1;
  }
  lua_pop(L, 1);
  return 0;
}

static int write_members(struct encoder *e, level_t *outer, size_t first) {
  struct ebb_json_level level = {.outer = outer};
  size_t count = e->count;
  ebb_sort_keys(NULL, e->keys + first, count - first);
  if (write(e, outer, "{", 1) != 0) return -1;
  for (size_t i = first; i < count; i++) {
    struct ebb_key key = e->keys[i];  // a copy: the array may move
    if (i > first && e->keys[i - 1].text == key.text) continue;
    level.key = key.text;
    level.size = key.size;
    if (i > first && write(e, outer, ",", 1) != 0) return -1;
    if (write_text(e, outer, key.text, key.size) != 0 || write(e, outer, ":", 1) != 0) return -1;
    int status = key.index == 0 ? write(e, &level, "null", 4) : write_value(e, &level, (int)key.index);
    if (status != 0) return -1;
  }
  return write(e, outer, "}", 1);
}

static int write_gathered(struct encoder *e, level_t *outer, int table, int metatable, bool is_array) {
  size_t first = e->count;
  lua_Integer positions, last;
  if (gather(e, outer, table, &positions, &last) != 0) return -1;
  bool names = e->count > first;
  if (positions > 0 && (names || metatable != 0)) {
    return ebb_json_fail(e->error, outer, "a table with both names and positions cannot be sent");
  }
  if (is_array && names) return ebb_json_fail(e->error, outer, "a list that has names cannot be sent");
  if (positions > 0) {
    if (positions != last) return ebb_json_fail(e->error, outer, "a list with holes cannot be sent");
    return write_list(e, outer, table, last);
  }
  if (metatable != 0 && gather_nulls(e, outer, table, metatable) != 0) return -1;
  return write_members(e, outer, first);
}

// MARK: - Tables

// Whether the slice of the script is over: a table that is shared often, or has long been emptied, is dear to walk through.
static bool is_late(lua_State *L) {
  ebb_context *context = ebb_ctx(L);
  return context->tick != 0 && ebb_thread_ticks() >= context->slice_end;
}

static int write_table(struct encoder *e, level_t *level, int table) {
  lua_State *L = e->L;
  if (e->depth == e->deepest) return ebb_json_fail(e->error, level, "a table nested deeper than %d cannot be sent", e->deepest);
  if (!lua_checkstack(L, 16)) return ebb_json_fail(e->error, level, "no memory is left to send this");
  if (is_late(L)) return ebb_json_fail(e->error, level, "this takes too long to send");
  int top = lua_gettop(L), nulls = 0;
  size_t first = e->count, size = e->out->size;
  bool is_array = false;
  e->depth++;
  if (lua_getmetatable(L, table)) {
    int metatable = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ebb_array_key);
    is_array = lua_rawequal(L, -1, metatable);
    if (lua_rawgetp(L, metatable, &ebb_null_mark) == LUA_TBOOLEAN) nulls = metatable;
    lua_settop(L, metatable);
  }
  int status = 0;
  if (is_array || (nulls == 0 && lua_rawlen(L, table) > 0)) status = write_sequence(e, level, table);
  if (status == 0) {
    e->out->size = size;
    status = write_gathered(e, level, table, nulls, is_array);
  }
  lua_settop(L, top);
  e->count = first;
  e->depth--;
  return status < 0 ? -1 : 0;
}

static int write_value(struct encoder *e, level_t *level, int index) {
  lua_State *L = e->L;
  switch (lua_type(L, index)) {
    case LUA_TNIL: return write(e, level, "null", 4);
    case LUA_TBOOLEAN: return lua_toboolean(L, index) ? write(e, level, "true", 4) : write(e, level, "false", 5);
    case LUA_TNUMBER: return write_number(e, level, index);
    case LUA_TSTRING: {
      size_t size;
      const char *text = lua_tolstring(L, index, &size);
      return write_text(e, level, text, size);
    }
    case LUA_TTABLE: return write_table(e, level, index);
    case LUA_TLIGHTUSERDATA:
      if (lua_touserdata(L, index) == NULL) return write(e, level, "null", 4);
      break;
    default: break;
  }
  return ebb_json_fail(e->error, level, "a %s cannot be sent", luaL_typename(L, index));
}

// MARK: - Entry points

static struct encoder start(lua_State *L, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error) {
  return (struct encoder){
      .L = L, .out = out, .begin = out->size, .limit = limits.bytes > 0 ? limits.bytes : LARGEST,
      .deepest = limits.depth, .error = error};
}

static int finish(struct encoder *e, int top, int status) {
  free(e->keys);
  lua_settop(e->L, top);
  if (status != 0) e->out->size = e->begin;
  return status;
}

int ebb_json_encode(lua_State *L, int index, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error) {
  struct encoder e = start(L, out, limits, error);
  int top = lua_gettop(L);
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 16)) return finish(&e, top, ebb_json_fail(error, NULL, "no memory is left to send this"));
  return finish(&e, top, write_value(&e, NULL, index));
}

int ebb_json_encode_list(
    lua_State *L, int first, int count, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error) {
  struct encoder e = start(L, out, limits, error);
  struct ebb_json_level level = {0};
  int top = lua_gettop(L);
  if (!lua_checkstack(L, 16)) return finish(&e, top, ebb_json_fail(error, NULL, "no memory is left to send this"));
  int status = write(&e, NULL, "[", 1);
  for (int i = 0; i < count && status == 0; i++) {
    level.index = (size_t)i;
    if (i > 0) status = write(&e, NULL, ",", 1);
    if (status == 0) status = write_value(&e, &level, first + i);
  }
  if (status == 0) status = write(&e, NULL, "]", 1);
  return finish(&e, top, status);
}
