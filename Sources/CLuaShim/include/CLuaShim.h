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
  bool host;            // a chunk of the host's own
  int reference;        // the compiled chunk, anchored, which is released here; 0: there is none, and `message` says why
  const char *message;  // owned by the host, valid until the next call
  size_t size;
} ebb_module;

// What Lua asks of the host. None may raise; `host` is passed back unchanged.
typedef struct ebb_callbacks {
  void *host;
  void (*call)(void *host, int function, lua_State *L, ebb_reply *reply);
  int (*resolve)(void *host, const char *name, size_t size, bool *waits);  // the number of a host function, or -1
  void (*module)(void *host, const char *name, size_t size, ebb_module *module);
  int64_t (*zone_offset)(void *host, int64_t seconds);  // seconds east of UTC at an instant (seconds since 1970)
  void (*line)(void *host, const char *file, int line);  // a line of the merchant's is about to run; after ebb_state_cover only
} ebb_callbacks;

// MARK: - Threads

// Gives the calling thread its timer. 0, or an errno. Lua runs on prepared threads only.
int ebb_thread_prepare(void);
// Names the calling thread for debuggers; at most 15 bytes.
void ebb_thread_name(const char *name);

// MARK: - States

// A state with its libraries, or NULL when there is no memory. A tick is 10 ms of the thread's CPU time.
ebb_context *ebb_state_new(const ebb_callbacks *callbacks, size_t memory, uint64_t slice_ticks);
void ebb_state_bind(ebb_context *ctx, void *host);  // sets what callbacks get as `host`
void ebb_state_close(ebb_context *ctx);
size_t ebb_state_memory(const ebb_context *ctx);
void ebb_state_cover(ebb_context *ctx);  // from the next resume on the host is told of lines
const char *ebb_lua_release(void);  // e.g. "Lua 5.4.6"

typedef enum : int { EBB_LOADED = 0, EBB_LOAD_SYNTAX = 1, EBB_LOAD_MEMORY = 2, EBB_LOAD_TIME = 3 } ebb_load_status;

// Compiles a text, or takes what ebb_dump gave, and anchors the function. `message` and `message_size` tell what is wrong until the next call.
ebb_load_status ebb_load(ebb_context *ctx, const char *bytes, size_t size, const char *name, bool compiled, int *reference,
                         const char **message, size_t *message_size);
// The function compiled, as bytes that ebb_load takes; `strip` leaves out names and lines.
bool ebb_dump(ebb_context *ctx, int reference, bool strip, ebb_buffer *out);
void ebb_release(ebb_context *ctx, int reference);
void ebb_buffer_free(ebb_buffer *buffer);

// MARK: - Runs

// A new branch that will call the anchored function; a chunk of the host's gets the table of host functions first. NULL: no memory.
ebb_branch *ebb_branch_new(ebb_context *ctx, int reference, bool host, uint64_t seed);
void ebb_branch_free(ebb_context *ctx, ebb_branch *branch);

typedef enum : int {
  EBB_SUSPENDED = 0,
  EBB_FINISHED = 1,         // `value` holds the first result as canonical JSON; nothing when there was none
  EBB_FAILED = 2,           // `message`, `value` (the error as JSON, where it is a table), `trace`, `position`
  EBB_UNREADABLE = 3,       // the result cannot be sent: `message`
  EBB_ENDED_BY_TIME = 4,    // `trace`
  EBB_ENDED_BY_MEMORY = 5,  // `trace`
  EBB_MISUSED = 6,          // a resume inside of a host function, or a thread without a timer: `message`
} ebb_outcome;

typedef struct ebb_report {
  const char *message, *value;  // valid until the next call on this state
  size_t message_size, value_size;
  const ebb_trace *trace;
  bool positioned;     // `position` is known apart from the trace
  ebb_frame position;
  bool tagged;         // the error is one that the host raised
} ebb_report;

ebb_outcome ebb_resume(ebb_context *ctx, ebb_branch *branch, const ebb_reply *reply, int64_t now_ms, ebb_report *report);

// MARK: - Inside of a host function

int ebb_call_count(lua_State *L);
bool ebb_call_may_wait(lua_State *L);  // whether EBB_REPLY_SUSPEND is possible here
ebb_branch *ebb_call_branch(lua_State *L);
bool ebb_call_position(lua_State *L, ebb_frame *frame);
// Appends all arguments as one canonical JSON array. False: `message` and `pointer` (ends with a zero byte) say what is wrong and where.
bool ebb_call_arguments(lua_State *L, ebb_buffer *out, size_t limit, int depth, char message[192], char pointer[320]);
// Anchors the argument (from 1) when it is a function. 0: it is none, or there is no memory.
int ebb_call_function(lua_State *L, int argument);
// Where the error table in this argument was raised.
bool ebb_call_error_position(lua_State *L, int argument, ebb_frame *frame);

// The merchant's frame of that number, from 0, innermost first.
bool ebb_call_frame(lua_State *L, int number, ebb_frame *frame);
// A variable of that frame, from 1: a local one, or one of the functions around it. Appends its value as canonical JSON; where it has
// none that fits into `limit` bytes, `message` says why, and is empty otherwise. False: there is no such variable.
bool ebb_call_variable(lua_State *L, int frame, bool upvalue, int number, char name[64], ebb_buffer *out, size_t limit,
                       char message[192]);

// MARK: - For tests

void ebb_test_preempt(ebb_context *ctx, int instructions);
void ebb_test_fail_allocation(ebb_context *ctx, long after);

#endif
