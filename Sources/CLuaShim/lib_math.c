// math, with the random numbers of the branch that runs.
#include "lib.h"

#include <math.h>

static inline uint64_t rotate(uint64_t value, int by) { return value << by | value >> (64 - by); }

// One step of xoshiro256**, by Blackman and Vigna.
static uint64_t next_random(uint64_t state[4]) {
  uint64_t result = rotate(state[1] * 5, 7) * 9, kept = state[1] << 17;
  state[2] ^= state[0];
  state[3] ^= state[1];
  state[1] ^= state[2];
  state[0] ^= state[3];
  state[2] ^= kept;
  state[3] = rotate(state[3], 45);
  return result;
}

// Fills the state from one seed with splitmix64, which never gives four zeros.
void ebb_seed(uint64_t random[4], uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t mixed = seed += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    random[i] = mixed ^ mixed >> 31;
  }
}

// A number from 0 to `last`, all equally likely: numbers are drawn within the next power of two until one fits.
static uint64_t draw(uint64_t state[4], uint64_t last) {
  uint64_t mask = last == 0 ? 0 : UINT64_MAX >> __builtin_clzll(last), value;
  do value = next_random(state) & mask;
  while (value > last);
  return value;
}

static int math_random(lua_State *L) {
  uint64_t *state = ebb_ctx(L)->branch->random;
  lua_Integer low = 1, high;
  switch (lua_gettop(L)) {
    case 0: lua_pushnumber(L, (lua_Number)(next_random(state) >> 11) * 0x1p-53); return 1;
    case 1:
      high = luaL_checkinteger(L, 1);
      if (high == 0) {
        lua_pushinteger(L, (lua_Integer)next_random(state));
        return 1;
      }
      break;
    case 2:
      low = luaL_checkinteger(L, 1);
      high = luaL_checkinteger(L, 2);
      break;
    default: return luaL_error(L, "wrong number of arguments");
  }
  luaL_argcheck(L, low <= high, lua_gettop(L), "interval is empty");
  lua_pushinteger(L, (lua_Integer)((lua_Unsigned)low + draw(state, (lua_Unsigned)high - (lua_Unsigned)low)));
  return 1;
}

static int math_randomseed(lua_State *L) {
  return luaL_error(L, "math.randomseed is not available: the random numbers of a run are seeded by its id, so that it can be replayed");
}

void ebb_open_math(lua_State *L) {
  static const luaL_Reg functions[] = {{"random", math_random}, {"randomseed", math_randomseed}, {NULL, NULL}};
  lua_createtable(L, 0, 27);
  ebb_set_stock(L, EBB_STOCK_MATH);
  luaL_setfuncs(L, functions, 0);
  lua_pushnumber(L, 3.141592653589793238462643383279502884);
  lua_setfield(L, -2, "pi");
  lua_pushnumber(L, (lua_Number)HUGE_VAL);
  lua_setfield(L, -2, "huge");
  lua_pushinteger(L, LUA_MAXINTEGER);
  lua_setfield(L, -2, "maxinteger");
  lua_pushinteger(L, LUA_MININTEGER);
  lua_setfield(L, -2, "mininteger");
  lua_setglobal(L, LUA_MATHLIBNAME);
}
