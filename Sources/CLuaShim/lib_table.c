// The table library. Tables without __index, __newindex and __len are worked on in place; others by the slow paths.
#include <limits.h>

#include "lib.h"

static bool is_plain(lua_State *L, int index) {
  luaL_checktype(L, index, LUA_TTABLE);
  return !ebb_has_access_metamethod(L, index);
}

static void copy_entry(lua_State *L, int from, lua_Integer source, int to, lua_Integer target) {
  lua_rawgeti(L, from, source);
  lua_rawseti(L, to, target);
}

static int table_insert(lua_State *L) {
  bool plain = is_plain(L, 1);
  int count = lua_gettop(L);
  if (count != 2 && count != 3) return luaL_error(L, "wrong number of arguments to 'insert'");
  lua_Integer position = count == 3 ? luaL_checkinteger(L, 2) : 0;
  if (count == 3) {  // as an integer, also where it came as text
    lua_pushinteger(L, position);
    lua_replace(L, 2);
  }
  if (!plain) return ebb_call_slow(L, count == 2 ? "append" : "insert");
  lua_Integer last = (lua_Integer)((lua_Unsigned)lua_rawlen(L, 1) + 1);
  if (count == 2) {
    lua_rawseti(L, 1, last);
    return 0;
  }
  luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)last, 2, "position out of bounds");
  size_t work = 0;
  for (lua_Integer i = last; i > position; i--) {
    copy_entry(L, 1, i - 1, 1, i);
    ebb_spend(L, &work, 1);
  }
  lua_rawseti(L, 1, position);
  return 0;
}

static int table_remove(lua_State *L) {
  bool plain = is_plain(L, 1);
  bool given = !lua_isnone(L, 2);
  lua_Integer position = 0;
  if (!lua_isnoneornil(L, 2)) {
    position = luaL_checkinteger(L, 2);
    lua_pushinteger(L, position);
    lua_replace(L, 2);
  } else {
    given = false;
  }
  lua_settop(L, 2);
  if (!plain) return ebb_call_slow(L, "remove");
  lua_Integer last = (lua_Integer)lua_rawlen(L, 1);
  if (!given) position = last;
  if (position != last) {
    luaL_argcheck(L, (lua_Unsigned)position - 1u <= (lua_Unsigned)last, 2, "position out of bounds");
  }
  size_t work = 0;
  lua_rawgeti(L, 1, position);
  for (; position < last; position++) {
    copy_entry(L, 1, position + 1, 1, position);
    ebb_spend(L, &work, 1);
  }
  lua_pushnil(L);
  lua_rawseti(L, 1, position);
  return 1;
}

static int table_move(lua_State *L) {
  int into = lua_isnoneornil(L, 5) ? 1 : 5;
  bool plain = is_plain(L, 1) && is_plain(L, into);
  lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
  lua_settop(L, 5);
  if (into == 1) {
    lua_pushvalue(L, 1);
    lua_replace(L, 5);
  }
  if (last < first) return 1;
  luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
  lua_Integer count = last - first + 1;
  luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
  if (!plain) return ebb_call_slow(L, "move");
  size_t work = 0;
  bool forward = to > last || to <= first || !lua_rawequal(L, 1, 5);
  for (lua_Integer i = 0; i < count; i++) {
    lua_Integer offset = forward ? i : count - 1 - i;
    copy_entry(L, 1, first + offset, 5, to + offset);
    ebb_spend(L, &work, 1);
  }
  lua_settop(L, 5);
  return 1;
}

static void add_element(lua_State *L, luaL_Buffer *buffer, lua_Integer index) {
  lua_rawgeti(L, 1, index);
  if (!lua_isstring(L, -1)) {
    luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)index);
  }
  luaL_addvalue(buffer);
}

int ebb_table_concat(lua_State *L) {
  bool plain = is_plain(L, 1);
  size_t size;
  const char *separator = luaL_optlstring(L, 2, "", &size);
  lua_Integer index = luaL_optinteger(L, 3, 1), last = 0;
  bool given = !lua_isnoneornil(L, 4);
  if (given) last = luaL_checkinteger(L, 4);
  lua_settop(L, 4);
  if (!plain) {
    lua_pushlstring(L, separator, size);
    lua_replace(L, 2);
    lua_pushinteger(L, index);
    lua_replace(L, 3);
    if (given) {
      lua_pushinteger(L, last);
      lua_replace(L, 4);
    }
    return ebb_call_slow(L, "concat");
  }
  if (!given) last = (lua_Integer)lua_rawlen(L, 1);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  size_t work = 0;
  for (; index < last; index++) {
    add_element(L, &buffer, index);
    luaL_addlstring(&buffer, separator, size);
    ebb_spend(L, &work, 1);
  }
  if (index == last) add_element(L, &buffer, index);
  luaL_pushresult(&buffer);
  return 1;
}

int ebb_table_unpack(lua_State *L) {
  lua_Integer first = luaL_optinteger(L, 2, 1), last = 0;
  bool given = !lua_isnoneornil(L, 3);
  if (given) last = luaL_checkinteger(L, 3);
  lua_settop(L, 3);
  if (!is_plain(L, 1)) {
    lua_pushinteger(L, first);
    lua_replace(L, 2);
    if (given) {
      lua_pushinteger(L, last);
      lua_replace(L, 3);
    }
    return ebb_call_slow(L, "unpack");
  }
  if (!given) last = (lua_Integer)lua_rawlen(L, 1);
  if (first > last) return 0;
  lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
  if (count >= INT_MAX || !lua_checkstack(L, (int)++count)) return luaL_error(L, "too many results to unpack");
  size_t work = 0;
  for (lua_Unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, 1, first + (lua_Integer)i);
    ebb_spend(L, &work, 1);
  }
  return (int)count;
}

void ebb_open_table(lua_State *L) {
  static const luaL_Reg functions[] = {{"concat", ebb_table_concat}, {"insert", table_insert}, {"move", table_move},
                                       {"remove", table_remove},     {"sort", ebb_table_sort}, {"unpack", ebb_table_unpack},
                                       {NULL, NULL}};
  lua_createtable(L, 0, 7);
  ebb_set_stock(L, EBB_STOCK_TABLE);
  luaL_setfuncs(L, functions, 0);
  lua_setglobal(L, LUA_TABLIBNAME);
}
