// bpf_progs.c: ask the kernel for its programs, their BTF and the functions that it names.
//
// Enters: nothing. Leaves: functions. Refuses nothing: what cannot be read is left out. BTF of
// programs comes from whoever loaded them: it is read by the same checked reader as any other.
#include "sys/bpf_progs.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/btf_file.h"

enum { BTF_SIZE_MAX = 64 << 20, FUNCS_MAX = 4096 };

static int bpf(int cmd, union bpf_attr *attr)
{
	long r = syscall(__NR_bpf, cmd, attr, sizeof(*attr));

	return r < 0 ? -errno : (int)r;
}

static int get_info(int fd, void *info, uint32_t len)
{
	union bpf_attr attr = {0};

	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info = (uint64_t)(uintptr_t)info;
	attr.info.info_len = len;
	return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

// The program's BTF, or NULL.
static struct btf_file *read_btf(uint32_t id)
{
	union bpf_attr attr = {.btf_id = id};
	_cleanup_close_ int fd = bpf(BPF_BTF_GET_FD_BY_ID, &attr);
	struct bpf_btf_info info = {0};
	struct btf_file *file = NULL;

	if (fd < 0 || get_info(fd, &info, sizeof(info)) || info.btf_size > BTF_SIZE_MAX)
		return NULL;
	uint32_t size = info.btf_size;
	char *data = malloc(size + 1);
	info = (struct bpf_btf_info){.btf = (uint64_t)(uintptr_t)data, .btf_size = size};
	if (!data || get_info(fd, &info, sizeof(info)) || info.btf_size != size) {
		free(data);
		return NULL;
	}
	return btf_file_parse(data, size, NULL, &file) ? NULL : file;
}

static void add_funcs(struct arena *a, uint32_t prog, const struct btf_file *btf,
		      const struct bpf_func_info *infos, uint32_t count, bpf_prog_funcs *out)
{
	struct btf_info t;

	for (uint32_t i = 0; i < count; i++) {
		if (!btf_get(btf, infos[i].type_id, &t) || t.tag != BTF_TAG_FUNC || !*t.name)
			continue;
		struct bpf_prog_func f = {prog, t.id, arena_strdup(a, t.name)};
		arena_push(a, out, f);
	}
}

static void read_prog(struct arena *a, uint32_t id, bpf_prog_funcs *out)
{
	union bpf_attr attr = {.prog_id = id};
	_cleanup_close_ int fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
	struct bpf_prog_info info = {0};

	if (fd < 0 || get_info(fd, &info, sizeof(info)) || !info.btf_id || !info.nr_func_info ||
	    info.nr_func_info > FUNCS_MAX)
		return;
	uint32_t count = info.nr_func_info, btf_id = info.btf_id;
	_cleanup_free_ struct bpf_func_info *infos = calloc(count, sizeof(*infos));
	info = (struct bpf_prog_info){.func_info = (uint64_t)(uintptr_t)infos,
				      .nr_func_info = count,
				      .func_info_rec_size = sizeof(*infos)};
	if (!infos || get_info(fd, &info, sizeof(info)) ||
	    info.func_info_rec_size != sizeof(*infos))
		return;
	struct btf_file *btf = read_btf(btf_id);
	if (btf)
		add_funcs(a, id, btf, infos, info.nr_func_info < count ? info.nr_func_info : count,
			  out);
	btf_file_close(btf);
}

int bpf_progs_read(struct arena *a, bpf_prog_funcs *out, const char **reason)
{
	union bpf_attr attr = {0};
	int err;

	*reason = NULL;
	while (!(err = bpf(BPF_PROG_GET_NEXT_ID, &attr))) {
		uint32_t id = attr.next_id;
		read_prog(a, id, out);
		attr = (union bpf_attr){.start_id = id};
	}
	if (err == -ENOENT)
		return 0; // that was the last
	*reason = err == -EPERM ? "listing BPF programs needs root (CAP_SYS_ADMIN)"
				: "the kernel does not list its BPF programs";
	return err;
}
