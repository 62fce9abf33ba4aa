// demangle.c: a C++ symbol becomes text, through the runtime library of C++ that LLVM needs
// anyway.
//
// Symbols are hostile: a short one can stand for gigabytes of text. Where libstdc++ is linked
// statically (every Release build) it hands the text over in pieces, without allocating, and is
// left as soon as the buffer is full. The shared library keeps that function to itself; there
// long symbols are not demangled.
#include "sys/demangle.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

// Exported by libstdc++; their header is for C++.
char *__cxa_demangle(const char *mangled, char *buffer, size_t *len, int *status);
__attribute__((weak)) int __gcclibcxx_demangle_callback(const char *mangled,
							void (*callback)(const char *text,
									 size_t len, void *opaque),
							void *opaque);

enum { MANGLED_MAX = 4096, MANGLED_MAX_UNBOUNDED = 256 };

struct output {
	char *text;
	size_t len, size;
	jmp_buf full;
};

static void put(const char *text, size_t len, void *opaque)
{
	struct output *o = opaque;

	if (len >= o->size - o->len)
		longjmp(o->full, 1);
	memcpy(o->text + o->len, text, len);
	o->len += len;
}

static bool demangle_pieces(const char *symbol, char *out, size_t size)
{
	struct output o = {.text = out, .size = size};

	if (setjmp(o.full))
		return false;
	if (__gcclibcxx_demangle_callback(symbol, put, &o))
		return false;
	out[o.len] = '\0';
	return true;
}

static bool demangle_whole(const char *symbol, char *out, size_t size)
{
	_cleanup_free_ char *text = NULL;

	if (strlen(symbol) >= MANGLED_MAX_UNBOUNDED)
		return false;
	text = __cxa_demangle(symbol, NULL, NULL, NULL);
	if (!text || strlen(text) >= size)
		return false;
	strcpy(out, text);
	return true;
}

bool demangle(const char *symbol, char *out, size_t size)
{
	if (strncmp(symbol, "_Z", 2) || strnlen(symbol, MANGLED_MAX) == MANGLED_MAX || !size)
		return false;
	return __gcclibcxx_demangle_callback ? demangle_pieces(symbol, out, size)
					     : demangle_whole(symbol, out, size);
}

// The parenthesis that the last one closes: "f(int)::operator()(char) const" has several.
size_t demangled_name_length(const char *text)
{
	const char *end = strrchr(text, ')');
	int open = 0;

	for (const char *p = end; p && p >= text; p--) {
		open += *p == ')';
		open -= *p == '(';
		if (!open)
			return p == text ? strlen(text) : (size_t)(p - text);
	}
	return strlen(text);
}

bool demangled_matches(const char *glob, const char *symbol)
{
	char text[DEMANGLED_MAX];

	if (!demangle(symbol, text, sizeof(text)))
		return glob_matches(glob, symbol);
	if (glob_matches(glob, text))
		return true;
	text[demangled_name_length(text)] = '\0';
	return glob_matches(glob, text);
}
