// Bytes that grow, outside of Lua's memory.
#include <stdlib.h>
#include <string.h>

#include "internal.h"

bool ebb_buffer_append(ebb_buffer *buffer, const void *bytes, size_t size) {
  if (size > SIZE_MAX / 4 - buffer->size) return false;
  size_t needed = buffer->size + size;
  if (needed > buffer->capacity) {
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity * 2;
    if (capacity < needed) capacity = needed;
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) return false;
    buffer->data = data;
    buffer->capacity = capacity;
  }
  if (size > 0) memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size = needed;
  return true;
}

void ebb_buffer_free(ebb_buffer *buffer) {
  free(buffer->data);
  *buffer = (ebb_buffer){0};
}
