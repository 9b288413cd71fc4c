// pairs and next in a fixed order (key_order.h), over a snapshot of the keys.
#include "key_order.h"
#include "lib.h"

// The sorted keys of a table: `order[i]` is where the i-th stands in the list of keys that comes with it. A table whose keys are
// 1 to `count` needs neither.
struct snapshot {
  uint32_t count, cursor;
  bool is_sequence;
  uint32_t order[];
};

static int no_order(lua_State *L, int index) {
  return luaL_error(L,
                    "a key that is a %s cannot be iterated over in a fixed order: keys must be numbers, strings or booleans "
                    "(hint: ebb.list.set)",
                    luaL_typename(L, index));
}

// Counts the keys of the table at `table`; sets whether they are 1, 2, 3, … Raises where one has no place in the order.
static uint32_t count_keys(lua_State *L, int table, bool *is_sequence) {
  uint32_t count = 0;
  size_t work = 0;
  *is_sequence = true;
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    lua_pop(L, 1);
    count++;
    if (*is_sequence && (!lua_isinteger(L, -1) || lua_tointeger(L, -1) != count)) *is_sequence = false;
    int type = lua_type(L, -1);
    if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN) no_order(L, -1);
    ebb_spend(L, &work, 1);
  }
  if (count > EBB_KEY_LARGEST_INDEX) luaL_error(L, "too many keys to iterate over");
  return count;
}

// Pushes a list of the table's keys, in no order, and lays them out in `keys`. Returns how many there are: fewer than were counted
// where the collector took some out of a table that was made weak behind our back.
static uint32_t collect_keys(lua_State *L, int table, uint32_t count, struct ebb_key *keys) {
  size_t work = 0;
  uint32_t collected = 0;
  lua_createtable(L, (int)count, 0);
  int list = lua_gettop(L);
  lua_pushnil(L);
  while (collected < count && lua_next(L, table) != 0) {
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    ebb_key_of_value(L, -1, collected + 1, &keys[collected]);
    lua_rawseti(L, list, ++collected);
    ebb_spend(L, &work, 1);
  }
  lua_settop(L, list);
  return collected;
}

// Pushes a snapshot and its list (nil for a sequence), standing behind the keys that are not greater than `after`, if given.
static struct snapshot *push_snapshot(lua_State *L, int table, uint32_t count, bool is_sequence, const struct ebb_key *after) {
  struct ebb_key few[64], *keys = few;
  size_t places = is_sequence ? 0 : count;
  struct snapshot *snapshot = lua_newuserdatauv(L, sizeof *snapshot + places * sizeof snapshot->order[0], 0);
  *snapshot = (struct snapshot){.count = count, .is_sequence = is_sequence};
  if (is_sequence) {
    lua_pushnil(L);
    return snapshot;
  }
  if (count > 64) keys = lua_newuserdatauv(L, count * sizeof *keys, 0);
  snapshot->count = count = collect_keys(L, table, count, keys);
  ebb_sort_keys(L, keys, count);
  for (uint32_t i = 0; i < count; i++) {
    snapshot->order[i] = keys[i].index;
    if (after != NULL && !ebb_key_less(after, &keys[i])) snapshot->cursor = i + 1;
  }
  if (keys != few) lua_remove(L, -2);
  return snapshot;
}

// Pushes the next key and value whose value is not nil by now; false, with nothing pushed, at the end.
static bool push_next(lua_State *L, struct snapshot *snapshot, int table, int list) {
  while (snapshot->cursor < snapshot->count) {
    uint32_t place = snapshot->cursor++;
    if (snapshot->is_sequence) lua_pushinteger(L, (lua_Integer)place + 1);
    else lua_rawgeti(L, list, snapshot->order[place]);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, table) != LUA_TNIL) return true;
    lua_pop(L, 2);
    if (place % EBB_POLL_UNITS == 0) ebb_poll(L);
  }
  return false;
}

// MARK: - pairs

static int step(lua_State *L) {
  lua_settop(L, 0);
  struct snapshot *snapshot = lua_touserdata(L, lua_upvalueindex(2));
  return push_next(L, snapshot, lua_upvalueindex(1), lua_upvalueindex(3)) ? 2 : 0;
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
  (void)L, (void)status, (void)context;
  return 3;
}

static int base_pairs(lua_State *L) {
  if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_callk(L, 1, 3, 0, finish_pairs);
    return 3;
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  bool is_sequence;
  uint32_t count = count_keys(L, 1, &is_sequence);
  lua_pushvalue(L, 1);
  push_snapshot(L, 1, count, is_sequence, NULL);
  lua_pushcclosure(L, step, 3);
  lua_pushvalue(L, 1);
  return 2;
}

// MARK: - next

// The last few tables that next went through, so that a loop needs one snapshot. For each: the table, its snapshot, its list.
enum { CURSORS = 4, CURSOR_VALUES = 3 };

