// Events that scripts may not handle, also not by setting them in a metatable that is in place already. Lua finds the handler of an
// event by a string of its own, made with the state: the bytes of that string are changed, so that no name a script can write is it.
#include <string.h>

#include "internal.h"

static const char mode_key = 0;  // its address is the key in the registry of what "__mode" has become

// Takes the name on top away from Lua: leaves the string by which Lua looks for the event from now on. Strings are found by their
// hash, which keeps being that of the old bytes; with the new ones, which nobody can guess, it is found by nothing but its address.
static void rename_event(lua_State *L, const uint64_t random[4]) {
  size_t size;
  char *bytes = (char *)(uintptr_t)lua_tolstring(L, -1, &size);
  memcpy(bytes, random, size < 4 * sizeof *random ? size : 4 * sizeof *random);
}

void ebb_refuse_events(lua_State *L) {
  uint64_t random[4];
  ebb_seed(random, (uint64_t)(uintptr_t)ebb_ctx(L));  // an address that scripts do not know
  lua_pushliteral(L, "__mode");
  rename_event(L, random);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &mode_key);
  ebb_seed(random, random[3]);
  lua_pushliteral(L, "__concat");
  rename_event(L, random);
  lua_pop(L, 1);
}

void ebb_set_weak_keys(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &mode_key);
  lua_pushliteral(L, "k");
  lua_rawset(L, -3);
}
