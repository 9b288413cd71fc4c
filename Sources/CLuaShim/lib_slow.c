// The slow paths of table.* and kin: over tables with __index, __newindex or __len, whose metamethods may wait for the host.
// They are Lua, since Lua may be suspended anywhere; compiled when a state first needs one, which most never do.
#include <string.h>

#include "lib.h"

static const char source[] =
    "local error, tointeger, type, ult, sort, concat, unpack = ...\n"
    "local function length(t)\n"
    "  return tointeger(#t) or error('object length is not an integer', 4)\n"
    "end\n"
    "local slow = {}\n"
    "function slow.index(t, k) return t[k] end\n"
    "function slow.less(a, b) return a < b end\n"
    "function slow.append(t, v) t[length(t) + 1] = v end\n"
    "function slow.insert(t, position, v)\n"
    "  local last = length(t) + 1\n"
    "  if not ult(position - 1, last) then error(\"bad argument #2 to 'insert' (position out of bounds)\", 3) end\n"
    "  for i = last, position + 1, -1 do t[i] = t[i - 1] end\n"
    "  t[position] = v\n"
    "end\n"
    "function slow.remove(t, position)\n"
    "  local last = length(t)\n"
    "  position = position or last\n"
    "  if position ~= last and ult(last, position - 1) then\n"
    "    error(\"bad argument #2 to 'remove' (position out of bounds)\", 3)\n"
    "  end\n"
    "  local v = t[position]\n"
    "  for i = position, last - 1 do t[i] = t[i + 1] end\n"
    "  t[last > position and last or position] = nil\n"
    "  return v\n"
    "end\n"
    "function slow.move(from, first, last, to, into)\n"
    "  if to > last or to <= first or from ~= into then\n"
    "    for i = 0, last - first do into[to + i] = from[first + i] end\n"
    "  else\n"
    "    for i = last - first, 0, -1 do into[to + i] = from[first + i] end\n"
    "  end\n"
    "  return into\n"
    "end\n"
    "function slow.concat(t, separator, first, last)\n"
    "  local copy, n = {}, 0\n"
    "  for i = first, last or length(t) do\n"
    "    local v = t[i]\n"
    "    local kind = type(v)\n"
    "    if kind ~= 'string' and kind ~= 'number' then\n"
    "      error(\"invalid value (\" .. kind .. \") at index \" .. i .. \" in table for 'concat'\", 3)\n"
    "    end\n"
    "    n = n + 1\n"
    "    copy[n] = v\n"
    "  end\n"
    "  return concat(copy, separator, 1, n)\n"
    "end\n"
    "function slow.unpack(t, first, last)\n"
    "  local copy, n = {}, 0\n"
    "  last = last or length(t)\n"
    "  if first <= last and (last - first < 0 or last - first >= 1000000) then\n"
    "    error('too many results to unpack', 3)\n"
    "  end\n"
    "  for i = first, last do\n"
    "    n = n + 1\n"
    "    copy[n] = t[i]\n"
    "  end\n"
    "  return unpack(copy, 1, n)\n"
    "end\n"
    "function slow.sort(t, less)\n"
    "  local copy, n = {}, length(t)\n"
    "  for i = 1, n do copy[i] = t[i] end\n"
    "  sort(copy, less, n)\n"
    "  for i = 1, n do t[i] = copy[i] end\n"
    "end\n"
    "return slow\n";

static const char slow_key = 0;

static void push_library(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &slow_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  if (luaL_loadbufferx(L, source, sizeof source - 1, "=[ebb]", "t") != LUA_OK) lua_error(L);
  lua_pushcfunction(L, ebb_stock_function(EBB_STOCK_BASE, "error"));
  lua_pushcfunction(L, ebb_stock_function(EBB_STOCK_MATH, "tointeger"));
  lua_pushcfunction(L, ebb_stock_function(EBB_STOCK_BASE, "type"));
  lua_pushcfunction(L, ebb_stock_function(EBB_STOCK_MATH, "ult"));
  lua_pushcfunction(L, ebb_table_sort_counted);
  lua_pushcfunction(L, ebb_table_concat);
  lua_pushcfunction(L, ebb_table_unpack);
  lua_call(L, 7, 1);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &slow_key);
}

void ebb_push_slow(lua_State *L, const char *name) {
  push_library(L);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
}

static bool has(lua_State *L, int index, const char *event) {
  if (luaL_getmetafield(L, index, event) == LUA_TNIL) return false;
  lua_pop(L, 1);
  return true;
}

bool ebb_has_access_metamethod(lua_State *L, int index) {
  if (!lua_getmetatable(L, index)) return false;
  lua_pop(L, 1);
  return has(L, index, "__index") || has(L, index, "__newindex") || has(L, index, "__len");
}

static int finish(lua_State *L, int status, lua_KContext below) {
  (void)status;
  return lua_gettop(L) - (int)below;
}

int ebb_call_slow(lua_State *L, const char *name) {
  int count = lua_gettop(L);
  ebb_push_slow(L, name);
  lua_insert(L, 1);
  lua_callk(L, count, LUA_MULTRET, 0, finish);
  return finish(L, LUA_OK, 0);
}
