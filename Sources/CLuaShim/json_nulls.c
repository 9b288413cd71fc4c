// Which members of an object were null: Lua's tables cannot hold them, and they are to be written again.
#include "json_decoder.h"

// How many sets of null members are remembered.
enum { SHAPES = 256 };

static const char null_shapes = 0;  // its address is the key in the registry

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

void ebb_json_remember_nulls(lua_State *L, int table) {
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
