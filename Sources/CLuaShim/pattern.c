#define _GNU_SOURCE  // memmem
#include "pattern.h"

#include <string.h>

#include "lib.h"

enum kind { LITERAL, ANY, BYTE, CLASS, SET, OPEN, POSITION, CLOSE, BALANCE, FRONTIER, REFERENCE, ANCHOR, MATCH, ERROR };
enum repeat { ONCE, OPTIONAL, STAR, PLUS, LAZY };
enum message { ENDS_WITH_ESCAPE, MISSING_BRACKET, MISSING_BALANCE, MISSING_SET, NO_OPEN_CAPTURE, TOO_MANY_CAPTURES };

static const char *const messages[] = {
    [ENDS_WITH_ESCAPE] = "malformed pattern (ends with '%')",
    [MISSING_BRACKET] = "malformed pattern (missing ']')",
    [MISSING_BALANCE] = "malformed pattern (missing arguments to '%b')",
    [MISSING_SET] = "missing '[' after '%f' in pattern",
    [NO_OPEN_CAPTURE] = "invalid pattern capture",
    [TOO_MANY_CAPTURES] = "too many captures",
};

// MARK: - Single characters

static bool is_class(unsigned char c, unsigned char class) {
  bool result;
  switch (class | 0x20) {
    case 'a': result = ebb_is_alpha(c); break;
    case 'c': result = c < 0x20 || c == 0x7F; break;
    case 'd': result = ebb_is_digit(c); break;
    case 'g': result = c > 0x20 && c < 0x7F; break;
    case 'l': result = ebb_is_lower(c); break;
    case 'p': result = c > 0x20 && c < 0x7F && !ebb_is_alpha(c) && !ebb_is_digit(c); break;
    case 's': result = c == ' ' || (c >= '\t' && c <= '\r'); break;
    case 'u': result = ebb_is_upper(c); break;
    case 'w': result = ebb_is_alpha(c) || ebb_is_digit(c); break;
    case 'x': result = ebb_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); break;
    case 'z': result = c == 0; break;
    default: return class == c;
  }
  if (!ebb_is_alpha(class)) return class == c;
  return ebb_is_upper(class) ? !result : result;
}

// Whether the set from its '[' to its ']' holds a character.
static bool is_in_set(unsigned char c, const char *open, const char *close) {
  const char *p = open + 1;
  bool found = true;
  if (*p == '^') {
    found = false;
    p++;
  }
  while (p < close) {
    unsigned char first = (unsigned char)*p;
    if (first == '%') {
      if (is_class(c, (unsigned char)p[1])) return found;
      p += 2;
    } else if (p[1] == '-' && p + 2 < close) {
      if (first <= c && c <= (unsigned char)p[2]) return found;
      p += 3;
    } else {
      if (first == c) return found;
      p++;
    }
  }
  return !found;
}

static inline bool is_single(const struct ebb_pattern_node *node, const char *at) {
  unsigned char c = (unsigned char)*at;
  switch (node->kind) {
    case ANY: return true;
    case BYTE: return node->byte == c;
    case CLASS: return is_class(c, node->byte);
    default: return is_in_set(c, node->begin, node->end - 1);
  }
}

// MARK: - Compiling

// The place after a single-character item; NULL, and why, where it is malformed.
static const char *item_end(const char *p, const char *end, int32_t *why) {
  char first = *p++;
  if (first == '%') {
    *why = ENDS_WITH_ESCAPE;
    return p == end ? NULL : p + 1;
  }
  if (first != '[') return p;
  *why = MISSING_BRACKET;
  if (p < end && *p == '^') p++;
  bool first_in_set = true;  // there a ']' stands for itself
  while (true) {
    if (p >= end) return NULL;
    if (*p == ']' && !first_in_set) return p + 1;
    first_in_set = false;
    p += *p == '%' && p + 1 < end ? 2 : 1;
  }
}

static bool is_quantifier(const char *p, const char *end) {
  return p < end && (*p == '?' || *p == '*' || *p == '+' || *p == '-');
}

