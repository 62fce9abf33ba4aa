// clang_api: libclang is looked for by the names that distributions give it, newest first.
// MTRACE_LIBCLANG names another file; empty: none.
#include "sema/clang_api.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static void *open_library(void)
{
	const char *own = getenv("MTRACE_LIBCLANG");
	char name[64];
	void *handle = NULL;

	if (own)
		return *own ? dlopen(own, RTLD_NOW | RTLD_LOCAL) : NULL;
	for (int version = 24; !handle && version >= 14; version--) {
		snprintf(name, sizeof(name), "libclang-%d.so.1", version);
		handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
		if (handle)
			break;
		snprintf(name, sizeof(name), "libclang.so.%d", version);
		handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	}
	return handle ? handle : dlopen("libclang.so.1", RTLD_NOW | RTLD_LOCAL);
}

static bool bind(void *library, struct clang_api *api)
{
	bool all = true;

#define CLANG_BIND(name, result, params)                                                           \
	all = (*(void **)&api->name = dlsym(library, "clang_" #name)) != NULL && all;
	CLANG_API(CLANG_BIND)
#undef CLANG_BIND
	return all;
}

const struct clang_api *clang_api_get(void)
{
	static struct clang_api api;
	static bool tried, found;
	void *library;

	if (tried)
		return found ? &api : NULL;
	tried = true;
	library = open_library();
	found = library && bind(library, &api);
	return found ? &api : NULL;
}
