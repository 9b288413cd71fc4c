// The base library, without what reaches outside of the state or catches errors.
#include <string.h>

#include "lib.h"

// MARK: - tostring

static const char ordinals_key = 0;

// Pushes the ordinal of the object at `index`: the first one that is asked for is 1. An object that is collected takes its ordinal
// along, so nothing depends on when that happens.
static void push_ordinal(lua_State *L, int index) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &ordinals_key) != LUA_TTABLE) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 1, 1);
    ebb_set_weak_keys(L);
    lua_pushinteger(L, 0);  // [1]: how many were given out
    lua_rawseti(L, -2, 1);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ordinals_key);
  }
  int ordinals = lua_gettop(L);
  lua_pushvalue(L, index);
  if (lua_rawget(L, ordinals) == LUA_TNIL) {
    lua_getmetatable(L, ordinals);
    lua_rawgeti(L, -1, 1);
    lua_Integer ordinal = lua_tointeger(L, -1) + 1;
    lua_pushinteger(L, ordinal);
    lua_rawseti(L, -3, 1);
    lua_pushvalue(L, index);
    lua_pushinteger(L, ordinal);
    lua_rawset(L, ordinals);
    lua_pushinteger(L, ordinal);
  }
  lua_replace(L, ordinals);
  lua_settop(L, ordinals);
}

void ebb_push_text(lua_State *L, int index) {
  index = lua_absindex(L, index);
  switch (lua_type(L, index)) {
    case LUA_TNIL: lua_pushliteral(L, "nil"); return;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); return;
    case LUA_TNUMBER: case LUA_TSTRING:
      lua_pushvalue(L, index);
      lua_tolstring(L, -1, NULL);
      return;
    case LUA_TLIGHTUSERDATA:
      lua_pushstring(L, lua_touserdata(L, index) == NULL ? "null" : "userdata");
      return;
    default: break;
  }
  const char *name = luaL_typename(L, index);
  int type = luaL_getmetafield(L, index, "__name");
  if (type == LUA_TSTRING) name = lua_tostring(L, -1);
  push_ordinal(L, index);
  lua_pushfstring(L, "%s: %I", name, (LUAI_UACINT)lua_tointeger(L, -1));
  lua_replace(L, type == LUA_TNIL ? -2 : -3);
  if (type != LUA_TNIL) lua_pop(L, 1);
}

static int finish_tostring(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
  lua_tolstring(L, -1, NULL);
  return 1;
}

static int base_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  if (luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 1, 0, finish_tostring);
    return finish_tostring(L, LUA_OK, 0);
  }
  ebb_push_text(L, 1);
  return 1;
}

// MARK: - ipairs

static int finish_ipairs(lua_State *L, int status, lua_KContext position) {
  (void)status;
  if (lua_isnil(L, -1)) return 1;
  lua_pushinteger(L, (lua_Integer)position);
  lua_insert(L, -2);
  return 2;
}

static int ipairs_step(lua_State *L) {
  lua_Integer position = (lua_Integer)((lua_Unsigned)luaL_checkinteger(L, 2) + 1);
  if (lua_type(L, 1) == LUA_TTABLE) {
    lua_pushinteger(L, position);
    if (lua_rawgeti(L, 1, position) != LUA_TNIL) return 2;
    if (luaL_getmetafield(L, 1, "__index") == LUA_TNIL) return 1;
  }
  ebb_push_slow(L, "index");
  lua_pushvalue(L, 1);
  lua_pushinteger(L, position);
  lua_callk(L, 2, 1, (lua_KContext)position, finish_ipairs);
  return finish_ipairs(L, LUA_OK, (lua_KContext)position);
}

static int base_ipairs(lua_State *L) {
  luaL_checkany(L, 1);
  if (lua_type(L, 1) != LUA_TTABLE && luaL_getmetafield(L, 1, "__index") == LUA_TNIL) return luaL_typeerror(L, 1, "table");
  lua_pushcfunction(L, ipairs_step);
  lua_pushvalue(L, 1);
  lua_pushinteger(L, 0);
  return 3;
}

// MARK: - setmetatable

static void refuse(lua_State *L, const char *field) {
  lua_pushstring(L, field);
  if (lua_rawget(L, 2) != LUA_TNIL) luaL_error(L, "a metatable with %s is not allowed here", field);
  lua_pop(L, 1);
}

static int base_setmetatable(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  int type = lua_type(L, 2);
  luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
  if (type == LUA_TTABLE) {
    refuse(L, "__gc");
    refuse(L, "__mode");
    // Lua 5.4.4 goes on with a stale pointer where such a metamethod makes the stack grow in the middle of a .. b .. c.
    refuse(L, "__concat");
  }
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

void ebb_open_base(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"ipairs", base_ipairs}, {"setmetatable", base_setmetatable}, {"tostring", base_tostring}, {NULL, NULL}};
  lua_pushglobaltable(L);
  ebb_set_stock(L, EBB_STOCK_BASE);
  luaL_setfuncs(L, functions, 0);
  ebb_open_pairs(L);
  lua_pushliteral(L, LUA_VERSION);
  lua_setfield(L, -2, "_VERSION");
  lua_pop(L, 1);
}
