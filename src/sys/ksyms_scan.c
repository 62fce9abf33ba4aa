// ksyms_scan.c: /proc/kallsyms as hashes, read through a small window.
//
// Enters: some 200,000 lines, 9 MB of text. Leaves: 24 bytes for each symbol that a function
// may be: what its name hashes to, where it is. Joining the list of traceable functions with
// it asks no more, and memory that is touched for the first time is what reading costs most.
// Leaves out: padding before functions, symbols of BPF programs and trampolines, which nothing
// in a script means, and lines that look different.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/huge.h"
#include "sys/ksyms.h"
#include "sys/slurp.h"

enum { WINDOW = 64 << 10, FIRST_CAP = 64 << 10 };

struct window {
	int fd;
	size_t len; // bytes in data
	bool ended;
	char data[WINDOW + 1];
};

// Reads on until the window is full or the file ends. 0 or -errno.
static int fill(struct window *w)
{
	while (!w->ended && w->len < WINDOW) {
		ssize_t n = read(w->fd, w->data + w->len, WINDOW - w->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		w->ended = !n;
		w->len += (size_t)n;
	}
	return 0;
}

static bool is_pseudo_module(const char *module)
{
	return strcmp(module, "bpf") == 0 || str_starts_with(module, "__builtin__");
}

static uint32_t module_id(struct ksym_marks *k, const char *module)
{
	// Symbols of one module follow each other.
	uint32_t last = k->len ? k->at[k->len - 1].module : 0;

	if (last && strcmp(k->modules.names[last - 1], module) == 0)
		return last;
	return intern_id(&k->modules, module) + 1;
}

static int add(struct ksym_marks *k, const struct ksym *s, const char *module)
{
	if (ksym_is_padding(s) || (module && is_pseudo_module(module)))
		return 0;
	if (k->len == k->cap) {
		size_t cap = k->cap ? k->cap * 2 : FIRST_CAP;
		struct ksym_mark *more = huge_malloc(cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		if (k->len)
			memcpy(more, k->at, k->len * sizeof(*more));
		free(k->at);
		k->at = more;
		k->cap = cap;
	}
	struct ksym_mark m = {
	    .address = s->address,
	    .name = str_hash_name(s->name),
	    .module = module ? module_id(k, module) : 0,
	    .text = ksym_is_text(s),
	};
	k->at[k->len++] = m;
	k->addresses |= m.address != 0;
	return 0;
}

// Whole lines, which it cuts up.
static int take_lines(struct ksym_marks *k, char *p, const char *end)
{
	int err = 0;

	while (!err && p < end) {
		char *line = p, *module;
		const char *s = p;
		struct ksym sym = {0};
		if (ksym_parse_hex(&s, &sym.address) && s[0] == ' ' && s[1] > ' ' && s[2] == ' ') {
			sym.type = s[1];
			p += s + 3 - line;
			if (ksym_parse_name(&p, (char **)&sym.name, &module))
				err = add(k, &sym, module);
		} else {
			char *at = memchr(p, '\n', (size_t)(end - p));
			p = at ? at + 1 : p + (end - p);
		}
		if (p == line)
			p++; // a NUL byte
	}
	return err;
}

static int scan(struct ksym_marks *k, struct window *w)
{
	for (;;) {
		int err = fill(w);
		if (err || !w->len)
			return err;
		char *last = memrchr(w->data, '\n', w->len);
		// A line longer than the window is none.
		size_t whole = last && !w->ended ? (size_t)(last + 1 - w->data) : w->len;
		char after = w->data[whole];
		w->data[whole] = '\0';
		err = take_lines(k, w->data, w->data + whole);
		if (err)
			return err;
		w->data[whole] = after;
		w->len -= whole;
		memmove(w->data, w->data + whole, w->len);
	}
}

int ksym_marks_read(const char *root, struct ksym_marks *out)
{
	_cleanup_free_ struct window *w = malloc(sizeof(*w));
	char path[PATH_MAX];

	*out = (struct ksym_marks){0};
	if (!w)
		return -ENOMEM;
	snprintf(path, sizeof(path), "%s/proc/kallsyms", root_prefix(root));
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	w->fd = fd;
	w->len = 0;
	w->ended = false;
	int err = scan(out, w);
	if (err)
		ksym_marks_release(out);
	return err;
}

void ksym_marks_release(struct ksym_marks *k)
{
	intern_release(&k->modules);
	free(k->at);
	*k = (struct ksym_marks){0};
}
