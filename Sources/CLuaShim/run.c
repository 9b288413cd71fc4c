// Runs: branches are coroutines that the host starts and resumes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// MARK: - Branches

static int returned(lua_State *L, int status, lua_KContext extra) {
  (void)status;
  (void)extra;
  return lua_gettop(L);
}

// The body of every branch: calls its first upvalue with what the host gave to start with.
static int branch_body(lua_State *L) {
  ebb_reply reply = ebb_ctx(L)->reply;
  lua_settop(L, 0);
  lua_pushvalue(L, lua_upvalueindex(1));
  int arguments = 0;
  if (lua_toboolean(L, lua_upvalueindex(2))) {
    ebb_push_host(L);
    arguments = 1;
  }
  arguments += ebb_push_reply(L, &reply);
  lua_callk(L, arguments, LUA_MULTRET, 0, returned);
  return lua_gettop(L);
}

typedef struct {
  ebb_branch *branch;
  int reference;
  bool host;
} starting;

static int start_body(lua_State *L) {
  starting *it = lua_touserdata(L, 1);
  it->branch->thread = lua_newthread(L);
  lua_rawgeti(it->branch->thread, LUA_REGISTRYINDEX, it->reference);
  lua_pushboolean(it->branch->thread, it->host);
  lua_pushcclosure(it->branch->thread, branch_body, 2);
  it->branch->anchor = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_rawgeti(L, LUA_REGISTRYINDEX, it->reference);
  it->branch->body = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

ebb_branch *ebb_branch_new(ebb_context *ctx, int reference, bool host, uint64_t seed) {
  if (ctx->abandoned) return NULL;
  ebb_branch *branch = calloc(1, sizeof *branch);
  if (branch == NULL) return NULL;
  ebb_seed(branch->random, seed);
  starting it = {.branch = branch, .reference = reference, .host = host};
  if (ebb_protect(ctx->main, start_body, &it) == LUA_OK) return branch;
  free(branch);
  return NULL;
}

void ebb_branch_free(ebb_context *ctx, ebb_branch *branch) {
  if (!ctx->abandoned) {
    luaL_unref(ctx->main, LUA_REGISTRYINDEX, branch->anchor);
    luaL_unref(ctx->main, LUA_REGISTRYINDEX, branch->body);
  }
  free(branch);
}

// MARK: - Running Lua

// Runs `body` so that the timer can tear it out of Lua (see timer.c). False when that has happened.
static bool run_torn(ebb_context *ctx, void (*body)(ebb_context *, void *), void *argument) {
  sigjmp_buf escape;
  if (sigsetjmp(escape, 0) != 0) {
    ctx->escape = NULL;
    ctx->abandoned = true;
    ebb_thread_unblock();  // the handler was left without returning
    ctx->running = NULL;   // the links lay in frames that are gone
    if (ctx->killed == EBB_ALIVE) {
      ctx->killed = EBB_KILLED_TIME;
      ebb_trace_capture(ctx, ctx->torn, 0, &ctx->kill_trace);
    }
    return false;
  }
  ctx->escape = &escape;
  body(ctx, argument);
  ctx->escape = NULL;
  return true;
}

// MARK: - Reports

static void say(ebb_context *ctx, const char *text, size_t size) {
  enum { LONGEST = 8192 };
  ctx->message.size = 0;
  ebb_buffer_append(&ctx->message, text, size < LONGEST ? size : LONGEST);
}

static void report_trace(ebb_context *ctx, lua_State *thread, int error, ebb_report *report) {
  const void *identity = lua_topointer(thread, error);
  ebb_trace *trace = &ctx->traceback;
  trace->count = trace->skipped = 0;
  if (identity != NULL && identity == ctx->wrap_error && ctx->wrap_trace.count > 0) {
    ebb_trace inner = ctx->wrap_trace;
    ctx->wrap_trace = *trace;
    *trace = inner;
  }
  bool whole = trace->count > 0 && ctx->wrap_thread == thread;  // noted on the way, by require
  if (!whole) ebb_trace_append(thread, 0, trace);
  report->trace = trace;
}

typedef struct {
  lua_State *from, *asked;
  int error, anchor, status, results;
} asking;

static int ask_body(lua_State *L) {
  asking *it = lua_touserdata(L, 1);
  luaL_checkstack(it->from, 4, NULL);
  it->asked = lua_newthread(L);
  it->anchor = luaL_ref(L, LUA_REGISTRYINDEX);
  if (luaL_getmetafield(it->from, it->error, "__tostring") == LUA_TNIL) return 0;
  lua_pushvalue(it->from, it->error);
  lua_xmove(it->from, it->asked, 2);
  return 0;
}

static void ask_resume(ebb_context *ctx, void *argument) {
  asking *it = argument;
  ebb_link link = {.thread = it->asked};
  ctx->running = &link;
  ebb_arm(it->asked);
  it->status = lua_resume(it->asked, NULL, 1, &it->results);
  ctx->running = NULL;
}

// Asks the script's own __tostring, in a coroutine of its own: it may do anything, and gets no more time than is left.
static bool ask_tostring(ebb_context *ctx, lua_State *thread, int error) {
  asking it = {.from = thread, .error = error};
  if (ebb_protect(ctx->main, ask_body, &it) != LUA_OK) return false;
  bool said = false;
  if (lua_gettop(it.asked) == 2 && run_torn(ctx, ask_resume, &it)) {
    if (it.status == LUA_OK && it.results > 0 && lua_type(it.asked, -it.results) == LUA_TSTRING) {
      size_t size;
      const char *text = lua_tolstring(it.asked, -it.results, &size);
      say(ctx, text, size);
      said = true;
    }
  }
  if (!ctx->abandoned) luaL_unref(ctx->main, LUA_REGISTRYINDEX, it.anchor);
  return said;
}

// Reads `message` of an error table, without its metamethods; nothing is allocated but by lua_checkstack.
static bool read_message(ebb_context *ctx, lua_State *thread, int error) {
  if (!lua_checkstack(thread, 2)) return false;
  bool said = false;
  lua_pushnil(thread);
  while (!said && lua_next(thread, error) != 0) {
    if (lua_type(thread, -2) == LUA_TSTRING && strcmp(lua_tostring(thread, -2), "message") == 0 && lua_type(thread, -1) == LUA_TSTRING) {
      size_t size;
      const char *text = lua_tolstring(thread, -1, &size);
      say(ctx, text, size);
      said = true;
      lua_pop(thread, 1);
    }
    lua_pop(thread, 1);
  }
  return said;
}

static void report_table(ebb_context *ctx, lua_State *thread, int error, ebb_report *report) {
  ebb_json_error unreadable;
  ebb_json_limits limits = {.depth = EBB_DEPTH, .bytes = 1 << 20};
  ctx->value.size = 0;
  bool readable = ebb_json_encode(thread, error, &ctx->value, limits, &unreadable) == 0;
  if (readable) {
    report->value = ctx->value.data;
    report->value_size = ctx->value.size;
  }
  if (!report->tagged && (ask_tostring(ctx, thread, error) || ctx->killed != EBB_ALIVE)) return;
  if (read_message(ctx, thread, error)) return;
  static const char text[] = "the script raised a table";
  say(ctx, text, sizeof text - 1);
  if (readable && ctx->value.size <= 1000) {
    ebb_buffer_append(&ctx->message, ": ", 2);
    ebb_buffer_append(&ctx->message, ctx->value.data, ctx->value.size);
  }
}

static void report_error(ebb_context *ctx, lua_State *thread, ebb_report *report) {
  int error = lua_gettop(thread);
  report_trace(ctx, thread, error, report);
  report->positioned = ebb_error_position(thread, error, &report->position);
  report->tagged = ebb_is_host_error(thread, error);
  switch (lua_type(thread, error)) {
    case LUA_TSTRING: {
      size_t size;
      const char *text = lua_tolstring(thread, error, &size);
      say(ctx, text, size);
      break;
    }
    case LUA_TTABLE: report_table(ctx, thread, error, report); break;
    default: {
      char text[96];
      int size = snprintf(text, sizeof text, "the script raised a %s instead of a message", lua_typename(thread, lua_type(thread, error)));
      say(ctx, text, (size_t)size);
    }
  }
  report->message = ctx->message.data;
  report->message_size = ctx->message.size;
}

typedef struct {
  ebb_branch *branch;
  ebb_frame *frame;
} locating;

// The last line of the branch's function that does something: where it returned, as far as can be known afterwards.
static int locate_end(lua_State *L) {
  locating *it = lua_touserdata(L, 1);
  lua_Debug activation;
  lua_rawgeti(L, LUA_REGISTRYINDEX, it->branch->body);
  if (!lua_getinfo(L, ">SL", &activation) || !lua_istable(L, -1)) return 0;
  lua_Integer last = 0;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (lua_tointeger(L, -2) > last) last = lua_tointeger(L, -2);
  }
  ebb_frame_describe(&activation, (int)last, it->frame);
  return 0;
}

