// The order of table keys: numbers ascending, strings by bytes, false, true.
#ifndef EBB_KEY_ORDER_H
#define EBB_KEY_ORDER_H

#include "internal.h"

enum ebb_key_rank { EBB_KEY_NUMBER, EBB_KEY_TEXT, EBB_KEY_FALSE, EBB_KEY_TRUE };

// A key laid out for comparing. Text is not copied: its string must stay referenced.
struct ebb_key {
  uint64_t prefix;  // orders most keys of a rank; ties are looked at
  union {
    const char *text;
    double number;  // only where the key is a float
  };
  uint32_t size;   // of the text; of a number: 1 for a float
  uint32_t index : 30;
  uint32_t rank : 2;
};

enum { EBB_KEY_LARGEST_INDEX = (1 << 30) - 1 };

struct ebb_key ebb_key_of_text(const char *text, size_t size, uint32_t index);

// The key at a stack index. False where it has no place in the order: a table, a function, a thread, userdata.
bool ebb_key_of_value(lua_State *L, int stack_index, uint32_t index, struct ebb_key *key);

bool ebb_key_less(const struct ebb_key *left, const struct ebb_key *right);

// Sorts keys that are all different, in place. Polls where `L` is not NULL.
void ebb_sort_keys(lua_State *L, struct ebb_key *keys, size_t count);

#endif
