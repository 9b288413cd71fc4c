// string.format: metamethods first, as they may wait for the host, then the text.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib.h"

// One conversion of a format, e.g. "%-5.2f".
struct conversion {
  char text[24];  // as printf takes it, without the letter
  size_t size;
  char letter;
  bool has_precision;
  const char *after;
};

// Reads the conversion whose '%' stands at `p`.
static struct conversion read_conversion(lua_State *L, const char *p, const char *end) {
  struct conversion c = {.text = "%", .size = 1};
  size_t count = 1;
  while (p + count < end && p[count] != '\0' && strchr("-+ #0123456789.", p[count]) != NULL) count++;
  if (count >= sizeof c.text - 2) luaL_error(L, "invalid format string to 'format'");
  memcpy(c.text, p, count);
  c.size = count;
  c.text[count] = '\0';
  c.letter = p + count < end ? p[count] : '\0';
  c.after = p + count + (p + count < end);
  c.has_precision = strchr(c.text, '.') != NULL;
  return c;
}

static const char *skip_digits(const char *p) {
  for (int i = 0; i < 2 && ebb_is_digit((unsigned char)*p); i++) p++;
  return p;
}

// Raises where a conversion has other flags than those, a width over 99, or a precision where none is allowed.
static void check(lua_State *L, const struct conversion *c, const char *flags, bool precision) {
  const char *p = c->text + 1;
  p += strspn(p, flags);
  if (*p != '0') {
    p = skip_digits(p);
    if (*p == '.' && precision) p = skip_digits(p + 1);
  }
  if (*p != '\0') luaL_error(L, "invalid conversion '%s%c' to 'format'", c->text, c->letter);
}

// Adds what printf makes of one value.
#define ADD_PRINTED(room, modifier, value)                                       \
  do {                                                                           \
    char form_[32];                                                              \
    snprintf(form_, sizeof form_, "%s%s%c", c->text, (modifier), c->letter);     \
    char *to_ = luaL_prepbuffsize(buffer, (room));                               \
    luaL_addsize(buffer, (size_t)snprintf(to_, (room), form_, (value)));         \
  } while (0)

// The functions below build their format at run time, from what `check` has let through.
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void add_quoted_text(luaL_Buffer *buffer, const char *text, size_t size) {
  luaL_addchar(buffer, '"');
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\' || c == '\n') {
      luaL_addchar(buffer, '\\');
      luaL_addchar(buffer, (char)c);
    } else if (c < 0x20 || c == 0x7F) {
      char escape[8];
      bool digit = i + 1 < size && ebb_is_digit((unsigned char)text[i + 1]);
      snprintf(escape, sizeof escape, digit ? "\\%03d" : "\\%d", c);
      luaL_addstring(buffer, escape);
    } else {
      luaL_addchar(buffer, (char)c);
    }
  }
  luaL_addchar(buffer, '"');
}

static void add_quoted_number(lua_State *L, luaL_Buffer *buffer, int index) {
  char text[64];
  if (lua_isinteger(L, index)) {
    lua_Integer value = lua_tointeger(L, index);
    snprintf(text, sizeof text, value == LUA_MININTEGER ? "0x%llx" : "%lld", (long long)value);
  } else {
    lua_Number value = lua_tonumber(L, index);
    if (isnan(value)) snprintf(text, sizeof text, "(0/0)");
    else if (isinf(value)) snprintf(text, sizeof text, value > 0 ? "1e9999" : "-1e9999");
    else snprintf(text, sizeof text, "%a", value);
  }
  luaL_addstring(buffer, text);
}

static void add_quoted(lua_State *L, luaL_Buffer *buffer, int index) {
  switch (lua_type(L, index)) {
    case LUA_TSTRING: {
      size_t size;
      const char *text = lua_tolstring(L, index, &size);
      add_quoted_text(buffer, text, size);
      return;
    }
    case LUA_TNUMBER: add_quoted_number(L, buffer, index); return;
    case LUA_TNIL: luaL_addstring(buffer, "nil"); return;
    case LUA_TBOOLEAN: luaL_addstring(buffer, lua_toboolean(L, index) ? "true" : "false"); return;
    default: luaL_argerror(L, index, "value has no literal form");
  }
}