static ebb_outcome report_result(ebb_context *ctx, ebb_branch *branch, int results, ebb_report *report) {
  if (results == 0) return EBB_FINISHED;
  ebb_json_error error = {0};
  ctx->value.size = 0;
  if (ebb_json_encode(branch->thread, -results, &ctx->value, (ebb_json_limits){.depth = EBB_DEPTH}, &error) == 0) {
    report->value = ctx->value.data;
    report->value_size = ctx->value.size;
    return EBB_FINISHED;
  }
  say(ctx, error.message, strlen(error.message));
  if (error.pointer[0] != 0) {
    ebb_buffer_append(&ctx->message, " (at ", 5);
    ebb_buffer_append(&ctx->message, error.pointer, strlen(error.pointer));
    ebb_buffer_append(&ctx->message, ")", 1);
  }
  report->message = ctx->message.data;
  report->message_size = ctx->message.size;
  locating it = {.branch = branch, .frame = &report->position};
  ctx->in_host += 1;
  ebb_protect(ctx->main, locate_end, &it);
  ctx->in_host -= 1;
  report->positioned = report->position.line > 0;
  return EBB_UNREADABLE;
}

static ebb_outcome report_end(ebb_context *ctx, ebb_report *report) {
  report->trace = &ctx->kill_trace;
  return ctx->killed == EBB_KILLED_MEMORY ? EBB_ENDED_BY_MEMORY : EBB_ENDED_BY_TIME;
}

