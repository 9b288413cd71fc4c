// What the C files of the Lua room share. Never seen by Swift: its side of the seam is include/CLuaShim.h.
//
// Rules of the room:
// - Only C raises and yields. A function that Swift calls returns a status.
// - ebb_poll, ebb_call_limit and every lua_* call that may raise can leave by longjmp. What must be freed then has to belong to
//   Lua (a userdata, a string on the stack), never to malloc alone.
// - No finalizers (__gc), no weak tables, nothing that runs when a state is closed.
#ifndef EBB_INTERNAL_H
#define EBB_INTERNAL_H

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CLuaShim.h"

// MARK: - The context of a state

// Why a state was ended for good.
typedef enum : int { EBB_ALIVE = 0, EBB_KILLED_TIME = 1, EBB_KILLED_MEMORY = 2 } ebb_killed;

// Who the last lua_yield was meant for.
typedef enum : int {
  EBB_YIELD_SCRIPT = 0,   // coroutine.yield: ends at the nearest coroutine.resume
  EBB_YIELD_HOST = 1,     // a host function waits: passes through every coroutine to ebb_resume, and comes back the same way
  EBB_YIELD_KILL = 2,     // a limit: passes through every coroutine and never comes back
  EBB_YIELD_PREEMPT = 3,  // tests only: to ebb_resume and back at once
} ebb_yield_kind;

// One coroutine that the host started, with what is its own: its random numbers and its clock.
struct ebb_branch {
  lua_State *thread;    // the outermost coroutine of the branch
  int anchor, body;     // references in the registry: of the coroutine, and of the function that it began with
  uint64_t random[4];   // state of math.random in this branch; see ebb_seed
  int64_t now_ms;       // what os.time and os.date see: milliseconds since 1970
};

// One coroutine on its way: the C frame of the resume that runs it links to the one that resumed it.
typedef struct ebb_link {
  lua_State *thread;
  struct ebb_link *outer;
} ebb_link;

// Small blocks of one state (pool.c).
enum { EBB_POOLED = 256 };  // the largest of them, in bytes
typedef struct ebb_pool {
  char *start, *next, *end;                        // the arena: `next` is where nothing was handed out yet; NULL: there is none
  struct free_block *free[EBB_POOLED / 8 + 1];  // by size in steps of 8 bytes
} ebb_pool;

void ebb_pool_open(ebb_pool *pool);
void ebb_pool_close(ebb_pool *pool);
void *ebb_pool_resize(ebb_pool *pool, void *block, size_t old_size, size_t new_size);  // as realloc; `old_size` is 0 without a block
void ebb_pool_free(ebb_pool *pool, void *block, size_t size);

struct ebb_context {
  lua_State *main;
  ebb_callbacks callbacks;

  // Memory. The limit holds only while in_host is 0; what the host itself pushes never fails by it.
  ebb_pool pool;
  size_t used, limit;
  volatile int in_host;
  bool refused;             // the last request was refused, and the collector is trying to make room
  long failing_allocation;  // tests only: this many requests from now one is refused; negative: never

  // Time, in ticks of the thread's timer (10 ms of CPU each).
  volatile int tick;     // set by the timer: the slice has to be looked at
  uint64_t slice_ticks;  // how many ticks a slice may last
  uint64_t slice_end;    // the thread's tick count at which the present slice is over
  bool covers;           // the host is told of each line of the merchant's before it runs
  int preempt_every;     // tests only: yield to ebb_resume after this many instructions; 0: never

  // The way out of a loop inside of Lua's own code that no hook reaches (a chain of __call, keys that all collide).
  sigjmp_buf *volatile escape;  // set while Lua runs; NULL: no way out
  lua_State *volatile torn;     // the coroutine that ran then
  volatile int allocating;      // the C library is at work, and must be left alone
  bool abandoned;               // was left that way: nothing of Lua's may be touched again, and its memory is lost

  ebb_killed killed;
  ebb_yield_kind yield_kind;
  int closing;         // how many coroutines are being closed inside of one another
  int blocked;         // how many resumes below the running coroutine cannot be yielded through
  ebb_branch *branch;  // the branch being resumed; never NULL while a script runs
  ebb_link *volatile running;  // the running coroutine and those that wait for it

  ebb_reply reply;       // what the host answered to the call that now comes back
  ebb_buffer message, value;
  ebb_trace traceback;    // room for debug.traceback
  ebb_trace kill_trace;   // where the script was when it was ended
  ebb_trace wrap_trace;   // frames of coroutines that an error has left through coroutine.wrap
  const void *wrap_error;  // ... and that error, by identity
  lua_State *wrap_thread;  // ... and the coroutine whose frames came last
};

// The context of a state; the pointer's low bit marks a coroutine that waits for the host (see coroutine.c).
static inline ebb_context *ebb_ctx(lua_State *L) {
  return (ebb_context *)(*(uintptr_t *)lua_getextraspace(L) & ~(uintptr_t)7);
}

// MARK: - Limits

// To be called at least every few microseconds (say every 256 bytes or elements) by every loop in C that a script can make
// long. A test of one flag. Does not return when the slice is over.
void ebb_interrupt(lua_State *L);
static inline void ebb_poll(lua_State *L) {
  if (__builtin_expect(ebb_ctx(L)->tick, 0)) ebb_interrupt(L);
}

// Ends the run: yields to the host for good where that is possible, raises towards the next catching point where not. Never
// returns. `reason` is ignored when the state was killed already.
_Noreturn void ebb_kill(lua_State *L, ebb_killed reason);

