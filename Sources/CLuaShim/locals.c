// What the merchant's functions hold while the host is called: for looking into a run, never for running it.
#include <string.h>

#include "internal.h"

// Finds the merchant's frame of that number, innermost first, through all coroutines that wait for one another.
static lua_State *find(lua_State *L, int number, lua_Debug *activation, ebb_frame *frame) {
  ebb_link *link = ebb_ctx(L)->running;
  while (link != NULL && link->thread != L) link = link->outer;
  for (lua_State *thread = L; thread != NULL; link = link->outer, thread = link == NULL ? NULL : link->thread) {
    for (int level = 0; lua_getstack(thread, level, activation); level++) {
      if (ebb_frame_merchant(thread, activation, frame) && number-- == 0) return thread;
    }
    if (link == NULL) return NULL;
  }
  return NULL;
}

bool ebb_call_frame(lua_State *L, int number, ebb_frame *frame) {
  lua_Debug activation;
  return find(L, number, &activation, frame) != NULL;
}

// Pushes the variable and returns its name, or NULL with nothing pushed.
static const char *push(lua_State *thread, lua_Debug *activation, bool upvalue, int number) {
  if (!upvalue) return lua_getlocal(thread, activation, number);
  lua_getinfo(thread, "f", activation);
  const char *name = lua_getupvalue(thread, -1, number);
  lua_remove(thread, name == NULL ? -1 : -2);
  return name;
}

bool ebb_call_variable(
    lua_State *L, int frame_number, bool upvalue, int number, char name[64], ebb_buffer *out, size_t limit, char message[192]) {
  lua_Debug activation;
  ebb_frame frame;
  lua_State *thread = find(L, frame_number, &activation, &frame);
  if (thread == NULL || !lua_checkstack(thread, 8)) return false;
  const char *found = push(thread, &activation, upvalue, number);
  if (found == NULL) return false;
  size_t size = strlen(found);
  if (size > 63) size = 63;
  memcpy(name, found, size);
  name[size] = 0;
  ebb_json_error error = {0};
  ebb_json_limits limits = {.depth = EBB_DEPTH, .bytes = limit};
  message[0] = 0;
  if (ebb_json_encode(thread, -1, out, limits, &error) != 0) {
    // A function has no value to show, and says so by its type; what else cannot be shown says why.
    bool composed = lua_type(thread, -1) == LUA_TTABLE || lua_type(thread, -1) == LUA_TSTRING;
    const char *why = composed ? error.message : luaL_typename(thread, -1);
    size = strlen(why);
    if (size > 191) size = 191;
    memcpy(message, why, size);
    message[size] = 0;
  }
  lua_pop(thread, 1);
  return true;
}
