// Calls from Lua into the host: the host answers with a status, and here it becomes values, an error or a wait.
#include <string.h>

#include "internal.h"
#include "json_text.h"

static const char host_table = 0;  // its address is the key in the registry

int ebb_push_reply(lua_State *L, const ebb_reply *reply) {
  switch (reply->kind) {
    case EBB_REPLY_VALUES: {
      luaL_checkstack(L, (int)reply->count + 4, "too many values from the host");
      size_t start = 0;
      for (size_t i = 0; i < reply->count; i++) {
        ebb_json_error error;
        if (ebb_json_push(L, reply->bytes + start, reply->ends[i] - start, EBB_DEPTH, &error) != 0) {
          luaL_error(L, "the host's answer cannot be read: %s (byte %d)", error.message, (int)error.offset);
        }
        start = reply->ends[i];
      }
      return (int)reply->count;
    }
    case EBB_REPLY_FUNCTION:
      lua_rawgeti(L, LUA_REGISTRYINDEX, reply->reference);
      return 1;
    case EBB_REPLY_RAISE: ebb_raise(L, reply->bytes, reply->count > 0 ? reply->ends[0] : 0);
    case EBB_REPLY_SUSPEND: break;
  }
  return luaL_error(L, "a host function that may not wait has tried to");
}

static int answered(lua_State *L, int status, lua_KContext extra) {
  (void)status;
  (void)extra;
  ebb_reply reply = ebb_ctx(L)->reply;
  lua_settop(L, 0);
  return ebb_push_reply(L, &reply);
}

// Upvalues: the number of the function, and whether it may wait.
static int call_host(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  bool waits = lua_toboolean(L, lua_upvalueindex(2));
  if (waits && !ebb_call_may_wait(L)) {
    return luaL_error(L, "this call has to wait, and cannot inside of a function that is called by one of Lua's own");
  }
  ebb_poll(L);
  ebb_reply reply = {.kind = EBB_REPLY_VALUES};
  ctx->in_host += 1;
  ctx->callbacks.call(ctx->callbacks.host, (int)lua_tointeger(L, lua_upvalueindex(1)), L, &reply);
  ctx->in_host -= 1;
  if (reply.kind == EBB_REPLY_SUSPEND && waits) {
    ctx->yield_kind = EBB_YIELD_HOST;
    return lua_yieldk(L, 0, 0, answered);
  }
  lua_settop(L, 0);
  return ebb_push_reply(L, &reply);
}

// __index of the table of host functions: they come into being when they are first named.
static int resolve(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  size_t size;
  const char *name = luaL_checklstring(L, 2, &size);
  bool waits = false;
  ctx->in_host += 1;  // the timer must not tear the script out of the host
  int number = ctx->callbacks.resolve(ctx->callbacks.host, name, size, &waits);
  ctx->in_host -= 1;
  if (number < 0) return luaL_error(L, "the host has no function '%s'", name);
  lua_pushinteger(L, number);
  lua_pushboolean(L, waits);
  lua_pushcclosure(L, call_host, 2);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, -2);
  lua_rawset(L, 1);
  return 1;
}

void ebb_push_host(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &host_table) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  ebb_set_json_functions(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, resolve);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &host_table);
}

// MARK: - What Swift asks during a call. Nothing below may raise.

int ebb_call_count(lua_State *L) { return lua_gettop(L); }

bool ebb_call_may_wait(lua_State *L) { return ebb_ctx(L)->blocked == 0 && lua_isyieldable(L); }

ebb_branch *ebb_call_branch(lua_State *L) { return ebb_ctx(L)->branch; }

bool ebb_call_position(lua_State *L, ebb_frame *frame) { return ebb_position(ebb_ctx(L), L, frame); }

bool ebb_call_error_position(lua_State *L, int argument, ebb_frame *frame) {
  return ebb_error_position(L, argument, frame);
}

bool ebb_call_arguments(lua_State *L, ebb_buffer *out, size_t limit, int depth, char message[192], char pointer[320]) {
  ebb_json_error error = {0};
  ebb_json_limits limits = {.depth = depth, .bytes = limit};
  if (ebb_json_encode_list(L, 1, lua_gettop(L), out, limits, &error) == 0) return true;
  memcpy(message, error.message, sizeof error.message);
  memcpy(pointer, error.pointer, sizeof error.pointer);
  return false;
}

static int anchor(lua_State *L) {
  lua_pushvalue(L, 2);
  *(int *)lua_touserdata(L, 1) = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

int ebb_call_function(lua_State *L, int argument) {
  if (!lua_isfunction(L, argument) || !lua_checkstack(L, 4)) return 0;
  int reference = 0;
  lua_pushcfunction(L, anchor);
  lua_pushlightuserdata(L, &reference);
  lua_pushvalue(L, argument);
  if (lua_pcall(L, 2, 0, 0) == LUA_OK) return reference;
  lua_pop(L, 1);
  return 0;
}
