#ifndef EBB_CRESOURCES_H
#define EBB_CRESOURCES_H

#include <stddef.h>

/// The bytes of an embedded file, alive for the whole process.
///
/// `name` is the file's path inside the project ("catalogue.json", "stdlib/ebb.lua"). Sets `*length` to the count of
/// bytes and returns their address, or returns NULL and leaves `*length` alone where there is no such file.
const unsigned char *_Nullable ebb_resource(const char *_Nonnull name, size_t *_Nonnull length);

/// The name of the embedded file at that index, in the order of the list, or NULL past its end.
const char *_Nullable ebb_resource_name(size_t index);

#endif