struct compiler {
  struct ebb_pattern_node *nodes;  // NULL to count only
  size_t count;
  bool open[EBB_PATTERN_CAPTURES];
  int level;
};

static struct ebb_pattern_node *add(
    struct compiler *c, enum kind kind, int32_t number, const char *begin, const char *end) {
  if (c->nodes == NULL) {
    c->count++;
    return NULL;
  }
  struct ebb_pattern_node *node = &c->nodes[c->count++];
  *node = (struct ebb_pattern_node){.kind = kind, .number = number, .begin = begin, .end = end};
  return node;
}

// Adds a single-character item with its quantifier; returns the place after it, or NULL after an error node.
static const char *add_single(struct compiler *c, const char *p, const char *end) {
  int32_t why = 0;
  const char *after = item_end(p, end, &why);
  if (after == NULL) {
    add(c, ERROR, why, p, end);
    return NULL;
  }
  enum kind kind = *p == '.' ? ANY : *p == '[' ? SET : *p == '%' ? CLASS : BYTE;
  struct ebb_pattern_node *node = add(c, kind, 0, p, after);
  if (node != NULL) node->byte = (uint8_t)(kind == CLASS ? p[1] : *p);
  if (!is_quantifier(after, end)) return after;
  if (node != NULL) node->repeat = *after == '?' ? OPTIONAL : *after == '*' ? STAR : *after == '+' ? PLUS : LAZY;
  return after + 1;
}

// Adds the plain characters from `p` on as one node; returns the place after them, `p` itself where there are none.
static const char *add_literal(struct compiler *c, const char *p, const char *end) {
  const char *q = p;
  while (q < end && strchr("^$*+?.([%-)", *q) == NULL) {
    if (is_quantifier(q + 1, end)) break;
    q++;
  }
  if (q > p) add(c, LITERAL, 0, p, q);
  return q;
}

static const char *add_escape(struct compiler *c, const char *p, const char *end) {
  char what = p + 1 < end ? p[1] : '\0';
  if (what == 'b') {
    if (end - p < 4) {
      add(c, ERROR, MISSING_BALANCE, p, end);
      return NULL;
    }
    add(c, BALANCE, 0, p + 2, p + 4);
    return p + 4;
  }
  if (what == 'f') {
    p += 2;
    int32_t why = MISSING_SET;
    const char *after = p < end && *p == '[' ? item_end(p, end, &why) : NULL;
    add(c, after == NULL ? ERROR : FRONTIER, why, p, after);
    return after;
  }
  if (ebb_is_digit((unsigned char)what)) {
    int index = what - '1';
    bool valid = index >= 0 && index < c->level && !c->open[index];
    add(c, valid ? REFERENCE : ERROR, valid ? index : -1 - (index + 1), p, p + 2);
    return valid ? p + 2 : NULL;
  }
  return add_single(c, p, end);
}

static const char *add_open(struct compiler *c, const char *p, const char *end) {
  if (c->level == EBB_PATTERN_CAPTURES) {
    add(c, ERROR, TOO_MANY_CAPTURES, p, end);
    return NULL;
  }
  bool position = p + 1 < end && p[1] == ')';
  c->open[c->level] = !position;
  add(c, position ? POSITION : OPEN, c->level++, p, end);
  return p + (position ? 2 : 1);
}

static const char *add_close(struct compiler *c, const char *p, const char *end) {
  int index = c->level - 1;
  while (index >= 0 && !c->open[index]) index--;
  if (index < 0) {
    add(c, ERROR, NO_OPEN_CAPTURE, p, end);
    return NULL;
  }
  c->open[index] = false;
  add(c, CLOSE, index, p, end);
  return p + 1;
}