// MARK: - Resuming

static int resume(ebb_context *ctx, ebb_branch *branch, int *results) {
  ebb_link link = {.thread = branch->thread};
  ebb_arm_standing(branch->thread);
  ctx->running = &link;
  int status;
  do {
    status = lua_resume(branch->thread, NULL, 0, results);
  } while (status == LUA_YIELD && ctx->yield_kind == EBB_YIELD_PREEMPT);
  ctx->running = NULL;
  return status;
}

typedef struct {
  ebb_branch *branch;
  int status, results;
} resuming;

static void resume_body(ebb_context *ctx, void *argument) {
  resuming *it = argument;
  it->status = resume(ctx, it->branch, &it->results);
}

static ebb_outcome settle(ebb_context *ctx, ebb_branch *branch, int status, int results, ebb_report *report) {
  if (ctx->killed != EBB_ALIVE) return report_end(ctx, report);
  if (status == LUA_YIELD) return EBB_SUSPENDED;
  if (status == LUA_OK) return report_result(ctx, branch, results, report);
  report_error(ctx, branch->thread, report);
  return ctx->killed != EBB_ALIVE ? report_end(ctx, report) : EBB_FAILED;
}

static ebb_outcome misused(ebb_context *ctx, const char *text, ebb_report *report) {
  say(ctx, text, strlen(text));
  report->message = ctx->message.data;
  report->message_size = ctx->message.size;
  return EBB_MISUSED;
}

ebb_outcome ebb_resume(ebb_context *ctx, ebb_branch *branch, const ebb_reply *reply, int64_t now_ms, ebb_report *report) {
  *report = (ebb_report){0};
  if (ctx->running != NULL) return misused(ctx, "a state was resumed from inside of one of its host functions", report);
  if (ebb_thread_prepare() != 0) return misused(ctx, "this thread has no timer of CPU time, and scripts run with one only", report);
  if (ctx->killed != EBB_ALIVE) return report_end(ctx, report);
  ctx->branch = branch;
  ctx->reply = *reply;
  ctx->blocked = ctx->closing = ctx->in_host = 0;
  ctx->wrap_error = ctx->wrap_thread = NULL;
  if (now_ms > branch->now_ms) branch->now_ms = now_ms;  // a script's clock never goes back
  ctx->slice_end = ebb_thread_ticks() + ctx->slice_ticks;
  ctx->tick = 0;
  ebb_context *outer = ebb_thread_enter(ctx);
  resuming it = {.branch = branch};
  run_torn(ctx, resume_body, &it);
  ebb_outcome outcome = settle(ctx, branch, it.status, it.results, report);
  ebb_thread_enter(outer);
  return outcome;
}
