#include "json_text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char ebb_array_key = 0, ebb_null_mark = 0;

void ebb_push_array_metatable(lua_State *L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &ebb_array_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &ebb_array_key);
}

// Writes a token of a pointer, innermost last, so that `cursor` moves towards the front. False where it does not fit.
static bool prepend(char *front, char **cursor, const char *text, size_t size) {
  char *p = *cursor;
  for (size_t left = size; left > 0; left--) {
    char c = text[left - 1];
    if (p - front < 3) return false;
    if (c == '~' || c == '/') {
      *--p = c == '~' ? '0' : '1';
      c = '~';
    }
    *--p = c;
  }
  if (p == front) return false;
  *--p = '/';
  *cursor = p;
  return true;
}

static void write_pointer(char *buffer, size_t capacity, const struct ebb_json_level *level) {
  char *end = buffer + capacity - 1, *cursor = end;
  *end = '\0';
  char *front = buffer + 3;  // room for the ellipsis
  bool cut = false;
  for (; level != NULL && !cut; level = level->outer) {
    char number[24];
    const char *key = level->key;
    size_t size = level->size;
    if (key == NULL) {
      key = number;
      size = ebb_write_integer(number, (int64_t)level->index);
    }
    cut = !prepend(front, &cursor, key, size);
  }
  if (cut) {
    cursor -= 3;
    memcpy(cursor, "\xE2\x80\xA6", 3);
  }
  memmove(buffer, cursor, (size_t)(end - cursor) + 1);
}

int ebb_json_fail(ebb_json_error *error, const struct ebb_json_level *level, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->message, sizeof error->message, format, arguments);
  va_end(arguments);
  write_pointer(error->pointer, sizeof error->pointer, level);
  return -1;
}

static inline bool is_tail(const char *p) { return ((unsigned char)*p & 0xC0) == 0x80; }

size_t ebb_utf8_length(const char *p, const char *end) {
  unsigned char first = (unsigned char)p[0];
  size_t left = (size_t)(end - p);
  if (first < 0xC2 || first > 0xF4 || left < 2 || !is_tail(p + 1)) return 0;
  if (first < 0xE0) return 2;
  unsigned char second = (unsigned char)p[1];
  if (left < 3 || !is_tail(p + 2)) return 0;
  if (first < 0xF0) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return 3;
  }
  if (left < 4 || !is_tail(p + 3)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return 4;
}

size_t ebb_write_integer(char *buffer, int64_t value) {
  char digits[24];
  size_t count = 0, size = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do digits[count++] = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  if (value < 0) buffer[size++] = '-';
  while (count > 0) buffer[size++] = digits[--count];
  return size;
}

// The shortest digits of a positive number and the power of ten of the first one. "d.ddde+xx" is split up for that.
static int shortest_digits(double value, char digits[20], int *exponent) {
  char text[40];
  // Of 15 digits every one is significant, save below the normal range, where fewer are.
  int precision = value < 2.2250738585072014e-308 ? 1 : 15;
  for (; precision <= 17; precision++) {
    snprintf(text, sizeof text, "%.*e", precision - 1, value);
    if (strtod(text, NULL) == value || precision == 17) break;
    // At a power of two the interval is lopsided: the nearest of so many digits may miss it while the next one hits.
    if (precision < 16) continue;
    char *last = text + precision;
    if (*last != '9') {
      ++*last;
      if (strtod(text, NULL) == value) break;
    }
  }
  int count = 0;
  const char *p = text;
  for (; *p != 'e'; p++) {
    if (*p != '.') digits[count++] = *p;
  }
  *exponent = (int)strtol(p + 1, NULL, 10);
  while (count > 1 && digits[count - 1] == '0') count--;
  return count;
}

size_t ebb_write_double(char *buffer, double value) {
  char *p = buffer;
  if (signbit(value)) {
    *p++ = '-';
    value = -value;
  }
  if (value == 0) {
    memcpy(p, "0.0", 3);
    return (size_t)(p + 3 - buffer);
  }
  char digits[20];
  int exponent;
  int count = shortest_digits(value, digits, &exponent);
  if (exponent < -4 || exponent > 15) {
    *p++ = digits[0];
    if (count > 1) {
      *p++ = '.';
      memcpy(p, digits + 1, (size_t)count - 1);
      p += count - 1;
    }
    return (size_t)(p - buffer) + (size_t)snprintf(p, 8, "e%+03d", exponent);
  }
  if (exponent < 0) {
    memcpy(p, "0.0000", 6);
    p += 1 - exponent;
    memcpy(p, digits, (size_t)count);
    return (size_t)(p + count - buffer);
  }
  for (int i = 0; i <= exponent || i < count; i++) {
    if (i == exponent + 1) *p++ = '.';
    *p++ = i < count ? digits[i] : '0';
  }
  if (count <= exponent + 1) {
    memcpy(p, ".0", 2);
    p += 2;
  }
  return (size_t)(p - buffer);
}
