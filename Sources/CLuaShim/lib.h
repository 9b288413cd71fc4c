// What the library files share among themselves.
#ifndef EBB_LIB_H
#define EBB_LIB_H

#include "internal.h"
#include "pattern.h"

// How many bytes or elements a loop may go through between two looks at the clock's flag.
enum { EBB_POLL_UNITS = 256 };

// Counts work, and polls whenever enough of it is done.
static inline void ebb_spend(lua_State *L, size_t *work, size_t units) {
  *work += units;
  if (*work >= EBB_POLL_UNITS) {
    *work = 0;
    ebb_poll(L);
  }
}

// The functions of Lua's own library that are harmless as they are: their C functions, looked up once per process.
enum ebb_stock { EBB_STOCK_BASE, EBB_STOCK_STRING, EBB_STOCK_TABLE, EBB_STOCK_MATH, EBB_STOCK_OS, EBB_STOCK_UTF8 };

// Sets those of one library in the table on top of the stack.
void ebb_set_stock(lua_State *L, enum ebb_stock library);

// One of them by its name.
lua_CFunction ebb_stock_function(enum ebb_stock library, const char *name);

// Pushes the text of the value at `index` where that needs no metamethod: numbers, strings, nil, booleans, null, and
// "table: 1" with an ordinal of the state in place of an address. Honours __name.
void ebb_push_text(lua_State *L, int index);

// Whether the table at `index` has __index, __newindex or __len, and so must not be worked on raw.
bool ebb_has_access_metamethod(lua_State *L, int index);

// Pushes a function of the slow paths (see lib_slow.c) by its name.
void ebb_push_slow(lua_State *L, const char *name);

// Calls one with everything on the stack as arguments, from a C function that returns what this returns.
int ebb_call_slow(lua_State *L, const char *name);

int ebb_table_concat(lua_State *L);
int ebb_table_sort(lua_State *L);
int ebb_table_sort_counted(lua_State *L);  // (plain table, less or nil, count): whatever its length is
int ebb_table_unpack(lua_State *L);

// Sets pairs and next in the table on top of the stack.
void ebb_open_pairs(lua_State *L);

// Set the functions of their files in the table on top of the stack.
void ebb_open_match(lua_State *L);
void ebb_open_gsub(lua_State *L);
void ebb_open_format(lua_State *L);

// How many nodes of a pattern are kept on the C stack.
enum { EBB_PATTERN_NODES = 24 };

// Compiles a pattern for the subject at index 1: into `few` where they suffice, else into a userdata that is pushed.
void ebb_prepare_pattern(
    lua_State *L, struct ebb_pattern *pattern, struct ebb_pattern_node few[EBB_PATTERN_NODES], const char *text, size_t size);

#endif
