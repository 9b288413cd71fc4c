// Lua's patterns, matched without recursion.
//
// A pattern is compiled to nodes, one for each item. Nothing in a Lua pattern nests, so every quantified item has at
// most one open choice at a time: the choices live in the nodes themselves, and no input can use up a stack. Errors in
// a pattern become nodes too, since Lua reports a malformed item only when a match reaches it.
#ifndef EBB_PATTERN_H
#define EBB_PATTERN_H

#include <lua5.4/lua.h>
#include <stddef.h>
#include <stdint.h>

enum { EBB_PATTERN_CAPTURES = 32 };

// Sizes of captures that are not text.
enum { EBB_CAPTURE_OPEN = -1, EBB_CAPTURE_POSITION = -2 };

struct ebb_capture {
  const char *begin;
  ptrdiff_t size;
};

struct ebb_pattern_node {
  uint8_t kind, repeat, byte;
  int32_t number;           // capture or message
  const char *begin, *end;  // the item's text within the pattern
  const char *at;           // the open choice: where the item began to match
  size_t count;             // and how many bytes it holds
  int32_t below;            // the choice that was opened before this one, or -1
};

struct ebb_pattern {
  lua_State *L;  // who is told about errors and polls; set anew whenever a kept pattern is used again
  const char *subject, *subject_end;
  struct ebb_pattern_node *nodes;
  size_t work;  // units spent since the last ebb_poll
  int level;    // how many captures the pattern has
  struct ebb_capture captures[EBB_PATTERN_CAPTURES];
};

// How many nodes a pattern needs.
size_t ebb_pattern_measure(const char *text, size_t size);

// Compiles a pattern into `nodes`, which hold at least what ebb_pattern_measure says. The text must outlive them.
void ebb_pattern_compile(struct ebb_pattern *pattern, struct ebb_pattern_node *nodes, const char *text, size_t size);

// Matches at exactly that place: the end of the match, or NULL. Raises what Lua raises for a malformed pattern.
const char *ebb_pattern_match(struct ebb_pattern *pattern, const char *at);

// Finds the first match from `*at` on: its end, with `*at` moved to its start; or NULL.
const char *ebb_pattern_search(struct ebb_pattern *pattern, const char **at);

// Pushes a capture, or the whole match for index 0 where there are none.
void ebb_pattern_push(struct ebb_pattern *pattern, int index, const char *begin, const char *end);

// Pushes all captures, or the whole match where there are none and `begin` is not NULL; returns how many.
int ebb_pattern_push_all(struct ebb_pattern *pattern, const char *begin, const char *end);

// The classes of the C locale, whatever the process's locale is.
static inline int ebb_is_lower(unsigned char c) { return c >= 'a' && c <= 'z'; }
static inline int ebb_is_upper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
static inline int ebb_is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
static inline int ebb_is_alpha(unsigned char c) { return ebb_is_lower((unsigned char)(c | 0x20)); }

#endif
