// What the files that read JSON share.
#ifndef EBB_JSON_DECODER_H
#define EBB_JSON_DECODER_H

#include "json_text.h"

struct ebb_json_decoder {
  lua_State *L;
  const char *text, *p, *end;
  int depth, deepest;
  ebb_json_error *error;
};

// Says what is wrong at the present place; returns -1.
int ebb_json_refuse(struct ebb_json_decoder *d, const struct ebb_json_level *level, const char *reason);

// The byte at hand; zero at the end.
static inline char ebb_json_peek(struct ebb_json_decoder *d) { return d->p < d->end ? *d->p : '\0'; }

// Push the string whose quote, or the number whose first character, is at hand. 0, or -1 with `error` filled.
int ebb_json_push_string(struct ebb_json_decoder *d, const struct ebb_json_level *level);
int ebb_json_push_number(struct ebb_json_decoder *d, const struct ebb_json_level *level);

// Gives the object at `table` a metatable that remembers its null members, whose names the list behind it holds. Objects with the
// same null members share it, as the rows of one answer do.
void ebb_json_remember_nulls(lua_State *L, int table);

#endif
