// States: made, loaded and ended.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

const char *ebb_lua_release(void) { return LUA_RELEASE; }

static int on_panic(lua_State *L) {
  const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "no message";
  fprintf(stderr, "ebb: an unprotected error in Lua, a defect of Ebb: %s\n", message);
  return 0;  // Lua aborts
}

int ebb_protect(lua_State *L, lua_CFunction body, void *argument) {
  if (!lua_checkstack(L, 4)) return LUA_ERRMEM;
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  int status = lua_pcall(L, 1, 0, 0);
  if (status != LUA_OK) lua_pop(L, 1);
  return status;
}

// __index of the globals: a library by its name; nothing for other names.
static int open_library(lua_State *L) {
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (strcmp(name, LUA_MATHLIBNAME) == 0) {
    ebb_open_math(L);
  } else if (strcmp(name, LUA_OSLIBNAME) == 0) {
    ebb_open_os(L);
  } else if (strcmp(name, LUA_UTF8LIBNAME) == 0) {
    ebb_open_utf8(L);
  } else {
    return 0;
  }
  lua_settop(L, 2);
  lua_rawget(L, 1);
  return 1;
}

static int open_libraries(lua_State *L) {
  ebb_refuse_events(L);
  lua_pushglobaltable(L);
  lua_setglobal(L, LUA_GNAME);
  ebb_open_base(L);
  ebb_open_errors(L);
  ebb_open_coroutine(L);
  ebb_open_require(L);
  ebb_open_string(L);
  ebb_open_table(L);
  // Those that few scripts use come into being when they are first named: they are a tenth of what a state that waits takes.
  lua_pushglobaltable(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, open_library);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  return 0;
}

ebb_context *ebb_state_new(const ebb_callbacks *callbacks, size_t memory, uint64_t slice_ticks) {
  ebb_context *ctx = calloc(1, sizeof *ctx);
  if (ctx == NULL) return NULL;
  ctx->callbacks = *callbacks;
  ctx->limit = memory;
  ctx->slice_ticks = slice_ticks;
  ctx->failing_allocation = -1;
  ctx->in_host = 1;
  ebb_pool_open(&ctx->pool);
  ctx->main = lua_newstate(ebb_allocate, ctx);
  if (ctx->main == NULL) {
    ebb_pool_close(&ctx->pool);
    free(ctx);
    return NULL;
  }
  *(ebb_context **)lua_getextraspace(ctx->main) = ctx;
  lua_atpanic(ctx->main, on_panic);
  int status = ebb_protect(ctx->main, open_libraries, NULL);
  ctx->in_host = 0;
  if (status == LUA_OK) return ctx;
  ebb_state_close(ctx);
  return NULL;
}

void ebb_state_bind(ebb_context *ctx, void *host) { ctx->callbacks.host = host; }

void ebb_state_close(ebb_context *ctx) {
  if (!ctx->abandoned) lua_close(ctx->main);
  ebb_pool_close(&ctx->pool);
  ebb_buffer_free(&ctx->message);
  ebb_buffer_free(&ctx->value);
  ebb_trace_free(&ctx->kill_trace);
  ebb_trace_free(&ctx->wrap_trace);
  ebb_trace_free(&ctx->traceback);
  free(ctx);
}

size_t ebb_state_memory(const ebb_context *ctx) { return ctx->used; }

// MARK: - Loading

typedef struct {
  const char *bytes, *name;
  size_t size;
  bool compiled;
  int status, reference;
  uint64_t deadline;
  ebb_buffer *message;
} loading;

// Hands a text over in small pieces: the compiler has no hook, and some texts take it very long.
static const char *next_piece(lua_State *L, void *argument, size_t *size) {
  enum { PIECE = 512 };
  loading *it = argument;
  if (ebb_thread_ticks() >= it->deadline) luaL_error(L, "too long");
  *size = it->compiled || it->size < PIECE ? it->size : PIECE;
  const char *piece = it->bytes;
  it->bytes += *size;
  it->size -= *size;
  return *size == 0 ? NULL : piece;
}

static int load_body(lua_State *L) {
  loading *it = lua_touserdata(L, 1);
  it->status = lua_load(L, next_piece, it, it->name, it->compiled ? "b" : "t");
  if (it->status == LUA_OK) {
    it->reference = luaL_ref(L, LUA_REGISTRYINDEX);
  } else {
    size_t size;
    const char *message = lua_tolstring(L, -1, &size);
    ebb_buffer_append(it->message, message, size);
  }
  return 0;
}

ebb_load_status ebb_load(ebb_context *ctx, const char *bytes, size_t size, const char *name, bool compiled, int *reference,
                         const char **message, size_t *message_size) {
  ctx->message.size = 0;
  loading it = {.bytes = bytes, .name = name, .size = size, .compiled = compiled, .status = LUA_ERRMEM, .message = &ctx->message};
  if (ctx->abandoned || ebb_thread_prepare() != 0) return EBB_LOAD_MEMORY;
  it.deadline = ebb_thread_ticks() + ctx->slice_ticks + 1;
  int status = ebb_protect(ctx->main, load_body, &it);
  *message = ctx->message.data;
  *message_size = ctx->message.size;
  *reference = it.reference;
  if (status != LUA_OK || it.status == LUA_ERRMEM) return EBB_LOAD_MEMORY;
  if (it.status != LUA_OK && ebb_thread_ticks() >= it.deadline) return EBB_LOAD_TIME;
  return it.status == LUA_OK ? EBB_LOADED : EBB_LOAD_SYNTAX;
}

static int write_dump(lua_State *L, const void *bytes, size_t size, void *out) {
  (void)L;
  return ebb_buffer_append(out, bytes, size) ? 0 : 1;
}

// Neither pushing from the registry nor dumping allocates in Lua.
bool ebb_dump(ebb_context *ctx, int reference, bool strip, ebb_buffer *out) {
  lua_rawgeti(ctx->main, LUA_REGISTRYINDEX, reference);
  int status = lua_dump(ctx->main, write_dump, out, strip);
  lua_pop(ctx->main, 1);
  return status == 0;
}

// Releasing writes to slots of the registry that exist: nothing is allocated.
void ebb_release(ebb_context *ctx, int reference) {
  if (!ctx->abandoned) luaL_unref(ctx->main, LUA_REGISTRYINDEX, reference);
}

// MARK: - For tests

void ebb_state_cover(ebb_context *ctx) { ctx->covers = true; }
void ebb_test_preempt(ebb_context *ctx, int instructions) { ctx->preempt_every = instructions; }
void ebb_test_fail_allocation(ebb_context *ctx, long after) { ctx->failing_allocation = after; }
