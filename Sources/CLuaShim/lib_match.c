// string.find, match and gmatch.
#define _GNU_SOURCE  // memmem

#include <string.h>

#include "lib.h"

void ebb_prepare_pattern(
    lua_State *L, struct ebb_pattern *pattern, struct ebb_pattern_node few[EBB_PATTERN_NODES], const char *text, size_t size) {
  size_t subject_size;
  struct ebb_pattern_node *nodes = few;
  pattern->L = L;
  pattern->subject = lua_tolstring(L, 1, &subject_size);
  pattern->subject_end = pattern->subject + subject_size;
  if (size >= EBB_PATTERN_NODES) {  // a pattern has at most one node more than it has bytes
    size_t count = ebb_pattern_measure(text, size);
    if (count > EBB_PATTERN_NODES) nodes = lua_newuserdatauv(L, count * sizeof *nodes, 0);
  }
  ebb_pattern_compile(pattern, nodes, text, size);
}

// The zero-based offset that an `init` argument means in a string of that size; it may lie behind the end.
static size_t start_offset(lua_State *L, int index, size_t size) {
  lua_Integer init = luaL_optinteger(L, index, 1);
  if (init > 0) return (size_t)init - 1;
  if (init == 0 || init < -(lua_Integer)size) return 0;
  return size - (size_t)-init;
}

static int find_plain(lua_State *L, const char *subject, size_t size, size_t from, const char *text, size_t text_size) {
  const char *found = memmem(subject + from, size - from, text, text_size);
  if (found == NULL) {
    lua_pushnil(L);
    return 1;
  }
  lua_pushinteger(L, found - subject + 1);
  lua_pushinteger(L, found - subject + (lua_Integer)text_size);
  return 2;
}

static bool has_specials(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (memchr("^$*+?.([%-", text[i], 10) != NULL) return true;
  }
  return false;
}

static int search(lua_State *L, bool find) {
  size_t size, pattern_size;
  const char *subject = luaL_checklstring(L, 1, &size), *text = luaL_checklstring(L, 2, &pattern_size);
  size_t from = start_offset(L, 3, size);
  if (from > size) {
    lua_pushnil(L);
    return 1;
  }
  if (find && (lua_toboolean(L, 4) || !has_specials(text, pattern_size))) {
    return find_plain(L, subject, size, from, text, pattern_size);
  }
  struct ebb_pattern pattern;
  struct ebb_pattern_node few[EBB_PATTERN_NODES];
  bool anchored = pattern_size > 0 && *text == '^';
  ebb_prepare_pattern(L, &pattern, few, text + anchored, pattern_size - anchored);
  const char *begin = subject + from;
  const char *end = anchored ? ebb_pattern_match(&pattern, begin) : ebb_pattern_search(&pattern, &begin);
  if (end == NULL) {
    lua_pushnil(L);
    return 1;
  }
  if (!find) return ebb_pattern_push_all(&pattern, begin, end);
  lua_pushinteger(L, begin - subject + 1);
  lua_pushinteger(L, end - subject);
  return 2 + ebb_pattern_push_all(&pattern, NULL, end);
}

static int string_find(lua_State *L) { return search(L, true); }
static int string_match(lua_State *L) { return search(L, false); }

// MARK: - gmatch

struct iteration {
  const char *from, *last_end;  // where the next search begins; where the last match ended
  struct ebb_pattern pattern;
  struct ebb_pattern_node nodes[];
};

static int gmatch_step(lua_State *L) {
  struct iteration *iteration = lua_touserdata(L, lua_upvalueindex(3));
  struct ebb_pattern *pattern = &iteration->pattern;
  pattern->L = L;
  for (const char *begin = iteration->from; begin <= pattern->subject_end; begin++) {
    const char *end = ebb_pattern_search(pattern, &begin);
    if (end == NULL) break;
    if (end == iteration->last_end) continue;
    iteration->from = iteration->last_end = end;
    return ebb_pattern_push_all(pattern, begin, end);
  }
  iteration->from = pattern->subject_end + 1;
  return 0;
}

static int string_gmatch(lua_State *L) {
  size_t size, pattern_size;
  const char *subject = luaL_checklstring(L, 1, &size), *text = luaL_checklstring(L, 2, &pattern_size);
  size_t from = start_offset(L, 3, size);
  lua_settop(L, 2);
  size_t count = ebb_pattern_measure(text, pattern_size);
  struct iteration *iteration = lua_newuserdatauv(L, sizeof *iteration + count * sizeof iteration->nodes[0], 0);
  *iteration = (struct iteration){.from = from > size ? subject + size + 1 : subject + from};
  iteration->pattern.subject = subject;
  iteration->pattern.subject_end = subject + size;
  ebb_pattern_compile(&iteration->pattern, iteration->nodes, text, pattern_size);
  lua_pushcclosure(L, gmatch_step, 3);
  return 1;
}

void ebb_open_match(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"find", string_find}, {"gmatch", string_gmatch}, {"match", string_match}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
