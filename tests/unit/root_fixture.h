// root_fixture: a small tree that stands for "/", made by the test and removed with it.
#pragma once

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct root_fixture {
	char path[64];
};

static inline bool root_make(struct root_fixture *r)
{
	snprintf(r->path, sizeof(r->path), "/tmp/mtrace-root-XXXXXX");
	return mkdtemp(r->path) != NULL;
}

static inline void root_remove(struct root_fixture *r)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", r->path);
	if (str_starts_with(r->path, "/tmp/mtrace-root-") && system(command))
		printf("%s is left behind\n", r->path);
}

// Makes the directories, too.
static inline bool root_put_bytes(const struct root_fixture *r, const char *name, const void *data,
				  size_t len)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", r->path, name);
	for (char *p = strchr(path + strlen(r->path) + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			return false;
		*p = '/';
	}
	FILE *f = fopen(path, "w");
	if (!f)
		return false;
	bool ok = fwrite(data, 1, len, f) == len;
	return !fclose(f) && ok;
}

static inline bool root_put(const struct root_fixture *r, const char *name, const char *text)
{
	return root_put_bytes(r, name, text, strlen(text));
}

static inline bool root_drop(const struct root_fixture *r, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", r->path, name);
	return !unlink(path);
}