struct cursors {
  int newest;
};

static const char cursors_key = 0;

// Pushes the userdata whose user values are the cursors.
static struct cursors *push_cursors(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cursors_key) == LUA_TUSERDATA) return lua_touserdata(L, -1);
  lua_pop(L, 1);
  struct cursors *cursors = lua_newuserdatauv(L, sizeof *cursors, CURSORS * CURSOR_VALUES);
  cursors->newest = 0;
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &cursors_key);
  return cursors;
}

// The first user value of the cursor of the table at index 1, or 0 where it has none.
static int find_cursor(lua_State *L, int cursors) {
  for (int value = 1; value <= CURSORS * CURSOR_VALUES; value += CURSOR_VALUES) {
    lua_getiuservalue(L, cursors, value);
    bool found = lua_rawequal(L, -1, 1);
    lua_pop(L, 1);
    if (found) return value;
  }
  return 0;
}

static void drop_cursor(lua_State *L, int cursors, int value) {
  for (int i = 0; i < CURSOR_VALUES; i++) {
    lua_pushnil(L);
    lua_setiuservalue(L, cursors, value + i);
  }
}

// The key with which the order begins, found without sorting. Where no key has a place in the order, whatever comes first: so
// `next(t) == nil` tells of every table whether it is empty.
static int first_entry(lua_State *L) {
  struct ebb_key best, key;
  bool found = false;
  size_t work = 0;
  lua_settop(L, 1);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &cursors_key) == LUA_TUSERDATA) {
    int value = find_cursor(L, 2);
    if (value != 0) drop_cursor(L, 2, value);
  }
  lua_settop(L, 1);
  lua_pushnil(L);  // 2: the key so far
  lua_pushnil(L);  // 3: its value
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    bool ordered = ebb_key_of_value(L, 4, 0, &key);
    if (ordered ? !found || ebb_key_less(&key, &best) : lua_isnil(L, 2)) {
      if (ordered) best = key;
      found = found || ordered;
      lua_replace(L, 3);
      lua_pushvalue(L, 4);
      lua_replace(L, 2);
    }
    lua_settop(L, 4);
    ebb_spend(L, &work, 1);
  }
  lua_settop(L, 3);
  if (lua_isnil(L, 2)) lua_settop(L, 2);
  return lua_gettop(L) - 1;
}

// Makes a cursor that stands behind the key at index 2, in place of the oldest; returns its first user value.
static int make_cursor(lua_State *L, struct cursors *cursors) {
  struct ebb_key after;
  bool is_sequence;
  if (!ebb_key_of_value(L, 2, 0, &after)) no_order(L, 2);
  uint32_t count = count_keys(L, 1, &is_sequence);
  struct snapshot *snapshot = push_snapshot(L, 1, count, is_sequence, &after);
  if (is_sequence) {
    lua_Number position = lua_type(L, 2) == LUA_TNUMBER ? lua_tonumber(L, 2) : count;
    snapshot->cursor = position >= count ? count : position >= 1 ? (uint32_t)position : 0;
  }
  cursors->newest = (cursors->newest + 1) % CURSORS;
  int value = cursors->newest * CURSOR_VALUES + 1;
  lua_setiuservalue(L, 3, value + 2);
  lua_setiuservalue(L, 3, value + 1);
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, 3, value);
  return value;
}

// Whether the key that a cursor gave out last is the one at index 2.
static bool is_at_key(lua_State *L, const struct snapshot *snapshot, int list) {
  if (snapshot->cursor == 0) return false;
  if (snapshot->is_sequence) return lua_isinteger(L, 2) && lua_tointeger(L, 2) == snapshot->cursor;
  lua_rawgeti(L, list, snapshot->order[snapshot->cursor - 1]);
  bool equal = lua_rawequal(L, -1, 2);
  lua_pop(L, 1);
  return equal;
}

static int base_next(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) return first_entry(L);
  struct cursors *cursors = push_cursors(L);
  int value = find_cursor(L, 3);
  struct snapshot *snapshot = NULL;
  if (value != 0) {
    lua_getiuservalue(L, 3, value + 1);
    lua_getiuservalue(L, 3, value + 2);
    snapshot = lua_touserdata(L, 4);
    if (!is_at_key(L, snapshot, 5)) {
      drop_cursor(L, 3, value);
      snapshot = NULL;
    }
  }
  if (snapshot == NULL) {
    lua_settop(L, 3);
    value = make_cursor(L, cursors);
    lua_getiuservalue(L, 3, value + 1);
    lua_getiuservalue(L, 3, value + 2);
    snapshot = lua_touserdata(L, 4);
  }
  if (push_next(L, snapshot, 1, 5)) return 2;
  drop_cursor(L, 3, value);
  lua_pushnil(L);
  return 1;
}

void ebb_open_pairs(lua_State *L) {
  static const luaL_Reg functions[] = {{"next", base_next}, {"pairs", base_pairs}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
