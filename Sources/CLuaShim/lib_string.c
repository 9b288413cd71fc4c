// The string library and the metatable of strings.
#include <string.h>

#include "lib.h"

static int change_case(lua_State *L, int (*is_changed)(unsigned char)) {
  size_t size, work = 0;
  const char *text = luaL_checklstring(L, 1, &size);
  luaL_Buffer buffer;
  char *to = luaL_buffinitsize(L, &buffer, size);
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    to[i] = (char)(is_changed(c) ? c ^ 0x20 : c);
    if (i % 1024 == 0) ebb_spend(L, &work, 64);
  }
  luaL_pushresultsize(&buffer, size);
  return 1;
}

static int string_lower(lua_State *L) { return change_case(L, ebb_is_upper); }
static int string_upper(lua_State *L) { return change_case(L, ebb_is_lower); }

static int string_rep(lua_State *L) {
  size_t size, separator_size, work = 0;
  const char *text = luaL_checklstring(L, 1, &size);
  lua_Integer count = luaL_checkinteger(L, 2);
  const char *separator = luaL_optlstring(L, 3, "", &separator_size);
  if (count <= 0 || size + separator_size == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  if (size + separator_size > (size_t)PTRDIFF_MAX / (size_t)count) return luaL_error(L, "resulting string too large");
  size_t total = (size_t)count * size + (size_t)(count - 1) * separator_size;
  luaL_Buffer buffer;
  char *to = luaL_buffinitsize(L, &buffer, total);
  for (lua_Integer i = 0; i < count; i++) {
    memcpy(to, text, size);
    to += size;
    if (separator_size > 0 && i + 1 < count) {
      memcpy(to, separator, separator_size);
      to += separator_size;
    }
    ebb_spend(L, &work, 1 + (size + separator_size) / 64);
  }
  luaL_pushresultsize(&buffer, total);
  return 1;
}

// MARK: - Arithmetic on strings, as Lua defines it

static bool to_number(lua_State *L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) {
    lua_pushvalue(L, index);
    return true;
  }
  size_t size;
  const char *text = lua_tolstring(L, index, &size);
  return text != NULL && lua_stringtonumber(L, text) == size + 1;
}

static int finish_arithmetic(lua_State *L, int status, lua_KContext context) {
  (void)L, (void)status, (void)context;
  return 1;
}

static int arithmetic(lua_State *L, int operation, const char *event) {
  if (to_number(L, 1) && to_number(L, 2)) {
    lua_arith(L, operation);
    return 1;
  }
  lua_settop(L, 2);
  if (lua_type(L, 2) == LUA_TSTRING || luaL_getmetafield(L, 2, event) == LUA_TNIL) {
    return luaL_error(L, "attempt to %s a '%s' with a '%s'", event + 2, luaL_typename(L, 1), luaL_typename(L, 2));
  }
  lua_insert(L, 1);
  lua_callk(L, 2, 1, 0, finish_arithmetic);
  return 1;
}

static int string_add(lua_State *L) { return arithmetic(L, LUA_OPADD, "__add"); }
static int string_sub(lua_State *L) { return arithmetic(L, LUA_OPSUB, "__sub"); }
static int string_mul(lua_State *L) { return arithmetic(L, LUA_OPMUL, "__mul"); }
static int string_mod(lua_State *L) { return arithmetic(L, LUA_OPMOD, "__mod"); }
static int string_pow(lua_State *L) { return arithmetic(L, LUA_OPPOW, "__pow"); }
static int string_div(lua_State *L) { return arithmetic(L, LUA_OPDIV, "__div"); }
static int string_idiv(lua_State *L) { return arithmetic(L, LUA_OPIDIV, "__idiv"); }

// A unary minus passes its operand twice.
static int string_unm(lua_State *L) {
  lua_settop(L, 1);
  if (!to_number(L, 1)) return luaL_error(L, "attempt to unm a 'string' with a 'string'");
  lua_arith(L, LUA_OPUNM);
  return 1;
}

static void set_string_metatable(lua_State *L, int library) {
  static const luaL_Reg events[] = {
      {"__add", string_add}, {"__sub", string_sub}, {"__mul", string_mul},   {"__mod", string_mod}, {"__pow", string_pow},
      {"__div", string_div}, {"__unm", string_unm}, {"__idiv", string_idiv}, {NULL, NULL}};
  lua_pushliteral(L, "");
  lua_createtable(L, 0, 10);
  luaL_setfuncs(L, events, 0);
  lua_pushvalue(L, library);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
}

void ebb_open_string(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"lower", string_lower}, {"rep", string_rep}, {"upper", string_upper}, {NULL, NULL}};
  lua_createtable(L, 0, 16);
  ebb_set_stock(L, EBB_STOCK_STRING);
  luaL_setfuncs(L, functions, 0);
  ebb_open_match(L);
  ebb_open_gsub(L);
  ebb_open_format(L);
  set_string_metatable(L, lua_gettop(L));
  lua_setglobal(L, LUA_STRLIBNAME);
}
