// string.gsub. Its state lies in a userdata, so that a replacement function may wait for the host.
#include <string.h>

#include "lib.h"

// Where things stand on the stack while a substitution goes on.
enum { SUBJECT = 1, PATTERN = 2, REPLACEMENT = 3, LIMIT = 4, STATE = 5, TEXT = 6 };

struct substitution {
  const char *from, *last_end;  // where the next match may begin; where the last one ended
  const char *begin, *end;      // the match at hand
  lua_Integer count, limit;
  bool anchored, changed;
  size_t size, capacity;  // of the text so far, in the userdata at TEXT
  char *text;
  struct ebb_pattern pattern;
  struct ebb_pattern_node nodes[];
};

static void append(lua_State *L, struct substitution *s, const char *bytes, size_t size) {
  if (size > s->capacity - s->size) {
    size_t capacity = s->capacity < 64 ? 128 : s->capacity * 2;
    if (capacity < s->size + size) capacity = s->size + size;
    char *text = lua_newuserdatauv(L, capacity, 0);
    if (s->size > 0) memcpy(text, s->text, s->size);
    lua_replace(L, TEXT);
    s->text = text;
    s->capacity = capacity;
  }
  if (size > 0) memcpy(s->text + s->size, bytes, size);
  s->size += size;
}

static void append_capture(lua_State *L, struct substitution *s, int index) {
  if (index < s->pattern.level && s->pattern.captures[index].size >= 0) {
    append(L, s, s->pattern.captures[index].begin, (size_t)s->pattern.captures[index].size);
    return;
  }
  ebb_pattern_push(&s->pattern, index, s->begin, s->end);
  size_t size;
  const char *text = lua_tolstring(L, -1, &size);
  append(L, s, text, size);
  lua_settop(L, TEXT);
}

static void append_template(lua_State *L, struct substitution *s) {
  size_t size;
  const char *p = lua_tolstring(L, REPLACEMENT, &size), *end = p + size;
  while (true) {
    const char *escape = memchr(p, '%', (size_t)(end - p));
    append(L, s, p, (size_t)((escape == NULL ? end : escape) - p));
    if (escape == NULL) return;
    char what = escape + 1 < end ? escape[1] : '\0';
    if (what == '%') append(L, s, "%", 1);
    else if (what == '0') append(L, s, s->begin, (size_t)(s->end - s->begin));
    else if (ebb_is_digit((unsigned char)what)) append_capture(L, s, what - '1');
    else luaL_error(L, "invalid use of '%%' in replacement string");
    p = escape + 2;
  }
}

// Puts the value on top in place of the match; false and nil keep it.
static void append_value(lua_State *L, struct substitution *s) {
  if (!lua_toboolean(L, -1)) {
    append(L, s, s->begin, (size_t)(s->end - s->begin));
  } else if (lua_isstring(L, -1)) {
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);
    append(L, s, text, size);
    s->changed = true;
  } else {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  }
  lua_settop(L, TEXT);
}

// Finds the next match, and copies what stands before it; false at the end of the subject or of the limit.
static bool find_next(lua_State *L, struct substitution *s) {
  struct ebb_pattern *pattern = &s->pattern;
  const char *copied = s->from;
  while (s->count < s->limit && s->from <= pattern->subject_end) {
    s->begin = s->from;
    s->end = s->anchored ? ebb_pattern_match(pattern, s->begin) : ebb_pattern_search(pattern, &s->begin);
    if (s->end == NULL) break;
    if (s->end != s->last_end) {
      append(L, s, copied, (size_t)(s->begin - copied));
      s->count++;
      s->from = s->last_end = s->end;
      return true;
    }
    if (s->anchored) break;
    s->from = s->begin + 1;
  }
  s->from = copied;
  return false;
}

static int substitute_on(lua_State *L, int status, lua_KContext context);

// Puts the replacement of the match at hand, calling what has to be called for it.
static void replace(lua_State *L, struct substitution *s) {
  int type = lua_type(L, REPLACEMENT);
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(L, REPLACEMENT);
    lua_callk(L, ebb_pattern_push_all(&s->pattern, s->begin, s->end), 1, 0, substitute_on);
    append_value(L, s);
  } else if (type == LUA_TTABLE) {
    ebb_pattern_push(&s->pattern, 0, s->begin, s->end);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, REPLACEMENT) == LUA_TNIL && luaL_getmetafield(L, REPLACEMENT, "__index") != LUA_TNIL) {
      lua_settop(L, TEXT + 1);
      ebb_push_slow(L, "index");
      lua_pushvalue(L, REPLACEMENT);
      lua_pushvalue(L, TEXT + 1);
      lua_callk(L, 2, 1, 0, substitute_on);
    }
    append_value(L, s);
  } else {
    append_template(L, s);
    s->changed = true;
  }
}

static int substitute(lua_State *L, struct substitution *s) {
  while (find_next(L, s)) {
    replace(L, s);
    if (s->anchored) break;
  }
  if (!s->changed) {
    lua_pushvalue(L, SUBJECT);
  } else {
    append(L, s, s->from, (size_t)(s->pattern.subject_end - s->from));
    lua_pushlstring(L, s->text, s->size);
  }
  lua_pushinteger(L, s->count);
  return 2;
}

// Comes back from a replacement that waited, maybe in another coroutine.
static int substitute_on(lua_State *L, int status, lua_KContext context) {
  (void)status, (void)context;
  struct substitution *s = lua_touserdata(L, STATE);
  s->pattern.L = L;
  append_value(L, s);
  if (s->anchored) s->limit = s->count;
  return substitute(L, s);
}

static int string_gsub(lua_State *L) {
  size_t size, pattern_size;
  const char *subject = luaL_checklstring(L, SUBJECT, &size), *text = luaL_checklstring(L, PATTERN, &pattern_size);
  int type = lua_type(L, REPLACEMENT);
  lua_Integer limit = luaL_optinteger(L, LIMIT, (lua_Integer)size + 1);
  luaL_argexpected(L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, REPLACEMENT,
                   "string/function/table");
  lua_settop(L, LIMIT);
  bool anchored = pattern_size > 0 && *text == '^';
  text += anchored;
  pattern_size -= anchored;
  size_t count = ebb_pattern_measure(text, pattern_size);
  struct substitution *s = lua_newuserdatauv(L, sizeof *s + count * sizeof s->nodes[0], 0);
  *s = (struct substitution){.from = subject, .limit = limit, .anchored = anchored};
  s->pattern.L = L;
  s->pattern.subject = subject;
  s->pattern.subject_end = subject + size;
  ebb_pattern_compile(&s->pattern, s->nodes, text, pattern_size);
  lua_pushnil(L);
  return substitute(L, s);
}

void ebb_open_gsub(lua_State *L) {
  lua_pushcfunction(L, string_gsub);
  lua_setfield(L, -2, "gsub");
}
