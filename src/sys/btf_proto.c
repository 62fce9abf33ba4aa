// btf_proto.c: which functions a BPF trampoline can take, and the BTF objects of modules.
//
// The rules are the kernel's (btf_distill_func_proto, bpf_check_attach_btf_id_multi, the
// register slots of bpf_get_func_arg): KERNEL.md 4.3 and 4.8, step 1. They are applied here so
// that one function does not make the kernel refuse a whole link.
#include "sys/btf_types.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ARGS_MAX = 12, SLOTS_MAX = 12, ARG_SIZE_MAX = 16 };

// Size of a value that can be passed; -1 when its type cannot, 0 for void.
static int value_size(const struct btf_file *f, uint32_t id, enum btf_tag *tag)
{
	struct btf_info t;

	if (!btf_get(f, btf_strip(f, id), &t))
		return -1;
	*tag = t.tag;
	switch (t.tag) {
	case BTF_TAG_VOID:
		return 0;
	case BTF_TAG_PTR:
		return 8;
	case BTF_TAG_INT:
	case BTF_TAG_ENUM:
	case BTF_TAG_ENUM64:
	case BTF_TAG_STRUCT:
	case BTF_TAG_UNION:
		return t.size > INT32_MAX ? INT32_MAX : (int)t.size;
	default:
		return -1;
	}
}

static const char *return_refused(const struct btf_file *f, uint32_t id, bool returns)
{
	enum btf_tag tag = BTF_TAG_VOID;
	int size = value_size(f, id, &tag);

	if (size < 0)
		return "its return type is not an integer, a pointer or an enum";
	if (tag == BTF_TAG_STRUCT || tag == BTF_TAG_UNION)
		return "it returns a struct or a union by value";
	if (returns && size > 8)
		return "it returns more than 8 bytes";
	return NULL;
}

static const char *params_refused(const struct btf_file *f, const struct btf_info *proto)
{
	struct btf_param_info p;
	int slots = 0;

	for (uint32_t i = 0; btf_param(f, proto, i, &p); i++) {
		enum btf_tag tag = BTF_TAG_VOID;
		if (i + 1 == proto->count && p.type == 0)
			return "it takes variable arguments";
		int size = value_size(f, p.type, &tag);
		if (size <= 0)
			return "an argument is not an integer, a pointer, an enum or a struct";
		if (size > ARG_SIZE_MAX)
			return "an argument is larger than 16 bytes";
		slots += (size + 7) / 8;
	}
	return slots > SLOTS_MAX ? "its arguments take more than 12 registers" : NULL;
}

const char *btf_proto_refused(const struct btf_file *f, uint32_t func_id, bool returns)
{
	struct btf_info func, proto;

	if (!btf_get(f, func_id, &func) || func.tag != BTF_TAG_FUNC ||
	    !btf_get(f, func.target, &proto) || proto.tag != BTF_TAG_FUNC_PROTO)
		return "BTF does not describe it as a function";
	if (proto.count > ARGS_MAX)
		return "it takes more than 12 arguments";
	const char *why = return_refused(f, proto.target, returns);
	return why ? why : params_refused(f, &proto);
}

static bool is_prog_aux(const struct btf_file *f, const struct btf_param_info *p)
{
	struct btf_info ptr, target;

	return !strcmp(p->name, "aux") && btf_get(f, btf_strip(f, p->type), &ptr) &&
	       ptr.tag == BTF_TAG_PTR && btf_get(f, btf_strip(f, ptr.target), &target) &&
	       target.tag == BTF_TAG_STRUCT && !strcmp(target.name, "bpf_prog_aux");
}

bool btf_hides_argument(struct btf_file *f, uint32_t func_id)
{
	struct btf_info func, proto;
	struct btf_param_info last;
	char impl[256];

	if (!btf_get(f, func_id, &func) || !btf_get(f, func.target, &proto) || !proto.count ||
	    !btf_param(f, &proto, proto.count - 1, &last) || !is_prog_aux(f, &last))
		return false;
	// Others that take one are not for BPF programs.
	if (strncmp(func.name, "bpf_", 4) && strncmp(func.name, "scx_bpf_", 8))
		return false;
	snprintf(impl, sizeof(impl), "%s_impl", func.name);
	return !btf_find(f, BTF_TAG_FUNC, impl);
}

// ---- BTF objects of modules --------------------------------------------------------------

enum { CMD_OBJ_GET_INFO_BY_FD = 15, CMD_BTF_GET_FD_BY_ID = 19, CMD_BTF_GET_NEXT_ID = 23 };

struct attr_id {
	uint32_t id, next_id, open_flags, pad;
};
struct attr_info {
	uint32_t fd, info_len;
	uint64_t info;
};
struct btf_object_info {
	uint64_t btf;
	uint32_t btf_size, id;
	uint64_t name;
	uint32_t name_len, kernel_btf;
};

static int bpf_call(int cmd, void *attr, unsigned size)
{
	long r = syscall(__NR_bpf, cmd, attr, size);

	return r < 0 ? -errno : (int)r;
}

static bool is_module_btf(int fd, const char *module)
{
	char name[64] = "";
	struct btf_object_info info = {.name = (uint64_t)(uintptr_t)name, .name_len = sizeof(name)};
	struct attr_info attr = {
	    .fd = (uint32_t)fd, .info_len = sizeof(info), .info = (uint64_t)(uintptr_t)&info};

	return !bpf_call(CMD_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)) && info.kernel_btf &&
	       strcmp(name, module) == 0;
}

int btf_module_fd(const char *module, int *fd)
{
	for (uint32_t id = 0;;) {
		struct attr_id attr = {.id = id};
		int err = bpf_call(CMD_BTF_GET_NEXT_ID, &attr, sizeof(attr));
		if (err)
			return err; // ENOENT after the last one
		id = attr.next_id;
		attr = (struct attr_id){.id = id};
		int got = bpf_call(CMD_BTF_GET_FD_BY_ID, &attr, sizeof(attr));
		if (got == -ENOENT)
			continue; // unloaded meanwhile
		if (got < 0)
			return got;
		if (is_module_btf(got, module)) {
			*fd = got;
			return 0;
		}
		close(got);
	}
}
