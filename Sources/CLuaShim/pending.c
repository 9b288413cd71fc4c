// Weak stand-ins of the libraries, for builds of a tree in which their files have not arrived yet.
#include <string.h>

#include "internal.h"

#define WEAK __attribute__((weak))

static void open_stock(lua_State *L, const char *name, lua_CFunction open) {
  luaL_requiref(L, name, open, 1);
  lua_pop(L, 1);
}

WEAK void ebb_open_base(lua_State *L) { open_stock(L, "_G", luaopen_base); }
WEAK void ebb_open_string(lua_State *L) { open_stock(L, "string", luaopen_string); }
WEAK void ebb_open_table(lua_State *L) { open_stock(L, "table", luaopen_table); }
WEAK void ebb_open_math(lua_State *L) { open_stock(L, "math", luaopen_math); }
WEAK void ebb_open_os(lua_State *L) { (void)L; }
WEAK void ebb_open_utf8(lua_State *L) { open_stock(L, "utf8", luaopen_utf8); }
WEAK void ebb_seed(uint64_t random[4], uint64_t seed) {
  for (int i = 0; i < 4; i++) random[i] = seed + (uint64_t)i;
}
static int missing(ebb_json_error *error) {
  *error = (ebb_json_error){.message = "the JSON codec is not there yet"};
  return -1;
}
WEAK int ebb_json_push(lua_State *L, const char *text, size_t size, int depth, ebb_json_error *error) {
  (void)L, (void)text, (void)size, (void)depth;
  return missing(error);
}
WEAK int ebb_json_encode(lua_State *L, int index, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error) {
  (void)L, (void)index, (void)out, (void)limits;
  return missing(error);
}
WEAK int ebb_json_encode_list(lua_State *L, int first, int count, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error) {
  (void)L, (void)first, (void)count, (void)out, (void)limits;
  return missing(error);
}
