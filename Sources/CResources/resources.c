#include "CResources.h"

#include <string.h>

// One more file: its bytes here, its name in the table below.

static const unsigned char catalogue[] = {
#embed "generated/catalogue.json"
};

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t length;
} files[] = {
    {"catalogue.json", catalogue, sizeof catalogue},
};

static const size_t count = sizeof files / sizeof files[0];

const unsigned char *ebb_resource(const char *name, size_t *length) {
  for (size_t index = 0; index < count; index++) {
    if (strcmp(files[index].name, name) == 0) {
      *length = files[index].length;
      return files[index].bytes;
    }
  }
  return NULL;
}

const char *ebb_resource_name(size_t index) { return index < count ? files[index].name : NULL; }
