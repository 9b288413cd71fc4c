// Where a script is: the merchant's frames, innermost first, through all coroutines that wait for one another.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static const char host_mark[] = "=[ebb]";

// Chunks of the host's own are loaded without their debug information, and then have no name but "?".
bool ebb_is_host_source(const char *source) {
  return strncmp(source, host_mark, sizeof host_mark - 1) == 0 || strcmp(source, "=?") == 0;
}

static void copy(char *to, size_t room, const char *from) {
  if (from == NULL) from = "";
  size_t size = strlen(from);
  if (size >= room) {  // the end of a path says more than its beginning
    from += size - (room - 1);
    size = room - 1;
    while (size > 0 && ((unsigned char)*from & 0xC0) == 0x80) from++, size--;
  }
  memcpy(to, from, size);
  to[size] = 0;
}

void ebb_frame_describe(const lua_Debug *activation, int line, ebb_frame *frame) {
  const char *source = activation->source;
  copy(frame->source, sizeof frame->source, *source == '@' || *source == '=' ? source + 1 : activation->short_src);
  frame->function[0] = 0;
  frame->line = line;
}

// Fills `frame` when the activation is the merchant's.
bool ebb_frame_merchant(lua_State *L, lua_Debug *activation, ebb_frame *frame) {
  if (!lua_getinfo(L, "Sln", activation) || activation->currentline < 0 || ebb_is_host_source(activation->source)) return false;
  ebb_frame_describe(activation, activation->currentline, frame);
  bool main = strcmp(activation->what, "main") == 0;
  copy(frame->function, sizeof frame->function, main ? "" : activation->name != NULL ? activation->name : "?");
  return true;
}

// The first half of the room holds the innermost frames, the second is a ring that ends up with the outermost.
static void keep(ebb_trace *trace, const ebb_frame *frame) {
  const int head = EBB_TRACE_FRAMES / 2;
  if (trace->count < EBB_TRACE_FRAMES) {
    trace->frames[trace->count++] = *frame;
    return;
  }
  memmove(&trace->frames[head], &trace->frames[head + 1], (size_t)(EBB_TRACE_FRAMES - head - 1) * sizeof *frame);
  trace->frames[EBB_TRACE_FRAMES - 1] = *frame;
  trace->skipped += 1;
}

// Frames of a Lua stack may be 200,000 deep: those in the middle are counted and not looked at.
static void walk(lua_State *L, int level, ebb_trace *trace) {
  lua_Debug activation;
  int depth = 0;
  if (lua_getstack(L, 100, &activation)) {
    int low = 100, high = 200;
    while (lua_getstack(L, high, &activation)) low = high, high *= 2;
    while (low + 1 < high) {
      int middle = low + (high - low) / 2;
      if (lua_getstack(L, middle, &activation)) low = middle;
      else high = middle;
    }
    depth = low + 1;
  }
  ebb_frame frame;
  for (; lua_getstack(L, level, &activation); level++) {
    if (depth > 0 && level == 50) {
      trace->skipped += depth - 100;
      level = depth - 50;
      if (!lua_getstack(L, level, &activation)) return;
    }
    if (ebb_frame_merchant(L, &activation, &frame)) keep(trace, &frame);
  }
}

bool ebb_trace_append(lua_State *L, int level, ebb_trace *trace) {
  if (trace->frames == NULL) {
    ebb_context *ctx = ebb_ctx(L);
    ctx->allocating += 1;  // the timer must not tear the script out of the C library
    trace->frames = malloc(EBB_TRACE_FRAMES * sizeof(ebb_frame));
    ctx->allocating -= 1;
    if (trace->frames == NULL) return false;
    trace->count = trace->skipped = 0;
  }
  walk(L, level, trace);
  return true;
}

void ebb_trace_capture(ebb_context *ctx, lua_State *top, int level, ebb_trace *trace) {
  trace->count = trace->skipped = 0;
  if (!ebb_trace_append(top, level, trace)) return;
  ebb_link *link = ctx->running;
  while (link != NULL && link->thread != top) link = link->outer;
  if (link == NULL) return;
  for (link = link->outer; link != NULL; link = link->outer) ebb_trace_append(link->thread, 0, trace);
}

void ebb_trace_leave(lua_State *L, lua_State *left, int error) {
  ebb_context *ctx = ebb_ctx(L);
  const void *identity = lua_topointer(left, error);
  if (identity == NULL || identity != ctx->wrap_error) {
    ctx->wrap_trace.count = ctx->wrap_trace.skipped = 0;
    ctx->wrap_thread = NULL;
  }
  if (ctx->wrap_thread != left) ebb_trace_append(left, 0, &ctx->wrap_trace);
  ctx->wrap_error = identity;
  ctx->wrap_thread = left;
}

void ebb_trace_free(ebb_trace *trace) {
  free(trace->frames);
  *trace = (ebb_trace){0};
}

bool ebb_position(ebb_context *ctx, lua_State *L, ebb_frame *frame) {
  lua_Debug activation;
  ebb_link *link = ctx->running;
  while (link != NULL && link->thread != L) link = link->outer;
  for (lua_State *thread = L; thread != NULL; link = link->outer, thread = link == NULL ? NULL : link->thread) {
    for (int level = 0; lua_getstack(thread, level, &activation); level++) {
      if (ebb_frame_merchant(thread, &activation, frame)) return true;
    }
    if (link == NULL) return false;
  }
  return false;
}
