// Text and numbers of JSON, shared by the reader and the writer.
#ifndef EBB_JSON_TEXT_H
#define EBB_JSON_TEXT_H

#include "internal.h"

// One step of the path to the value at hand, on the C stack: a member's name, or a position where `key` is NULL.
struct ebb_json_level {
  const struct ebb_json_level *outer;
  const char *key;
  size_t size;   // of the key
  size_t index;  // zero-based
};

// Fills in an error, with the pointer to the level; returns -1. The message is a format as printf's.
__attribute__((format(printf, 3, 4))) int ebb_json_fail(
    ebb_json_error *error, const struct ebb_json_level *level, const char *format, ...);

// The length of the valid UTF-8 character at `p` that is not ASCII, or 0 where there is none.
size_t ebb_utf8_length(const char *p, const char *end);

// Writes a finite number in its shortest form that reads back the same, as Swift prints it: 1.0, 0.1, 1e+20, -0.0.
// The buffer holds 32 bytes; returns the number of bytes.
size_t ebb_write_double(char *buffer, double value);

// Writes an integer; the buffer holds 24 bytes.
size_t ebb_write_integer(char *buffer, int64_t value);

// The address in the registry of the metatable of arrays, and the mark in metatables that remember which members were null.
extern const char ebb_array_key, ebb_null_mark;

// Pushes the metatable that marks arrays.
void ebb_push_array_metatable(lua_State *L);

// Sets array, is_array, decode, encode and null in the table on top of the stack (the host's own, see host.c).
void ebb_set_json_functions(lua_State *L);

#endif
