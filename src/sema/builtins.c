// builtins: the tables of builtins.h as data, and look-up by name.
#include "sema/builtins.h"

#include <stdlib.h>
#include <string.h>

#define READY true
#define LATER false

const struct builtin_info builtin_infos[BUILTIN_COUNT] = {
#define BUILTIN_ROW(id, text, since, help) [BUILTIN_##id] = {text, since, help},
    BUILTIN_TABLE(BUILTIN_ROW)
#undef BUILTIN_ROW
};

const struct func_info func_infos[FUNC_ID_END] = {
#define FUNC_ROW(id, text, min, max, bits, since, help)                                            \
	[FUNC_##id] = {text, min, max, bits, since, help},
    FUNC_TABLE(FUNC_ROW)
#undef FUNC_ROW
};

// "arg" followed by digits without a leading zero.
static bool parse_argn(const char *name, unsigned *arg)
{
	const char *digits = name + 3;

	if (strncmp(name, "arg", 3) != 0 || !*digits || strlen(digits) > 3)
		return false;
	if (digits[0] == '0' && digits[1])
		return false;
	if (strspn(digits, "0123456789") != strlen(digits))
		return false;
	*arg = (unsigned)strtoul(digits, NULL, 10);
	return true;
}

// `__builtin_pid` is how bpftrace's own library spells `pid`; scripts copy that.
int builtin_find(const char *name, unsigned *arg)
{
	static const char prefix[] = "__builtin_";

	if (strncmp(name, prefix, sizeof(prefix) - 1) == 0)
		name += sizeof(prefix) - 1;
	if (parse_argn(name, arg))
		return BUILTIN_ARGN;
	for (int i = 0; i < BUILTIN_COUNT; i++)
		if (strcmp(builtin_infos[i].name, name) == 0)
			return i;
	return -1;
}

int func_find(const char *name)
{
	for (int i = 0; i < FUNC_ID_END; i++)
		if (strcmp(func_infos[i].name, name) == 0)
			return i;
	return -1;
}
