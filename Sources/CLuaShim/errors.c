// pcall, xpcall, error and debug.traceback: the catching points, and what an error of the host's looks like.
#include <string.h>

#include "internal.h"

static const char error_metatable;  // its address is the key in the registry
static const char error_positions;  // ... of the table from error to the merchant's "file:line"

// MARK: - Positions

// The activation at this level, or the nearest one outside that is not the host's own.
void ebb_where(lua_State *L, int level) {
  lua_Debug activation;
  for (; lua_getstack(L, level, &activation); level++) {
    lua_getinfo(L, "Sl", &activation);
    if (ebb_is_host_source(activation.source)) continue;
    if (activation.currentline > 0) {
      lua_pushfstring(L, "%s:%d: ", activation.short_src, activation.currentline);
      return;
    }
    break;
  }
  lua_pushliteral(L, "");
}

// MARK: - Catching

// What Lua puts before an error of a chunk without debug information, as those of the host are.
static const char nowhere[] = "?:-1: ";

// A place in one of the host's own chunks says nothing to a merchant: "[ebb] pages:12: no such page" becomes "no such page".
static void drop_host_place(lua_State *L) {
  if (lua_type(L, -1) != LUA_TSTRING) return;
  const char *text = lua_tostring(L, -1);
  if (strncmp(text, nowhere, sizeof nowhere - 1) == 0) {
    lua_pushstring(L, text + sizeof nowhere - 1);
    lua_replace(L, -2);
    return;
  }
  if (strncmp(text, "[ebb]", 5) != 0) return;
  for (const char *colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':')) {
    size_t digits = strspn(colon + 1, "0123456789");
    if (digits == 0 || strncmp(colon + 1 + digits, ": ", 2) != 0) continue;
    lua_pushstring(L, colon + digits + 3);
    lua_replace(L, -2);
    return;
  }
}

static int finish_pcall(lua_State *L, int status, lua_KContext below) {
  if (status != LUA_OK && status != LUA_YIELD) {
    ebb_caught(L);
    drop_host_place(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
  }
  return lua_gettop(L) - (int)below;
}

static int base_pcall(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
  return finish_pcall(L, status, 0);
}

// Calls the script's handler, its upvalue. After a limit nothing of the script's may run: the error may come out of a hook, in which
// no other hook would stop a handler that loops.
static int handle(lua_State *L) {
  if (ebb_ctx(L)->killed != EBB_ALIVE) return 1;
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int base_xpcall(lua_State *L) {
  int arguments = lua_gettop(L) - 2;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, handle, 1);
  lua_replace(L, 2);
  lua_pushboolean(L, 1);
  lua_pushvalue(L, 1);
  lua_rotate(L, 3, 2);
  int status = lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_pcall);
  return finish_pcall(L, status, 2);
}

// MARK: - Raising

static int base_error(lua_State *L) {
  int level = (int)luaL_optinteger(L, 2, 1);
  lua_settop(L, 1);
  if (lua_type(L, 1) == LUA_TSTRING && level > 0) {
    ebb_where(L, level);
    lua_pushvalue(L, 1);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

// __tostring of the host's errors.
static int error_text(lua_State *L) {
  lua_settop(L, 1);
  if (!lua_istable(L, 1)) return luaL_error(L, "an error was expected");
  lua_pushliteral(L, "message");
  if (lua_rawget(L, 1) != LUA_TSTRING) lua_pushliteral(L, "error");
  return 1;
}

static void push_error_metatable(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 3);
  lua_pushcfunction(L, error_text);
  lua_setfield(L, -2, "__tostring");
  lua_pushliteral(L, "error");
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &error_metatable);
}

// The table of positions forgets errors that nobody holds any more.
static void push_positions(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &error_positions) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  ebb_set_weak_keys(L);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &error_positions);
}

void ebb_raise(lua_State *L, const char *json, size_t size) {
  ebb_json_error error;
  if (ebb_json_push(L, json, size, EBB_DEPTH, &error) != 0) luaL_error(L, "the host's error is no JSON: %s", error.message);
  if (!lua_istable(L, -1)) luaL_error(L, "the host's error is no object");
  push_error_metatable(L);
  lua_setmetatable(L, -2);
  ebb_frame frame;
  if (ebb_position(ebb_ctx(L), L, &frame)) {
    push_positions(L);
    lua_pushvalue(L, -2);
    lua_pushlstring(L, (const char *)&frame, sizeof frame);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  lua_error(L);
  __builtin_unreachable();
}

bool ebb_is_host_error(lua_State *L, int index) {
  if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &error_metatable);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

bool ebb_error_position(lua_State *L, int index, ebb_frame *frame) {
  if (!lua_istable(L, index)) return false;
  index = lua_absindex(L, index);
  bool known = false;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &error_positions) == LUA_TTABLE) {
    lua_pushvalue(L, index);
    known = lua_rawget(L, -2) == LUA_TSTRING;
    if (known) memcpy(frame, lua_tostring(L, -1), sizeof *frame);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return known;
}

// MARK: - debug.traceback

static void add_frames(luaL_Buffer *buffer, const ebb_trace *trace, int first) {
  for (int i = first; i < trace->count; i++) {
    const ebb_frame *frame = &trace->frames[i];
    if (i == EBB_TRACE_FRAMES / 2 && trace->skipped > 0) {
      lua_pushfstring(buffer->L, "\n\t... (%d more)", trace->skipped);
      luaL_addvalue(buffer);
    }
    lua_pushfstring(buffer->L, *frame->function == 0 ? "\n\t%s:%d:" : "\n\t%s:%d: in %s", frame->source, frame->line, frame->function);
    luaL_addvalue(buffer);
  }
}

// traceback([thread,] [message [, level]]), with the merchant's frames alone.
static int traceback(lua_State *L) {
  lua_State *of = lua_isthread(L, 1) ? lua_tothread(L, 1) : L;
  int at = of == L && !lua_isthread(L, 1) ? 1 : 2;
  if (!lua_isnoneornil(L, at) && !lua_isstring(L, at)) {
    lua_pushvalue(L, at);
    return 1;
  }
  int level = (int)luaL_optinteger(L, at + 1, of == L ? 1 : 0);
  ebb_context *ctx = ebb_ctx(L);
  ebb_trace_capture(ctx, of, level < 0 ? 0 : level, &ctx->traceback);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  if (lua_isstring(L, at)) {
    lua_pushvalue(L, at);
    luaL_addvalue(&buffer);
    luaL_addchar(&buffer, '\n');
  }
  luaL_addstring(&buffer, "stack traceback:");
  add_frames(&buffer, &ctx->traceback, 0);
  luaL_pushresult(&buffer);
  return 1;
}

void ebb_open_errors(lua_State *L) {
  lua_register(L, "pcall", base_pcall);
  lua_register(L, "xpcall", base_xpcall);
  lua_register(L, "error", base_error);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, traceback);
  lua_setfield(L, -2, "traceback");
  lua_setglobal(L, "debug");
}
