// The coroutine library, in which a yield knows whom it is for: coroutine.yield ends at the nearest resume, a wait for the host and a
// limit pass through every one. The interface is that of Lua's own.
#include "internal.h"

// MARK: - Coroutines that wait for the host

// The low bit of the extra space marks a coroutine below which a host function waits: it is suspended for Lua, but nobody
// else may resume it.
static uintptr_t *extra(lua_State *co) { return (uintptr_t *)lua_getextraspace(co); }
static bool is_waiting(lua_State *co) { return (*extra(co) & 1) != 0; }
static void set_waiting(lua_State *co, bool waiting) {
  *extra(co) = (*extra(co) & ~(uintptr_t)1) | (waiting ? 1 : 0);
}

static lua_State *checked(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  luaL_argexpected(L, co, 1, "coroutine");
  return co;
}

// MARK: - Resuming

// coroutine.resume returns what happened; coroutine.wrap raises what failed.
typedef enum : int { STYLE_RESUME = 0, STYLE_WRAP = 1 } style;

static int fail(lua_State *L, style style) {  // the error is on top
  if (style == STYLE_WRAP) return lua_error(L);
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

static int fail_with(lua_State *L, style style, const char *message) {
  lua_pushstring(L, message);
  return fail(L, style);
}

// Runs the pending __close handlers of a coroutine that failed or is being closed. They run in `co`, on this C stack.
static int close_pending(lua_State *L, lua_State *co) {
  enum { DEEPEST = 8 };  // each level has a C stack of its own in Lua 5.4.4's books
  ebb_context *ctx = ebb_ctx(L);
  if (ctx->closing >= DEEPEST) luaL_error(L, "too many coroutines being closed inside of one another");
  ebb_link link = {.thread = co, .outer = ctx->running};
  ctx->closing += 1;
  ctx->running = &link;
  int status = lua_resetthread(co);
  ctx->running = link.outer;
  ctx->closing -= 1;
  ebb_caught(L);
  return status;
}

// One that was not resumed at all, because it runs, waits for another or has ended, only hands over why: it must not be closed.
static int failed(lua_State *L, lua_State *co, style style) {
  if (style == STYLE_WRAP && lua_status(co) > LUA_YIELD) {
    ebb_trace_leave(L, co, -1);
    lua_pushvalue(co, -1);
    lua_xmove(co, L, 1);
    if (close_pending(L, co) != LUA_OK && lua_gettop(co) > 0) {
      lua_pop(L, 1);
      lua_xmove(co, L, 1);
    }
  } else {
    lua_xmove(co, L, 1);
  }
  return fail(L, style);
}

static int run(lua_State *L, lua_State *co, int arguments, style style);

static int run_again(lua_State *L, int status, lua_KContext style_value) {
  (void)status;
  style style = (int)style_value;
  lua_State *co = lua_tothread(L, style == STYLE_WRAP ? lua_upvalueindex(1) : 1);
  set_waiting(co, false);
  return run(L, co, 0, style);
}

static int run(lua_State *L, lua_State *co, int arguments, style style) {
  ebb_context *ctx = ebb_ctx(L);
  ebb_link link = {.thread = co, .outer = ctx->running};
  int blocked = lua_isyieldable(L) ? 0 : 1;
  int results = 0;
  ebb_arm_standing(co);
  ctx->blocked += blocked;
  ctx->running = &link;
  int status = lua_resume(co, L, arguments, &results);
  ctx->running = link.outer;
  ctx->blocked -= blocked;
  ebb_caught(L);
  if (status == LUA_YIELD && ctx->yield_kind != EBB_YIELD_SCRIPT) {
    set_waiting(co, true);
    return lua_yieldk(L, 0, style, run_again);  // possible: who waits has looked at `blocked`
  }
  if (status != LUA_OK && status != LUA_YIELD) return failed(L, co, style);
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    return fail_with(L, style, "too many results to resume");
  }
  if (style == STYLE_RESUME) lua_pushboolean(L, 1);
  lua_xmove(co, L, results);
  ebb_poll(L);
  return results + (style == STYLE_RESUME ? 1 : 0);
}

static int begin(lua_State *L, lua_State *co, int arguments, style style) {
  ebb_poll(L);
  if (is_waiting(co)) return fail_with(L, style, "cannot resume non-suspended coroutine");
  if (!lua_checkstack(co, arguments + 1)) return fail_with(L, style, "too many arguments to resume");
  lua_xmove(L, co, arguments);
  return run(L, co, arguments, style);
}

static int co_resume(lua_State *L) {
  lua_State *co = checked(L);
  return begin(L, co, lua_gettop(L) - 1, STYLE_RESUME);
}

static int call_wrapped(lua_State *L) {
  return begin(L, lua_tothread(L, lua_upvalueindex(1)), lua_gettop(L), STYLE_WRAP);
}

// MARK: - The rest

static int co_create(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  ebb_poll(L);
  return 1;
}

static int co_wrap(lua_State *L) {
  co_create(L);
  lua_pushcclosure(L, call_wrapped, 1);
  return 1;
}

static int co_yield(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  if (L == ctx->branch->thread) return luaL_error(L, "attempt to yield from outside a coroutine");
  ctx->yield_kind = EBB_YIELD_SCRIPT;
  return lua_yield(L, lua_gettop(L));
}

typedef enum : int { STATUS_RUNNING, STATUS_NORMAL, STATUS_SUSPENDED, STATUS_DEAD } co_state;
static const char *const state_names[] = {"running", "normal", "suspended", "dead"};

static co_state state_of(lua_State *L, lua_State *co) {
  if (L == co) return STATUS_RUNNING;
  if (is_waiting(co)) return STATUS_NORMAL;
  switch (lua_status(co)) {
    case LUA_YIELD: return STATUS_SUSPENDED;
    case LUA_OK: {
      lua_Debug activation;
      if (lua_getstack(co, 0, &activation)) return STATUS_NORMAL;
      return lua_gettop(co) == 0 ? STATUS_DEAD : STATUS_SUSPENDED;
    }
    default: return STATUS_DEAD;
  }
}

static int co_status(lua_State *L) {
  lua_pushstring(L, state_names[state_of(L, checked(L))]);
  return 1;
}

static int co_isyieldable(lua_State *L) {
  lua_State *co = lua_isnone(L, 1) ? L : checked(L);
  lua_pushboolean(L, co != ebb_ctx(L)->branch->thread && lua_isyieldable(co));
  return 1;
}

static int co_running(lua_State *L) {
  lua_pushthread(L);
  lua_pushboolean(L, L == ebb_ctx(L)->branch->thread);
  return 2;
}

static int co_close(lua_State *L) {
  lua_State *co = checked(L);
  co_state state = state_of(L, co);
  if (state != STATUS_DEAD && state != STATUS_SUSPENDED) {
    return luaL_error(L, "cannot close a %s coroutine", state_names[state]);
  }
  if (close_pending(L, co) == LUA_OK) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushboolean(L, 0);
  lua_xmove(co, L, 1);
  return 2;
}

void ebb_open_coroutine(lua_State *L) {
  static const luaL_Reg functions[] = {
    {"close", co_close}, {"create", co_create},   {"isyieldable", co_isyieldable}, {"resume", co_resume},
    {"running", co_running}, {"status", co_status}, {"wrap", co_wrap},               {"yield", co_yield},
    {NULL, NULL},
  };
  luaL_newlib(L, functions);
  lua_setglobal(L, "coroutine");
}
