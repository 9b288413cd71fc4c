// The C side of the Lua room as Swift sees it. Nothing here raises or yields: whatever can fail returns a status.
#ifndef EBB_CLUASHIM_H
#define EBB_CLUASHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct lua_State lua_State;
typedef struct ebb_context ebb_context;
typedef struct ebb_branch ebb_branch;

// Bytes of malloc's.
typedef struct ebb_buffer {
  char *data;
  size_t size, capacity;
} ebb_buffer;

// One frame of a trace. Strings are cut to fit and end with a zero byte.
typedef struct ebb_frame {
  char source[96];    // chunk name without its mark
  char function[64];  // empty: a chunk's main part, or a function without a name
  int line;
} ebb_frame;

enum { EBB_TRACE_FRAMES = 24 };

// The merchant's frames, innermost first; `skipped` were left out in the middle.
typedef struct ebb_trace {
  ebb_frame *frames;  // room for EBB_TRACE_FRAMES, or NULL while there is none
  int count, skipped;
} ebb_trace;

// What the host answers to a call.
typedef enum : int {
  EBB_REPLY_VALUES = 0,    // `bytes` holds `count` JSON documents, whose ends are `ends`
  EBB_REPLY_FUNCTION = 1,  // the function anchored as `reference`
  EBB_REPLY_RAISE = 2,     // `bytes` is the JSON object of an error
  EBB_REPLY_SUSPEND = 3,   // the answer comes with a later ebb_resume
} ebb_reply_kind;

typedef struct ebb_reply {
  ebb_reply_kind kind;
  const char *bytes;   // owned by the host, valid until the next call or resume
  const size_t *ends;
  size_t count;
  int reference;
} ebb_reply;

// What `require` gets from the host.
typedef struct ebb_module {
  bool found;
  bool host;           // a chunk of the host's own
  bool compiled;       // `bytes` were dumped by this process
  const char *bytes;   // the chunk, or the message when it was not found; owned by the host
  size_t size;
  const char *name;    // chunk name
} ebb_module;

// What Lua asks of the host. None may raise; `host` is passed back unchanged.
typedef struct ebb_callbacks {
  void *host;
  void (*call)(void *host, int function, lua_State *L, ebb_reply *reply);
  int (*resolve)(void *host, const char *name, size_t size);  // the number of a host function, or -1
  void (*module)(void *host, const char *name, size_t size, ebb_module *module);
  int64_t (*zone_offset)(void *host, int64_t seconds);  // seconds east of UTC at an instant (seconds since 1970)
} ebb_callbacks;

#endif
