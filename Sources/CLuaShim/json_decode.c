// JSON text to Lua values: arrays, objects and what they nest.
#include <string.h>

#include "json_decoder.h"

// How many members or elements wait on Lua's stack before their table is made: small tables are made in their exact size.
enum { BATCH = 64 };

static inline void skip_space(struct ebb_json_decoder *d) {
  while (d->p < d->end && (*d->p == ' ' || *d->p == '\n' || *d->p == '\r' || *d->p == '\t')) d->p++;
}

static int push_value(struct ebb_json_decoder *d, const struct ebb_json_level *level);

// Goes behind an element: 1 where another follows, 0 at the end, -1 on an error.
static int next_element(struct ebb_json_decoder *d, const struct ebb_json_level *level, char close, const char *expected) {
  skip_space(d);
  char c = ebb_json_peek(d);
  if (c != ',' && c != close) return ebb_json_refuse(d, level, d->p == d->end ? "unexpected end" : expected);
  d->p++;
  return c == ',';
}

static int enter(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
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

static int push_array(struct ebb_json_decoder *d, const struct ebb_json_level *outer) {
  lua_State *L = d->L;
  struct ebb_json_level level = {.outer = outer};
  if (enter(d, outer) != 0) return -1;
  lua_pushnil(L);
  int table = lua_gettop(L);
  size_t stored = 0;
  int more = ebb_json_peek(d) != ']';
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

static int push_member(struct ebb_json_decoder *d, const struct ebb_json_level *outer, struct ebb_json_level *level) {
  skip_space(d);
  if (ebb_json_peek(d) != '"') return ebb_json_refuse(d, outer, "expected a key in quotes");
  if (ebb_json_push_string(d, outer) != 0) return -1;
  level->key = lua_tolstring(d->L, -1, &level->size);
  skip_space(d);
  if (ebb_json_peek(d) != ':') return ebb_json_refuse(d, outer, "expected ':'");
  d->p++;
  return push_value(d, level);
}

static int push_object(struct ebb_json_decoder *d, const struct ebb_json_level *outer) {
  lua_State *L = d->L;
  struct ebb_json_level level = {.outer = outer};
  if (enter(d, outer) != 0) return -1;
  lua_pushnil(L);
  lua_pushnil(L);
  int table = lua_gettop(L) - 1;
  int waiting = 0, more = ebb_json_peek(d) != '}';
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
  if (!lua_isnil(L, table + 1)) ebb_json_remember_nulls(L, table);
  lua_settop(L, table);
  d->depth--;
  return 0;
}

static int push_word(struct ebb_json_decoder *d, const struct ebb_json_level *level, const char *word, size_t size) {
  if ((size_t)(d->end - d->p) < size) return ebb_json_refuse(d, level, "unexpected end");
  if (memcmp(d->p, word, size) != 0) return ebb_json_refuse(d, level, "unexpected character");
  d->p += size;
  if (*word == 'n') lua_pushlightuserdata(d->L, NULL);
  else lua_pushboolean(d->L, *word == 't');
  return 0;
}

static int push_value(struct ebb_json_decoder *d, const struct ebb_json_level *level) {
  skip_space(d);
  if (d->p == d->end) return ebb_json_refuse(d, level, "unexpected end");
  switch (*d->p) {
    case '{': return push_object(d, level);
    case '[': return push_array(d, level);
    case '"': return ebb_json_push_string(d, level);
    case 't': return push_word(d, level, "true", 4);
    case 'f': return push_word(d, level, "false", 5);
    case 'n': return push_word(d, level, "null", 4);
    default: return ebb_json_push_number(d, level);
  }
}

int ebb_json_push(lua_State *L, const char *text, size_t size, int depth, ebb_json_error *error) {
  struct ebb_json_decoder d = {.L = L, .text = text, .p = text, .end = text + size, .deepest = depth, .error = error};
  int top = lua_gettop(L);
  luaL_checkstack(L, 8, "too deep");
  int status = push_value(&d, NULL);
  skip_space(&d);
  if (status == 0 && d.p < d.end) status = ebb_json_refuse(&d, NULL, "unexpected text after the value");
  if (status != 0) lua_settop(L, top);
  return status;
}
