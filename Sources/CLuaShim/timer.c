// One timer per thread that counts its CPU time in ticks of 10 ms, and tells the state that runs on the thread.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum {
  TICK_NANOSECONDS = 10 * 1000 * 1000,
  GRACE_TICKS = 25,  // so long after the end of a slice a script is torn out of whatever it is in
};

// Touched by the handler, on its own thread only.
static _Thread_local ebb_context *volatile current;
static _Thread_local volatile uint64_t ticks;
static _Thread_local bool ready;

static pthread_key_t timer_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int once_error;

static int signal_number(void) { return SIGRTMIN + 7; }

// Runs between any two machine instructions of the thread: it touches nothing but counters and the hook fields, which Lua allows from a
// handler on the thread that runs the script (comment above lua_sethook in ldebug.c).
static void on_tick(int number, siginfo_t *info, void *machine) {
  (void)number;
  (void)machine;
  ticks += 1 + (uint64_t)(info->si_overrun > 0 ? info->si_overrun : 0);
  ebb_context *ctx = current;
  if (ctx == NULL) return;
  ctx->tick = 1;
  ebb_link *running = ctx->running;
  if (running != NULL) ebb_arm(running->thread);
  // The frames in between are Lua's and our own C: no Swift, no lock of the C library's, and the state is never used again.
  if (ticks >= ctx->slice_end + GRACE_TICKS && ctx->escape != NULL && ctx->in_host == 0 && ctx->allocating == 0) {
    ctx->torn = running == NULL ? ctx->main : running->thread;
    siglongjmp(*ctx->escape, 1);
  }
}

static void delete_timer(void *timer) { timer_delete((timer_t)((intptr_t)timer - 1)); }

static void prepare_process(void) {
  struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigemptyset(&action.sa_mask);
  if (sigaction(signal_number(), &action, NULL) != 0) once_error = errno;
  int error = pthread_key_create(&timer_key, delete_timer);
  if (error != 0) once_error = error;
}

int ebb_thread_unblock(void) {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, signal_number());
  return pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}

int ebb_thread_prepare(void) {
  if (ready) return 0;
  pthread_once(&once, prepare_process);
  if (once_error != 0) return once_error;
  int blocked = ebb_thread_unblock();  // a thread inherits its mask, and those of a dispatch queue block every signal
  if (blocked != 0) return blocked;
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = signal_number()};
  event._sigev_un._tid = gettid();
  timer_t timer;
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0) return errno;
  struct timespec tick = {.tv_nsec = TICK_NANOSECONDS};
  struct itimerspec period = {.it_interval = tick, .it_value = tick};
  if (timer_settime(timer, 0, &period, NULL) != 0) {
    int error = errno;
    timer_delete(timer);
    return error;
  }
  pthread_setspecific(timer_key, (void *)((intptr_t)timer + 1));  // a key's destructor wants more than NULL
  ready = true;
  return 0;
}

void ebb_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

uint64_t ebb_thread_ticks(void) { return ticks; }

ebb_context *ebb_thread_enter(ebb_context *ctx) {
  ebb_context *outer = current;
  atomic_signal_fence(memory_order_seq_cst);
  current = ctx;
  return outer;
}
