#include "key_order.h"

#include <math.h>
#include <string.h>

static inline uint64_t ordered(int64_t value) { return (uint64_t)value ^ (uint64_t)1 << 63; }

struct ebb_key ebb_key_of_text(const char *text, size_t size, uint32_t index) {
  uint64_t prefix = 0;
  memcpy(&prefix, text, size < 8 ? size : 8);
  return (struct ebb_key){
      .prefix = __builtin_bswap64(prefix), .text = text, .size = (uint32_t)size, .index = index, .rank = EBB_KEY_TEXT};
}

// A float key is no integer, or out of their range: its floor orders it, and among equals it stands behind the integer.
static struct ebb_key key_of_float(double number, uint32_t index) {
  uint64_t prefix = number >= 0x1p63 ? UINT64_MAX : number < -0x1p63 ? 0 : ordered((int64_t)floor(number));
  return (struct ebb_key){.prefix = prefix, .number = number, .size = 1, .index = index, .rank = EBB_KEY_NUMBER};
}

bool ebb_key_of_value(lua_State *L, int stack_index, uint32_t index, struct ebb_key *key) {
  switch (lua_type(L, stack_index)) {
    case LUA_TSTRING: {
      size_t size;
      const char *text = lua_tolstring(L, stack_index, &size);
      *key = ebb_key_of_text(text, size, index);
      return true;
    }
    case LUA_TNUMBER:
      if (!lua_isinteger(L, stack_index)) {
        *key = key_of_float(lua_tonumber(L, stack_index), index);
      } else {
        *key = (struct ebb_key){.prefix = ordered(lua_tointeger(L, stack_index)), .index = index, .rank = EBB_KEY_NUMBER};
      }
      return true;
    case LUA_TBOOLEAN:
      *key = (struct ebb_key){.index = index, .rank = lua_toboolean(L, stack_index) ? EBB_KEY_TRUE : EBB_KEY_FALSE};
      return true;
    default: return false;
  }
}

static bool tie_less(const struct ebb_key *left, const struct ebb_key *right) {
  if (left->rank == EBB_KEY_TEXT) {
    uint32_t size = left->size < right->size ? left->size : right->size;
    int order = memcmp(left->text, right->text, size);
    return order != 0 ? order < 0 : left->size < right->size;
  }
  bool left_float = left->size != 0, right_float = right->size != 0;
  if (left_float && right_float) return left->number < right->number;
  if (left_float) return left->number < -0x1p63;
  return right_float && right->number >= -0x1p63;
}

bool ebb_key_less(const struct ebb_key *left, const struct ebb_key *right) {
  if (left->rank != right->rank) return left->rank < right->rank;
  if (left->prefix != right->prefix) return left->prefix < right->prefix;
  return left->rank <= EBB_KEY_TEXT && tie_less(left, right);
}

static void swap(struct ebb_key *left, struct ebb_key *right) {
  struct ebb_key kept = *left;
  *left = *right;
  *right = kept;
}

static void insertion_sort(struct ebb_key *keys, size_t count) {
  for (size_t i = 1; i < count; i++) {
    struct ebb_key key = keys[i];
    size_t j = i;
    for (; j > 0 && ebb_key_less(&key, &keys[j - 1]); j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

static void sift_down(struct ebb_key *keys, size_t root, size_t count) {
  while (2 * root + 1 < count) {
    size_t child = 2 * root + 1;
    if (child + 1 < count && ebb_key_less(&keys[child], &keys[child + 1])) child++;
    if (!ebb_key_less(&keys[root], &keys[child])) return;
    swap(&keys[root], &keys[child]);
    root = child;
  }
}

static void heap_sort(lua_State *L, struct ebb_key *keys, size_t count) {
  for (size_t root = count / 2; root > 0; root--) sift_down(keys, root - 1, count);
  for (size_t last = count - 1; last > 0; last--) {
    if (L != NULL && last % 64 == 0) ebb_poll(L);
    swap(&keys[0], &keys[last]);
    sift_down(keys, 0, last);
  }
}

// Splits around the median of three; returns the pivot's place.
static size_t partition(struct ebb_key *keys, size_t count) {
  size_t middle = count / 2, last = count - 1;
  if (ebb_key_less(&keys[middle], &keys[0])) swap(&keys[middle], &keys[0]);
  if (ebb_key_less(&keys[last], &keys[0])) swap(&keys[last], &keys[0]);
  if (ebb_key_less(&keys[last], &keys[middle])) swap(&keys[last], &keys[middle]);
  swap(&keys[middle], &keys[last - 1]);
  const struct ebb_key pivot = keys[last - 1];
  size_t low = 0, high = last - 1;
  while (true) {
    while (ebb_key_less(&keys[++low], &pivot)) continue;
    while (ebb_key_less(&pivot, &keys[--high])) continue;
    if (low >= high) break;
    swap(&keys[low], &keys[high]);
  }
  swap(&keys[low], &keys[last - 1]);
  return low;
}

// Quicksort that gives up on a part that splits badly too often, so that no choice of keys makes it slow.
static void sort_part(lua_State *L, struct ebb_key *keys, size_t count, int patience) {
  while (count > 16) {
    if (L != NULL) ebb_poll(L);
    if (patience-- == 0) {
      heap_sort(L, keys, count);
      return;
    }
    size_t pivot = partition(keys, count), above = count - pivot - 1;
    if (pivot < above) {
      sort_part(L, keys, pivot, patience);
      keys += pivot + 1;
      count = above;
    } else {
      sort_part(L, keys + pivot + 1, above, patience);
      count = pivot;
    }
  }
  insertion_sort(keys, count);
}

void ebb_sort_keys(lua_State *L, struct ebb_key *keys, size_t count) {
  size_t sorted = 1;
  while (sorted < count && ebb_key_less(&keys[sorted - 1], &keys[sorted])) sorted++;
  if (sorted >= count) return;
  int patience = 2;
  for (size_t rest = count; rest > 0; rest >>= 1) patience += 2;
  sort_part(L, keys, count, patience);
}
