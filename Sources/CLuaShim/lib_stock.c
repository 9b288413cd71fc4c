// What is taken from Lua's own library unchanged: functions that end soon whatever they are given, that are the same on every
// machine, and that run no metamethod. They have no upvalues, so their addresses, read once from a state made for that, serve all.
#include <pthread.h>
#include <string.h>

#include "lib.h"

static luaL_Reg base[] = {{"assert", NULL}, {"error", NULL}, {"getmetatable", NULL}, {"rawequal", NULL}, {"rawget", NULL},
                          {"rawlen", NULL}, {"rawset", NULL}, {"select", NULL}, {"tonumber", NULL}, {"type", NULL}, {NULL, NULL}};
static luaL_Reg string[] = {{"byte", NULL}, {"char", NULL}, {"len", NULL}, {"pack", NULL}, {"packsize", NULL},
                            {"reverse", NULL}, {"sub", NULL}, {"unpack", NULL}, {NULL, NULL}};
static luaL_Reg table[] = {{"pack", NULL}, {NULL, NULL}};
static luaL_Reg math[] = {{"abs", NULL}, {"acos", NULL}, {"asin", NULL}, {"atan", NULL}, {"ceil", NULL}, {"cos", NULL},
                          {"deg", NULL}, {"exp", NULL}, {"floor", NULL}, {"fmod", NULL}, {"log", NULL}, {"max", NULL},
                          {"min", NULL}, {"modf", NULL}, {"rad", NULL}, {"sin", NULL}, {"sqrt", NULL}, {"tan", NULL},
                          {"tointeger", NULL}, {"type", NULL}, {"ult", NULL}, {NULL, NULL}};
static luaL_Reg os[] = {{"difftime", NULL}, {NULL, NULL}};
static luaL_Reg utf8[] = {{"char", NULL}, {"codepoint", NULL}, {"codes", NULL}, {"len", NULL}, {"offset", NULL}, {NULL, NULL}};

static luaL_Reg *const libraries[] = {
    [EBB_STOCK_BASE] = base, [EBB_STOCK_STRING] = string, [EBB_STOCK_TABLE] = table,
    [EBB_STOCK_MATH] = math, [EBB_STOCK_OS] = os, [EBB_STOCK_UTF8] = utf8};

static void look_up(lua_State *L, enum ebb_stock library, const char *name, lua_CFunction open) {
  luaL_requiref(L, name, open, 0);
  for (luaL_Reg *entry = libraries[library]; entry->name != NULL; entry++) {
    lua_getfield(L, -1, entry->name);
    entry->func = lua_tocfunction(L, -1);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

static int look_up_all(lua_State *L) {
  look_up(L, EBB_STOCK_BASE, LUA_GNAME, luaopen_base);
  look_up(L, EBB_STOCK_STRING, LUA_STRLIBNAME, luaopen_string);
  look_up(L, EBB_STOCK_TABLE, LUA_TABLIBNAME, luaopen_table);
  look_up(L, EBB_STOCK_MATH, LUA_MATHLIBNAME, luaopen_math);
  look_up(L, EBB_STOCK_OS, LUA_OSLIBNAME, luaopen_os);
  look_up(L, EBB_STOCK_UTF8, LUA_UTF8LIBNAME, luaopen_utf8);
  return 0;
}

// Where there is no memory the names stay without a function, and luaL_setfuncs sets false for them.
static void look_up_once(void) {
  lua_State *L = luaL_newstate();
  if (L == NULL) return;
  lua_pushcfunction(L, look_up_all);
  lua_pcall(L, 0, 0, 0);
  lua_close(L);
}

static luaL_Reg *functions(enum ebb_stock library) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, look_up_once);
  return libraries[library];
}

void ebb_set_stock(lua_State *L, enum ebb_stock library) { luaL_setfuncs(L, functions(library), 0); }

lua_CFunction ebb_stock_function(enum ebb_stock library, const char *name) {
  for (luaL_Reg *entry = functions(library); entry->name != NULL; entry++) {
    if (strcmp(entry->name, name) == 0) return entry->func;
  }
  return NULL;
}

void ebb_open_utf8(lua_State *L) {
  lua_createtable(L, 0, 6);
  ebb_set_stock(L, EBB_STOCK_UTF8);
  lua_pushlstring(L, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
  lua_setfield(L, -2, "charpattern");
  lua_setglobal(L, LUA_UTF8LIBNAME);
}
