// build_id: what identifies the build of a program or library: the note that the linker wrote.
#pragma once

#include <stdbool.h>

enum { BUILD_ID_TEXT = 129 }; // 64 bytes in hexadecimal, and a NUL

// False: no such file, no such note.
bool build_id_read(const char *path, char text[BUILD_ID_TEXT]);