static void compile(struct compiler *c, const char *p, size_t size) {
  const char *end = p + size;
  while (p != NULL && p < end) {
    const char *literal = add_literal(c, p, end);
    if (literal > p) {
      p = literal;
      continue;
    }
    switch (*p) {
      case '(': p = add_open(c, p, end); break;
      case ')': p = add_close(c, p, end); break;
      case '%': p = add_escape(c, p, end); break;
      case '$':
        if (p + 1 == end) {
          add(c, ANCHOR, 0, p, end);
          p = end;
          break;
        }
        [[fallthrough]];
      default: p = add_single(c, p, end);
    }
  }
  if (p != NULL) add(c, MATCH, 0, end, end);
}

size_t ebb_pattern_measure(const char *text, size_t size) {
  struct compiler c = {0};
  compile(&c, text, size);
  return c.count;
}

void ebb_pattern_compile(struct ebb_pattern *pattern, struct ebb_pattern_node *nodes, const char *text, size_t size) {
  struct compiler c = {.nodes = nodes};
  compile(&c, text, size);
  pattern->nodes = nodes;
  pattern->level = c.level;
  pattern->work = 0;
}

// MARK: - Matching

static inline void spend(struct ebb_pattern *pattern, size_t units) {
  ebb_spend(pattern->L, &pattern->work, units);
}

// How many bytes from `at` on match a single-character item, at most `limit`.
static size_t run_length(struct ebb_pattern *pattern, const struct ebb_pattern_node *node, const char *at, size_t limit) {
  size_t available = (size_t)(pattern->subject_end - at);
  if (limit > available) limit = available;
  size_t count = 0;
  if (node->kind == ANY) return limit;
  while (count < limit) {
    size_t stop = limit - count > EBB_POLL_UNITS ? count + EBB_POLL_UNITS : limit;
    size_t start = count;
    while (count < stop && is_single(node, at + count)) count++;
    spend(pattern, count - start);
    if (count < stop) break;
  }
  return count;
}

static const char *balance(struct ebb_pattern *pattern, const struct ebb_pattern_node *node, const char *at) {
  char open = node->begin[0], close = node->begin[1];
  if (at == pattern->subject_end || *at != open) return NULL;
  size_t depth = 1;
  for (const char *p = at + 1; p < pattern->subject_end; p++) {
    if (((p - at) & 1023) == 0) spend(pattern, 1024);
    if (*p == close) {
      if (--depth == 0) return p + 1;
    } else if (*p == open) {
      depth++;
    }
  }
  return NULL;
}

static bool is_frontier(struct ebb_pattern *pattern, const struct ebb_pattern_node *node, const char *at) {
  unsigned char before = at == pattern->subject ? 0 : (unsigned char)at[-1];
  unsigned char here = at == pattern->subject_end ? 0 : (unsigned char)*at;
  return !is_in_set(before, node->begin, node->end - 1) && is_in_set(here, node->begin, node->end - 1);
}

static int raise(struct ebb_pattern *pattern, const struct ebb_pattern_node *node) {
  if (node->number < 0) return luaL_error(pattern->L, "invalid capture index %%%d", -1 - node->number);
  return luaL_error(pattern->L, "%s", messages[node->number]);
}

// Goes through one item: where matching goes on, or NULL where it fails. Opens a choice where there is one.
static const char *advance(struct ebb_pattern *pattern, int32_t index, int32_t *choices, const char *s) {
  struct ebb_pattern_node *node = &pattern->nodes[index];
  struct ebb_capture *capture = &pattern->captures[node->number > 0 ? node->number : 0];
  size_t left = (size_t)(pattern->subject_end - s);
  switch ((enum kind)node->kind) {
    case LITERAL: {
      size_t size = (size_t)(node->end - node->begin);
      return size <= left && memcmp(s, node->begin, size) == 0 ? s + size : NULL;
    }
    case OPEN: *capture = (struct ebb_capture){s, EBB_CAPTURE_OPEN}; return s;
    case POSITION: *capture = (struct ebb_capture){s, EBB_CAPTURE_POSITION}; return s;
    case CLOSE: capture->size = s - capture->begin; return s;
    case BALANCE: return balance(pattern, node, s);
    case FRONTIER: return is_frontier(pattern, node, s) ? s : NULL;
    case REFERENCE: {
      size_t size = capture->size == EBB_CAPTURE_POSITION ? SIZE_MAX : (size_t)capture->size;
      if (size > left) return NULL;
      spend(pattern, size / 8);
      return memcmp(s, capture->begin, size) == 0 ? s + size : NULL;
    }
    case ANCHOR: return left == 0 ? s : NULL;
    case ERROR: raise(pattern, node); return NULL;
    case MATCH: return s;
    case ANY: case BYTE: case CLASS: case SET: break;
  }
  if (node->repeat == ONCE) return left > 0 && is_single(node, s) ? s + 1 : NULL;
  size_t least = node->repeat == PLUS ? 1 : 0;
  size_t count = node->repeat == LAZY ? 0 : run_length(pattern, node, s, node->repeat == OPTIONAL ? 1 : SIZE_MAX);
  if (count < least) return NULL;
  if (count > least || node->repeat == LAZY) {
    node->at = s;
    node->count = count;
    node->below = *choices;
    *choices = index;
  }
  return s + count;
}