// To be called by whatever catches an error (the continuation of a lua_pcallk), before anything else: does not return when the
// error was a limit.
static inline void ebb_caught(lua_State *L) {
  ebb_context *ctx = ebb_ctx(L);
  if (__builtin_expect(ctx->killed != EBB_ALIVE, 0)) ebb_kill(L, ctx->killed);
}

// MARK: - The libraries (lib_*.c). Each sets its globals in the globals table; they use raw access, light C functions and no Lua source
// that would have to be compiled for every state. 0 upvalues wherever possible: a bare state is to stay under 20 KB.

// assert getmetatable ipairs next pairs rawequal rawget rawlen rawset select setmetatable tonumber tostring type _VERSION.
// Not: pcall xpcall error coroutine require debug (the core's), print (the language layer's), load dofile collectgarbage (nobody's).
void ebb_open_base(lua_State *L);
void ebb_open_string(lua_State *L);  // and the metatable of strings
void ebb_open_table(lua_State *L);
void ebb_open_math(lua_State *L);
void ebb_open_os(lua_State *L);
void ebb_open_utf8(lua_State *L);

// Fills the state of a generator from one seed (splitmix64 or the like).
void ebb_seed(uint64_t random[4], uint64_t seed);

// MARK: - JSON (json_*.c)

typedef struct ebb_json_limits {
  int depth;     // deepest nesting, e.g. 64
  size_t bytes;  // longest text written; 0: no limit
} ebb_json_limits;

typedef struct ebb_json_error {
  char message[192];  // e.g. "a function cannot be sent"
  char pointer[320];  // JSON pointer of the place, cut at the front with "…" when it is longer
  size_t offset;      // decoding: byte in the text
} ebb_json_error;

// Pushes one JSON document as one value. Returns 0, or -1 with nothing pushed and `error` filled when the text is no JSON or nested too
// deep. Called from C only; allocates in Lua and therefore may raise LUA_ERRMEM (and only that); polls.
int ebb_json_push(lua_State *L, const char *text, size_t size, int depth, ebb_json_error *error);

// Appends the value at `index` to `out` as canonical JSON. Returns 0, or -1 with `error` filled. Called below Swift frames: it NEVER raises,
// runs no metamethod, allocates nothing in Lua (but lua_checkstack, whose refusal is an error as any other), does not poll: the
// limits bound it.
int ebb_json_encode(lua_State *L, int index, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error);

// The same for `count` values from the index `first` on, as one array; pointers begin with the place in it.
int ebb_json_encode_list(lua_State *L, int first, int count, ebb_buffer *out, ebb_json_limits limits, ebb_json_error *error);

// MARK: - Buffers (buffer.c; the core's). Memory of malloc's, not of Lua's; appending returns false when there is none.
bool ebb_buffer_append(ebb_buffer *buffer, const void *bytes, size_t size);
void ebb_buffer_free(ebb_buffer *buffer);

// MARK: - The core's

enum { EBB_DEPTH = 64 };  // deepest nesting of values that cross the seam

void ebb_open_errors(lua_State *L);     // pcall xpcall error debug.traceback
void ebb_open_coroutine(lua_State *L);  // coroutine
void ebb_open_require(lua_State *L);    // require
void ebb_refuse_events(lua_State *L);   // from here on nothing handles __mode and __concat, set when and how it may
void ebb_set_weak_keys(lua_State *L);   // lets the metatable on top make its table weak in its keys
void ebb_push_host(lua_State *L);       // the table of host functions

void *ebb_allocate(void *context, void *block, size_t old_size, size_t new_size);
void ebb_arm(lua_State *L);                        // the hook comes before the next instruction of this coroutine
void ebb_arm_standing(lua_State *L);               // the hook that stands: for each line, and what preempt_every asks for
uint64_t ebb_thread_ticks(void);                   // ticks of this thread's timer so far
int ebb_thread_unblock(void);                      // lets the timer's signal through on this thread
ebb_context *ebb_thread_enter(ebb_context *ctx);   // from here on the timer reaches this context; returns the one before

int ebb_push_reply(lua_State *L, const ebb_reply *reply);  // pushes or raises what the host answered; returns the number of values
_Noreturn void ebb_raise(lua_State *L, const char *json, size_t size);  // raises an error table of the host's
bool ebb_is_host_error(lua_State *L, int index);
bool ebb_error_position(lua_State *L, int index, ebb_frame *frame);  // where an error of the host's was raised, if known

bool ebb_is_host_source(const char *source);  // a chunk of the host's own: hidden from traces
void ebb_where(lua_State *L, int level);      // pushes "file:line: " of the merchant's frame at or outside this level, or ""
void ebb_trace_capture(ebb_context *ctx, lua_State *top, int level, ebb_trace *trace);  // `top` and all that wait for it
void ebb_frame_describe(const lua_Debug *activation, int line, ebb_frame *frame);  // from what getinfo "S" gave
bool ebb_frame_merchant(lua_State *L, lua_Debug *activation, ebb_frame *frame);  // fills `frame` when the activation is the merchant's
bool ebb_position(ebb_context *ctx, lua_State *L, ebb_frame *frame);  // the innermost of the merchant's frames
bool ebb_trace_append(lua_State *L, int level, ebb_trace *trace);                       // the frames of one coroutine more
void ebb_trace_free(ebb_trace *trace);

// Notes the frames of a coroutine that an error is about to leave; those of one that was noted already are not noted again.
void ebb_trace_leave(lua_State *L, lua_State *left, int error);

// Calls `body` in protected mode with `argument` as light userdata. Returns its status; on failure the error is dropped.
int ebb_protect(lua_State *L, lua_CFunction body, void *argument);

#endif
