// The pool of a state's small blocks: one arena of malloc's, cut into classes of size that are reused by themselves.
//
// A state that waits is some hundred blocks of a few words, to each of which malloc would add its own and round up. The arena is
// bounded, so that a script cannot tie up memory in classes that it does not use any more: what does not fit is malloc's.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

// About what the small blocks of a state with the language and a short script take, so that a state that waits fills its arena.
enum { ARENA = 13 << 10, STEP = 8 };

typedef struct free_block {
  struct free_block *next;
} free_block;

static size_t class_of(size_t size) { return (size + STEP - 1) / STEP; }

void ebb_pool_open(ebb_pool *pool) {
  pool->start = pool->next = malloc(ARENA);
  pool->end = pool->start == NULL ? NULL : pool->start + ARENA;
}

void ebb_pool_close(ebb_pool *pool) { free(pool->start); }

static bool is_pooled(const ebb_pool *pool, const void *block) {
  return (uintptr_t)block - (uintptr_t)pool->start < ARENA && pool->start != NULL;
}

// NULL where the block is too large for the pool, or the pool is full.
static void *take(ebb_pool *pool, size_t size) {
  if (size > EBB_POOLED) return NULL;
  size_t class = class_of(size);
  free_block *block = pool->free[class];
  if (block != NULL) {
    pool->free[class] = block->next;
    return block;
  }
  if ((size_t)(pool->end - pool->next) < class * STEP) return NULL;
  void *result = pool->next;
  pool->next += class * STEP;
  return result;
}

void ebb_pool_free(ebb_pool *pool, void *block, size_t size) {
  if (!is_pooled(pool, block)) {
    free(block);
    return;
  }
  free_block *it = block;
  it->next = pool->free[class_of(size)];
  pool->free[class_of(size)] = it;
}

void *ebb_pool_resize(ebb_pool *pool, void *block, size_t old_size, size_t new_size) {
  if (block == NULL) {
    void *fresh = take(pool, new_size);
    return fresh != NULL ? fresh : malloc(new_size);
  }
  bool pooled = is_pooled(pool, block);
  if (pooled && class_of(old_size) == class_of(new_size)) return block;
  void *moved = take(pool, new_size);
  if (moved == NULL) {
    if (!pooled) return realloc(block, new_size);
    moved = malloc(new_size);
    if (moved == NULL) return NULL;
  }
  memcpy(moved, block, old_size < new_size ? old_size : new_size);
  ebb_pool_free(pool, block, old_size);
  return moved;
}