static void add_text(lua_State *L, luaL_Buffer *buffer, const struct conversion *c, int index) {
  size_t size;
  if (lua_type(L, index) != LUA_TSTRING) {
    ebb_push_text(L, index);
    lua_replace(L, index);
  }
  const char *text = lua_tolstring(L, index, &size);
  if (c->size == 1) {
    luaL_addlstring(buffer, text, size);
    return;
  }
  luaL_argcheck(L, size == strlen(text), index, "string contains zeros");
  check(L, c, "-", true);
  if (!c->has_precision && size >= 100) luaL_addlstring(buffer, text, size);
  else ADD_PRINTED(256, "", text);
}

static void add_conversion(lua_State *L, luaL_Buffer *buffer, const struct conversion *c, int index) {
  switch (c->letter) {
    case 'c':
      check(L, c, "-", false);
      ADD_PRINTED(128, "", (int)luaL_checkinteger(L, index));
      return;
    case 'd': case 'i':
    case 'u': case 'o': case 'x': case 'X': {
      const char *flags = c->letter == 'd' || c->letter == 'i' ? "-+0 " : c->letter == 'u' ? "-0" : "-#0";
      lua_Integer value = luaL_checkinteger(L, index);
      check(L, c, flags, true);
      ADD_PRINTED(256, "ll", (long long)value);
      return;
    }
    case 'a': case 'A': case 'e': case 'E': case 'f': case 'g': case 'G': {
      lua_Number value = luaL_checknumber(L, index);
      check(L, c, "-+#0 ", true);
      ADD_PRINTED(512, "", value);
      return;
    }
    case 'q':
      if (c->size > 1) luaL_error(L, "specifier '%%q' cannot have modifiers");
      add_quoted(L, buffer, index);
      return;
    case 's': add_text(L, buffer, c, index); return;
    default: luaL_error(L, "invalid conversion '%s%c' to 'format'", c->text, c->letter);
  }
}

static int write_format(lua_State *L) {
  size_t size, work = 0;
  const char *p = lua_tolstring(L, 1, &size), *end = p + size;
  int index = 1, count = lua_gettop(L);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  while (p < end) {
    const char *percent = memchr(p, '%', (size_t)(end - p));
    luaL_addlstring(&buffer, p, (size_t)((percent == NULL ? end : percent) - p));
    if (percent == NULL) break;
    ebb_spend(L, &work, 16);
    if (percent + 1 < end && percent[1] == '%') {
      luaL_addchar(&buffer, '%');
      p = percent + 2;
      continue;
    }
    if (++index > count) return luaL_argerror(L, index, "no value");
    struct conversion c = read_conversion(L, percent, end);
    add_conversion(L, &buffer, &c, index);
    p = c.after;
  }
  luaL_pushresult(&buffer);
  return 1;
}

static int format_on(lua_State *L, int status, lua_KContext index);

// Replaces every argument of a "%s" that has a __tostring by what that returns. The next one to look at is at `index`.
static int call_metamethods(lua_State *L, int index) {
  size_t size;
  const char *p = lua_tolstring(L, 1, &size), *end = p + size;
  int argument = 1, count = lua_gettop(L);
  while (p < end && (p = memchr(p, '%', (size_t)(end - p))) != NULL) {
    if (p + 1 < end && p[1] == '%') {
      p += 2;
      continue;
    }
    if (++argument > count) break;
    struct conversion c = read_conversion(L, p, end);
    p = c.after;
    if (argument < index || c.letter != 's' || luaL_getmetafield(L, argument, "__tostring") == LUA_TNIL) continue;
    lua_pushvalue(L, argument);
    lua_callk(L, 1, 1, argument, format_on);
    return format_on(L, LUA_OK, argument);
  }
  return write_format(L);
}

static int format_on(lua_State *L, int status, lua_KContext index) {
  (void)status;
  if (!lua_isstring(L, -1)) return luaL_error(L, "'__tostring' must return a string");
  lua_tolstring(L, -1, NULL);
  lua_replace(L, (int)index);
  return call_metamethods(L, (int)index + 1);
}

static bool is_object(lua_State *L, int index) {
  int type = lua_type(L, index);
  return type == LUA_TTABLE || type == LUA_TUSERDATA;
}

static int string_format(lua_State *L) {
  luaL_checkstring(L, 1);
  int count = lua_gettop(L);
  for (int index = 2; index <= count; index++) {
    if (is_object(L, index)) return call_metamethods(L, 2);
  }
  return write_format(L);
}

void ebb_open_format(lua_State *L) {
  lua_pushcfunction(L, string_format);
  lua_setfield(L, -2, "format");
}
