// table.sort: a stable merge sort, from the bottom up, over copies of the elements. Its whole state lies in a userdata and in
// tables, so that a comparison may wait for the host and may say what it likes.
#include <limits.h>

#include "lib.h"

// Where things stand on the stack while a sort goes on.
enum { TABLE = 1, LESS = 2, FROM = 3, INTO = 4, STATE = 5 };

// Runs of `width` sorted elements in FROM are merged in pairs into INTO: left..<middle with right..<end, to `place`.
struct sort {
  lua_Integer count, width;
  lua_Integer left, middle, right, end, place;
};

static void move(lua_State *L, int from, lua_Integer source, int into, lua_Integer target) {
  lua_rawgeti(L, from, source);
  lua_rawseti(L, into, target);
}

// Opens the pair of runs that begins at `start`.
static void open_pair(struct sort *s, lua_Integer start) {
  s->place = s->left = start;
  s->middle = s->right = s->count - start < s->width ? s->count + 1 : start + s->width;
  if (s->middle > s->count + 1) s->middle = s->right = s->count + 1;
  s->end = s->count + 1 - s->middle < s->width ? s->count + 1 : s->middle + s->width;
}

// Pushes whether the element on top is less than the one below it, unless a metamethod or a comparator has to be called for that:
// then the call is pushed, and false is returned.
static bool compare_raw(lua_State *L) {
  if (lua_isnil(L, LESS)) {
    int left = lua_type(L, -2), right = lua_type(L, -1);
    bool raw = left == right && (left == LUA_TNUMBER || left == LUA_TSTRING);
    if (!raw && luaL_getmetafield(L, -2, "__lt") == LUA_TNIL && luaL_getmetafield(L, -1, "__lt") == LUA_TNIL) raw = true;
    if (raw) {
      bool less = lua_compare(L, -2, -1, LUA_OPLT);
      lua_pop(L, 2);
      lua_pushboolean(L, less);
      return true;
    }
    lua_pop(L, 1);
    ebb_push_slow(L, "less");
  } else {
    lua_pushvalue(L, LESS);
  }
  lua_insert(L, -3);
  return false;
}

// Takes the smaller of the two elements at hand; the answer whether the right one is less stands on top.
static void take(lua_State *L, struct sort *s) {
  bool right = lua_toboolean(L, -1);
  lua_settop(L, STATE);
  move(L, FROM, right ? s->right++ : s->left++, INTO, s->place++);
}

static int sort_on(lua_State *L, int status, lua_KContext context);

// Goes on until the tables have changed roles for the last time. One comparison at most is open at any time.
static void merge(lua_State *L, struct sort *s) {
  size_t work = 0;
  while (s->width < s->count) {
    while (s->left < s->middle && s->right < s->end) {
      lua_rawgeti(L, FROM, s->right);
      lua_rawgeti(L, FROM, s->left);
      if (!compare_raw(L)) lua_callk(L, 2, 1, 0, sort_on);
      take(L, s);
      ebb_spend(L, &work, 4);
    }
    while (s->left < s->middle) {
      move(L, FROM, s->left++, INTO, s->place++);
      ebb_spend(L, &work, 1);
    }
    while (s->right < s->end) {
      move(L, FROM, s->right++, INTO, s->place++);
      ebb_spend(L, &work, 1);
    }
    if (s->end <= s->count) {
      open_pair(s, s->end);
      continue;
    }
    s->width *= 2;
    open_pair(s, 1);
    lua_pushvalue(L, FROM);
    lua_copy(L, INTO, FROM);
    lua_replace(L, INTO);
  }
}

static int finish(lua_State *L, struct sort *s) {
  size_t work = 0;
  merge(L, s);
  for (lua_Integer i = 1; i <= s->count; i++) {
    move(L, FROM, i, TABLE, i);
    ebb_spend(L, &work, 1);
  }
  return 0;
}

// Comes back from a comparison that waited.
static int sort_on(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  struct sort *s = lua_touserdata(L, STATE);
  take(L, s);
  return finish(L, s);
}

static int sort_plain(lua_State *L, lua_Integer count) {
  lua_settop(L, 2);
  if (count < 2) return 0;
  luaL_argcheck(L, count < INT_MAX, 1, "array too big");
  lua_createtable(L, (int)count, 0);
  lua_createtable(L, (int)count, 0);
  struct sort *s = lua_newuserdatauv(L, sizeof *s, 0);
  *s = (struct sort){.count = count, .width = 1};
  size_t work = 0;
  for (lua_Integer i = 1; i <= count; i++) {
    move(L, TABLE, i, FROM, i);
    ebb_spend(L, &work, 1);
  }
  open_pair(s, 1);
  return finish(L, s);
}

int ebb_table_sort_counted(lua_State *L) { return sort_plain(L, luaL_checkinteger(L, 3)); }

int ebb_table_sort(lua_State *L) {
  luaL_checktype(L, TABLE, LUA_TTABLE);
  if (!lua_isnoneornil(L, LESS)) luaL_checktype(L, LESS, LUA_TFUNCTION);
  if (!ebb_has_access_metamethod(L, TABLE)) return sort_plain(L, (lua_Integer)lua_rawlen(L, TABLE));
  lua_settop(L, 2);
  return ebb_call_slow(L, "sort");
}
