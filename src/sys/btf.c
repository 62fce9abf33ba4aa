// btf.c: kernel functions by name, as a kfunc call needs them.
//
// Enters: a path and names. Leaves: type ids and parameter counts. BPFTRACE_BTF is not asked:
// ids that go into a program are those of the running kernel.
#include "sys/btf.h"

#include <errno.h>
#include <string.h>

#include "sys/btf_file.h"
#include "sys/features.h"

static struct btf_func find_func(struct btf_file *f, const char *name)
{
	struct btf_func out = {.id = btf_find(f, BTF_TAG_FUNC, name)};
	struct btf_info func, proto;

	if (out.id && btf_get(f, out.id, &func) && btf_get(f, func.target, &proto))
		out.param_count = proto.count;
	return out;
}

int btf_find_funcs(const char *path, const char *const *names, size_t count, struct btf_func *out)
{
	struct btf_file *f = NULL;

	memset(out, 0, count * sizeof(*out));
	int err = btf_file_open_path(path, NULL, &f);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		out[i] = find_func(f, names[i]);
	btf_file_close(f);
	return 0;
}

int kernel_btf_func(const char *name, uint32_t *id, uint32_t *param_count)
{
	struct btf_func f;
	int err = btf_find_funcs(BTF_VMLINUX, &name, 1, &f);

	if (err)
		return err;
	if (!f.id)
		return -ENOENT;
	*id = f.id;
	*param_count = f.param_count;
	return 0;
}
