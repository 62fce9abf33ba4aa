// demangle: C++ symbols as their source names them.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DEMANGLED_MAX = 2048 };

// "_ZN2ns4overEi" -> "ns::over(int)". False: not a mangled name, or its text is too long.
bool demangle(const char *symbol, char *out, size_t size);
// Where the parameter list of a demangled name begins; its length when it has none.
size_t demangled_name_length(const char *text);
// Does a glob match the symbol's source name: all of it, or what is before its parameters? What
// is not mangled is its own source name.
bool demangled_matches(const char *glob, const char *symbol);
