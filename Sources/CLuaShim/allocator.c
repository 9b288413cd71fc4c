// Memory of one state: counted, and refused above the limit.
#include "internal.h"

// Lua asks again after a full collection. When that is refused too (no block was handed out in between), the error is certain, and the
// run is over: noted here, since a __close handler may turn the error into another one on its way.
static void *refuse(ebb_context *ctx) {
  if (!ctx->refused) {
    ctx->refused = true;
    return NULL;
  }
  if (ctx->killed == EBB_ALIVE && ctx->running != NULL) {
    ctx->killed = EBB_KILLED_MEMORY;
    ebb_trace_capture(ctx, ctx->running->thread, 0, &ctx->kill_trace);
    ebb_arm(ctx->running->thread);
  }
  return NULL;
}

// True when this request is one that a test wants to fail.
static bool fails_by_test(ebb_context *ctx) {
  if (ctx->failing_allocation < 0) return false;
  if (ctx->failing_allocation == 0) return true;
  ctx->failing_allocation -= 1;
  return false;
}

static void *allocate(ebb_context *ctx, void *block, size_t old_size, size_t new_size) {
  if (block == NULL) old_size = 0;  // Lua passes a type there
  if (new_size == 0) {
    ebb_pool_free(&ctx->pool, block, old_size);
    ctx->used -= old_size;
    return NULL;
  }
  if (new_size > old_size) {
    if (fails_by_test(ctx)) return refuse(ctx);
    if (ctx->in_host == 0 && new_size - old_size > ctx->limit - (ctx->used < ctx->limit ? ctx->used : ctx->limit)) {
      return refuse(ctx);
    }
  }
  void *result = ebb_pool_resize(&ctx->pool, block, old_size, new_size);
  if (result == NULL) return new_size > old_size ? refuse(ctx) : block;
  ctx->used += new_size - old_size;
  ctx->refused = false;
  return result;
}

void *ebb_allocate(void *context, void *block, size_t old_size, size_t new_size) {
  ebb_context *ctx = context;
  ctx->allocating += 1;
  void *result = allocate(ctx, block, old_size, new_size);
  ctx->allocating -= 1;
  return result;
}
