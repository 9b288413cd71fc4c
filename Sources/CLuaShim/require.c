// require: asks the host for the source of a module, runs it once, and keeps what it returned.
#include <string.h>

#include "internal.h"

static const char loaded_modules = 0;  // its address is the key in the registry; a module that is being loaded holds its branch

static void push_loaded(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_modules) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_modules);
}

static void keep(lua_State *L, const char *name) {  // what is on top, which is popped
  push_loaded(L);
  lua_insert(L, -2);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

// The frames of a module that failed, before they are gone.
static int note_frames(lua_State *L) {
  ebb_trace_leave(L, L, 1);
  return 1;
}

// Stack: name, handler, and the results or the error.
static int finish(lua_State *L, int status, lua_KContext extra) {
  (void)extra;
  const char *name = lua_tostring(L, 1);
  if (status != LUA_OK && status != LUA_YIELD) {
    ebb_caught(L);
    lua_pushnil(L);
    keep(L, name);
    return lua_error(L);
  }
  if (lua_isnil(L, -1)) lua_pushboolean(L, 1);
  lua_pushvalue(L, -1);
  keep(L, name);
  return 1;
}

static int being_loaded(lua_State *L, const char *name) {
  if (lua_touserdata(L, -1) == (void *)ebb_ctx(L)->branch) {
    return luaL_error(L, "module '%s' requires itself, directly or through another module", name);
  }
  return luaL_error(L, "module '%s' is still being loaded by another branch of the run", name);
}

static int require(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  size_t size;
  const char *name = luaL_checklstring(L, 1, &size);
  luaL_argcheck(L, strlen(name) == size && size <= 200, 1, "no name of a module");
  lua_settop(L, 1);
  push_loaded(L);
  int type = lua_getfield(L, -1, name);
  if (type == LUA_TLIGHTUSERDATA && lua_touserdata(L, -1) != NULL) return being_loaded(L, name);
  if (type != LUA_TNIL) return 1;

  ebb_module module = {0};
  ctx->in_host += 1;
  ctx->callbacks.module(ctx->callbacks.host, name, size, &module);
  ctx->in_host -= 1;
  if (module.reference == 0) {
    lua_pushlstring(L, module.message, module.size);
    return lua_error(L);
  }
  lua_settop(L, 1);
  lua_pushcfunction(L, note_frames);
  lua_rawgeti(L, LUA_REGISTRYINDEX, module.reference);
  luaL_unref(L, LUA_REGISTRYINDEX, module.reference);
  lua_pushlightuserdata(L, ctx->branch);
  keep(L, name);
  int arguments = 1;
  if (module.host) {
    ebb_push_host(L);
    arguments = 2;
  }
  lua_pushvalue(L, 1);
  int status = lua_pcallk(L, arguments, 1, 2, 0, finish);
  return finish(L, status, 0);
}

void ebb_open_require(lua_State *L) { lua_register(L, "require", require); }