// Takes the next alternative of the latest choice: where matching goes on behind it, or NULL where it has none left.
static const char *retry(struct ebb_pattern *pattern, struct ebb_pattern_node *node, int32_t *choices) {
  if (node->repeat == LAZY) {
    const char *at = node->at + node->count;
    if (at < pattern->subject_end && is_single(node, at)) {
      node->count++;
      return at + 1;
    }
    *choices = node->below;
    return NULL;
  }
  node->count--;
  if (node->count == (node->repeat == PLUS ? 1 : 0)) *choices = node->below;
  return node->at + node->count;
}

const char *ebb_pattern_match(struct ebb_pattern *pattern, const char *s) {
  int32_t index = 0, choices = -1;
  while (true) {
    spend(pattern, 1);
    if (pattern->nodes[index].kind == MATCH) return s;
    const char *next = advance(pattern, index, &choices, s);
    while (next == NULL) {
      if (choices < 0) return NULL;
      spend(pattern, 1);
      index = choices;
      next = retry(pattern, &pattern->nodes[index], &choices);
    }
    s = next;
    index++;
  }
}

const char *ebb_pattern_search(struct ebb_pattern *pattern, const char **at) {
  const struct ebb_pattern_node *first = &pattern->nodes[0];
  for (const char *s = *at; s <= pattern->subject_end; s++) {
    if (first->kind == LITERAL) {
      size_t left = (size_t)(pattern->subject_end - s);
      const char *found = memmem(s, left, first->begin, (size_t)(first->end - first->begin));
      if (found == NULL) return NULL;
      spend(pattern, (size_t)(found - s) / 16);
      s = found;
    }
    const char *end = ebb_pattern_match(pattern, s);
    if (end != NULL) {
      *at = s;
      return end;
    }
  }
  return NULL;
}

// MARK: - Captures

void ebb_pattern_push(struct ebb_pattern *pattern, int index, const char *begin, const char *end) {
  if (index >= pattern->level) {
    if (index != 0) luaL_error(pattern->L, "invalid capture index %%%d", index + 1);
    lua_pushlstring(pattern->L, begin, (size_t)(end - begin));
    return;
  }
  const struct ebb_capture *capture = &pattern->captures[index];
  if (capture->size == EBB_CAPTURE_OPEN) luaL_error(pattern->L, "unfinished capture");
  if (capture->size == EBB_CAPTURE_POSITION) {
    lua_pushinteger(pattern->L, capture->begin - pattern->subject + 1);
  } else {
    lua_pushlstring(pattern->L, capture->begin, (size_t)capture->size);
  }
}

int ebb_pattern_push_all(struct ebb_pattern *pattern, const char *begin, const char *end) {
  int count = pattern->level == 0 && begin != NULL ? 1 : pattern->level;
  luaL_checkstack(pattern->L, count, "too many captures");
  for (int index = 0; index < count; index++) ebb_pattern_push(pattern, index, begin, end);
  return count;
}
