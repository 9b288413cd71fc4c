// What ends a run: the hook that the timer arms, and the way out from under whatever the script has put around itself.
#include "internal.h"

static void mark(lua_State *L, ebb_context *ctx, ebb_killed reason) {
  if (ctx->killed != EBB_ALIVE) return;
  ctx->killed = reason;
  ebb_trace_capture(ctx, L, 0, &ctx->kill_trace);
}

// Raises; every further instruction of this coroutine (a handler, a __close) raises again.
static _Noreturn void raise_again(lua_State *L) {
  ebb_arm(L);
  lua_pushliteral(L, "limit");
  lua_error(L);
  __builtin_unreachable();
}

_Noreturn void ebb_kill(lua_State *L, ebb_killed reason) {
  ebb_context *ctx = ebb_ctx(L);
  mark(L, ctx, reason);
  if (!lua_isyieldable(L)) raise_again(L);
  ctx->yield_kind = EBB_YIELD_KILL;
  lua_yield(L, 0);
  __builtin_unreachable();
}

static bool slice_is_over(ebb_context *ctx) {
  return ctx->killed != EBB_ALIVE || (ctx->in_host == 0 && ebb_thread_ticks() >= ctx->slice_end);
}

void ebb_interrupt(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  ctx->tick = 0;
  if (slice_is_over(ctx)) ebb_kill(L, EBB_KILLED_TIME);
}

// In a hook lua_yield returns, and takes effect when the hook does.
static void on_hook(lua_State *L, lua_Debug *activation) {
  (void)activation;
  ebb_context *ctx = ebb_ctx(L);
  if (ctx->preempt_every == 0) lua_sethook(L, NULL, 0, 0);
  ctx->tick = 0;
  if (slice_is_over(ctx)) {
    mark(L, ctx, EBB_KILLED_TIME);
    if (!lua_isyieldable(L)) raise_again(L);
    ctx->yield_kind = EBB_YIELD_KILL;
    lua_yield(L, 0);
  } else if (ctx->preempt_every != 0 && ctx->blocked == 0 && lua_isyieldable(L)) {
    ctx->yield_kind = EBB_YIELD_PREEMPT;
    lua_yield(L, 0);
  }
}

void ebb_arm(lua_State *L) { lua_sethook(L, on_hook, LUA_MASKCOUNT, 1); }

void ebb_arm_preemption(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  if (ctx->preempt_every != 0) lua_sethook(L, on_hook, LUA_MASKCOUNT, ctx->preempt_every);
}
