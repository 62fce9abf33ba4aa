// list_types.c: -l and -lv for types of the kernel.
//
// Enters: "struct X", "union X" or "enum X", X a name or a glob. Leaves: of each type its name, or
// with -v its definition, as bpftrace prints them. Refuses kernels without BTF.
#include "attach/list_types.h"

#include <errno.h>
#include <linux/btf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "base/log.h"
#include "base/str.h"

enum { KIND_STRUCT, KIND_UNION, KIND_ENUM, KIND_COUNT };
static const char *const keywords[KIND_COUNT] = {"struct", "union", "enum"};

static int keyword_of(const char *pattern)
{
	for (int i = 0; i < KIND_COUNT; i++) {
		size_t n = strlen(keywords[i]);

		if (!strncmp(pattern, keywords[i], n) && pattern[n] == ' ')
			return i;
	}
	return -1;
}

bool is_type_pattern(const char *pattern)
{
	return keyword_of(pattern) >= 0;
}

static int kind_of(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		return KIND_STRUCT;
	case BTF_KIND_UNION:
		return KIND_UNION;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return KIND_ENUM;
	default:
		return -1;
	}
}

// ---- one definition ----------------------------------------------------------------------

static void print_members(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
			  FILE *out)
{
	const struct btf_member *m = btf_members(t);

	for (unsigned i = 0; i < btf_vlen(t); i++) {
		LIBBPF_OPTS(btf_dump_emit_type_decl_opts, opts,
			    .field_name = btf__name_by_offset(btf, m[i].name_off),
			    .indent_level = 1);
		unsigned bits = btf_member_bitfield_size(t, i);

		fputc('\t', out);
		btf_dump__emit_type_decl(dump, m[i].type, &opts);
		if (bits)
			fprintf(out, ": %u", bits);
		fputs(";\n", out);
	}
}

static void print_enumerators(const struct btf *btf, const struct btf_type *t, FILE *out)
{
	bool is_signed = btf_kflag(t), wide = btf_kind(t) == BTF_KIND_ENUM64;

	for (unsigned i = 0; i < btf_vlen(t); i++) {
		const struct btf_enum64 *e64 = wide ? btf_enum64(t) + i : NULL;
		const struct btf_enum *e = wide ? NULL : btf_enum(t) + i;
		uint64_t v = wide ? btf_enum64_value(e64) : (uint32_t)e->val;
		const char *name = btf__name_by_offset(btf, wide ? e64->name_off : e->name_off);

		if (is_signed)
			fprintf(out, "\t%s = %lld,\n", name,
				wide ? (long long)v : (long long)(int32_t)v);
		else
			fprintf(out, "\t%s = %llu,\n", name, (unsigned long long)v);
	}
}

static void print_type(const struct btf *btf, struct btf_dump *dump, const struct btf_type *t,
		       int kind, FILE *out)
{
	fprintf(out, "vmlinux: %s %s {\n", keywords[kind], btf__name_by_offset(btf, t->name_off));
	if (kind == KIND_ENUM)
		print_enumerators(btf, t, out);
	else
		print_members(btf, dump, t, out);
	fputs("};\n\n", out);
}

// ---- all -----------------------------------------------------------------------------------

static void print_text(void *ctx, const char *fmt, va_list args)
{
	vfprintf(ctx, fmt, args);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Sorted, each once.
static void print_names(const char **names, size_t count, int kind, FILE *out)
{
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(names[i], names[i - 1]))
			fprintf(out, "%s %s\n", keywords[kind], names[i]);
}

static void print_matches(const struct btf *btf, struct btf_dump *dump, int kind, const char *glob,
			  bool verbose, FILE *out)
{
	uint32_t n = btf__type_cnt(btf);
	const char **names = calloc(n, sizeof(*names));
	size_t count = 0;

	if (!names)
		bug("out of memory");
	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name = btf__name_by_offset(btf, t->name_off);

		if (kind_of(t) != kind || !name || !*name || !glob_matches(glob, name))
			continue;
		if (verbose)
			print_type(btf, dump, t, kind, out);
		else
			names[count++] = name;
	}
	print_names(names, count, kind, out);
	free(names);
}

int list_types(const char *root, const char *pattern, bool verbose, FILE *out)
{
	int kind = keyword_of(pattern);
	const char *glob = pattern + strlen(keywords[kind]);
	char path[4096];
	struct btf *btf;
	struct btf_dump *dump;

	glob += strspn(glob, " ");
	snprintf(path, sizeof(path), "%s/sys/kernel/btf/vmlinux", strcmp(root, "/") ? root : "");
	btf = btf__parse(path, NULL);
	if (!btf) {
		log_error("cannot read the kernel's types from %s: %s", path, strerror(errno));
		return 1;
	}
	dump = btf_dump__new(btf, print_text, out, NULL);
	if (dump)
		print_matches(btf, dump, kind, glob, verbose, out);
	btf_dump__free(dump);
	btf__free(btf);
	return dump ? 0 : 1;
}
