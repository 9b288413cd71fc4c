// What chunks of the host's own get to work with JSON values: null, and the mark that tells an empty list from an empty table.
#include "json_text.h"

static int array(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
  ebb_push_array_metatable(L);
  lua_setmetatable(L, 1);
  return 1;
}

static int is_array(lua_State *L) {
  luaL_checkany(L, 1);
  bool marked = lua_type(L, 1) == LUA_TTABLE && lua_getmetatable(L, 1);
  if (marked) ebb_push_array_metatable(L);
  lua_pushboolean(L, marked && lua_rawequal(L, -1, -2));
  return 1;
}

static int decode(lua_State *L) {
  size_t size;
  const char *text = luaL_checklstring(L, 1, &size);
  ebb_json_error error = {0};
  lua_settop(L, 1);
  if (ebb_json_push(L, text, size, EBB_DEPTH, &error) == 0) return 1;
  if (error.pointer[0] == 0) return luaL_error(L, "%s at byte %d", error.message, (int)error.offset);
  return luaL_error(L, "%s at %s (byte %d)", error.message, error.pointer, (int)error.offset);
}

static int encode(lua_State *L) {
  ebb_context *context = ebb_ctx(L);
  ebb_buffer *buffer = &context->value;
  ebb_json_error error = {0};
  luaL_checkany(L, 1);
  buffer->size = 0;
  context->in_host += 1;  // memory of malloc's is in the making
  int status = ebb_json_encode(L, 1, buffer, (ebb_json_limits){.depth = EBB_DEPTH}, &error);
  context->in_host -= 1;
  if (status == 0) {
    lua_pushlstring(L, buffer->data, buffer->size);
    return 1;
  }
  if (error.pointer[0] == 0) return luaL_error(L, "%s", error.message);
  return luaL_error(L, "%s (at %s)", error.message, error.pointer);
}

void ebb_set_json_functions(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"array", array}, {"is_array", is_array}, {"decode", decode}, {"encode", encode}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  lua_pushlightuserdata(L, NULL);
  lua_setfield(L, -2, "null");
}
