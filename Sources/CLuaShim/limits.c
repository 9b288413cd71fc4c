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

// Tells the host which line of the merchant's comes next.
static void note_line(lua_State *L, ebb_context *ctx, lua_Debug *activation) {
  if (!lua_getinfo(L, "S", activation) || activation->currentline < 1 || ebb_is_host_source(activation->source)) return;
  const char *source = activation->source;
  ctx->in_host += 1;
  ctx->callbacks.line(ctx->callbacks.host, *source == '@' ? source + 1 : source, activation->currentline);
  ctx->in_host -= 1;
}

static void on_hook(lua_State *L, lua_Debug *activation);

static int line_mask(const ebb_context *ctx) { return ctx->covers ? LUA_MASKLINE : 0; }

// Between two looks at the time only what stands is left.
static void disarm(lua_State *L) {
  const ebb_context *ctx = ebb_ctx(L);
  int mask = line_mask(ctx) | (ctx->preempt_every != 0 ? LUA_MASKCOUNT : 0);
  lua_sethook(L, mask != 0 ? on_hook : NULL, mask, ctx->preempt_every);
}

// In a hook lua_yield returns, and takes effect when the hook does.
static void on_hook(lua_State *L, lua_Debug *activation) {
  ebb_context *ctx = ebb_ctx(L);
  if (activation->event == LUA_HOOKLINE) return note_line(L, ctx, activation);
  if (ctx->preempt_every == 0) disarm(L);
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

void ebb_arm(lua_State *L) { lua_sethook(L, on_hook, LUA_MASKCOUNT | line_mask(ebb_ctx(L)), 1); }

void ebb_arm_standing(lua_State *L) {
  const ebb_context *ctx = ebb_ctx(L);
  if (ctx->preempt_every != 0 || ctx->covers) disarm(L);
}
