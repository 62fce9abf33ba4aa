// maps: the contents of kernel maps through their fds. The only file of this room that sees
// libbpf. Batches where the kernel has them (5.6), one key at a time elsewhere.
//
// Programs may write while we read, so nothing here loops until a map is empty or a key is
// gone: each walk is bounded by the size of the map, a key that vanishes is passed over. A map with
// a twin can be taken away from them: they get the other copy, and no update is lost.
#include "output/internal.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "bpf/abi.h"

#define BATCH_BYTES (1u << 20)
#define BATCH_MIN 16u
#define BATCH_MAX 8192u

// ---- shapes ------------------------------------------------------------------------------

static bool is_array(const struct map_def *m)
{
	return m->bpf_kind == BPF_MAP_KIND_ARRAY || m->bpf_kind == BPF_MAP_KIND_PERCPU_ARRAY;
}

static bool is_percpu(const struct map_def *m)
{
	return m->bpf_kind == BPF_MAP_KIND_PERCPU_ARRAY ||
	       m->bpf_kind == BPF_MAP_KIND_PERCPU_HASH ||
	       m->bpf_kind == BPF_MAP_KIND_LRU_PERCPU_HASH;
}

static unsigned copies_of(const struct kernel_maps *k, const struct map_def *m)
{
	return is_percpu(m) ? k->cpus : 1;
}

static size_t stride_of(const struct map_def *m)
{
	return is_percpu(m) ? ((size_t)m->value_size + 7) & ~(size_t)7 : m->value_size;
}

// Of zeros: where /sys tells of more CPUs than the kernel has, it leaves their copies alone.
static void make_room(struct buf *b, size_t bytes)
{
	buf_clear(b);
	buf_reserve(b, bytes);
	memset(b->data, 0, bytes);
}

// ---- walking -----------------------------------------------------------------------------

static int walk_array(struct kernel_maps *k, int fd, const struct map_def *m, map_entry_fn fn,
		      void *arg)
{
	int err = 0;

	make_room(&k->values, copies_of(k, m) * stride_of(m));
	for (uint32_t i = 0; i < m->max_entries && !err; i++) {
		err = bpf_map_lookup_elem(fd, &i, k->values.data);
		err = err ?: fn(arg, &i, k->values.data, copies_of(k, m), stride_of(m));
	}
	return err;
}

static int hand_over(struct kernel_maps *k, const struct map_def *m, uint32_t count,
		     map_entry_fn fn, void *arg)
{
	size_t value = copies_of(k, m) * stride_of(m);
	int err = 0;

	for (uint32_t i = 0; i < count && !err; i++)
		err = fn(arg, k->keys.data + (size_t)i * m->key_size,
			 k->values.data + (size_t)i * value, copies_of(k, m), stride_of(m));
	return err;
}

static uint32_t batch_size(const struct kernel_maps *k, const struct map_def *m)
{
	size_t fit = BATCH_BYTES / (copies_of(k, m) * stride_of(m) + m->key_size);

	if (fit > m->max_entries)
		fit = m->max_entries;
	return fit < BATCH_MIN ? BATCH_MIN : fit > BATCH_MAX ? BATCH_MAX : (uint32_t)fit;
}

// A batch ends at a hash bucket's end; -ENOSPC says that a bucket alone is larger than it.
static int walk_batches(struct kernel_maps *k, int fd, const struct map_def *m, map_entry_fn fn,
			void *arg)
{
	uint32_t in = 0, out = 0, count, size = batch_size(k, m);
	size_t value = copies_of(k, m) * stride_of(m);
	uint64_t seen = 0;
	void *from = NULL;
	int err;

	while (seen <= 2 * (uint64_t)m->max_entries) {
		make_room(&k->keys, (size_t)size * m->key_size);
		make_room(&k->values, size * value);
		count = size;
		err = bpf_map_lookup_batch(fd, from, &out, k->keys.data, k->values.data, &count,
					   NULL);
		if (err == -ENOSPC && size < m->max_entries) {
			size *= 2;
			continue;
		}
		if (err && err != -ENOENT)
			return err;
		seen += count;
		if (hand_over(k, m, count, fn, arg))
			return -ENOMEM;
		if (err == -ENOENT)
			return 0; // that was the last batch
		in = out;
		from = &in;
	}
	return 0;
}

// k->keys: the key before, the key.
static int walk_keys(struct kernel_maps *k, int fd, const struct map_def *m, map_entry_fn fn,
		     void *arg)
{
	char *before, *key;
	int err;

	make_room(&k->keys, 2 * (size_t)m->key_size);
	make_room(&k->values, copies_of(k, m) * stride_of(m));
	before = k->keys.data;
	key = before + m->key_size;
	for (uint64_t i = 0; i < m->max_entries; i++) {
		err = bpf_map_get_next_key(fd, i ? before : NULL, key);
		if (err)
			return err == -ENOENT ? 0 : err;
		err = bpf_map_lookup_elem(fd, key, k->values.data);
		if (err && err != -ENOENT)
			return err;
		if (!err && fn(arg, key, k->values.data, copies_of(k, m), stride_of(m)))
			return -ENOMEM;
		memcpy(before, key, m->key_size);
	}
	return 0;
}

static int walk_fd(struct kernel_maps *k, int fd, const struct map_def *m, map_entry_fn fn,
		   void *arg)
{
	int err;

	if (fd < 0)
		return -EBADF;
	if (is_array(m))
		return walk_array(k, fd, m, fn, arg);
	err = k->no_batches ? -EOPNOTSUPP : walk_batches(k, fd, m, fn, arg);
	// EINVAL, ENOTSUPP: this kernel has no batches (for this kind of map).
	if (err == -EINVAL || err == -EOPNOTSUPP || err == -524)
		err = walk_keys(k, fd, m, fn, arg);
	return err;
}

// ---- two copies ----------------------------------------------------------------------------

// The byte of a map with a twin.
#define ON_TWIN 1 // programs use the twin
#define GIVEN 2	  // they were given the copy in use for a take that has not come yet

static char *copies_state(struct kernel_maps *k, const struct map_def *m)
{
	while (k->copies.len <= m->id)
		buf_append(&k->copies, "", 1);
	return k->copies.data + m->id;
}

static int fd_in_use(struct kernel_maps *k, const struct map_def *m)
{
	return k->fd(k->fd_ctx, m->twin && *copies_state(k, m) & ON_TWIN ? m->twin : m);
}

static int fd_at_rest(struct kernel_maps *k, const struct map_def *m)
{
	return k->fd(k->fd_ctx, m->twin && !(*copies_state(k, m) & ON_TWIN) ? m->twin : m);
}

static int kernel_walk(void *ctx, const struct map_def *m, map_entry_fn fn, void *arg)
{
	return walk_fd(ctx, fd_in_use(ctx, m), m, fn, arg);
}

// ---- clear and zero ------------------------------------------------------------------------

struct key_list {
	const struct map_def *map;
	struct buf keys;
	size_t count;
};

static int remember_key(void *arg, const void *key, const void *copies, unsigned count,
			size_t stride)
{
	struct key_list *l = arg;

	buf_append(&l->keys, key, l->map->key_size);
	l->count++;
	return 0;
}

// A slot: `present` decides. Zeroing keeps it where it is set, in the array `from`.
static int reset_array(struct kernel_maps *k, int from, int fd, const struct map_def *m,
		       bool keep_present)
{
	unsigned copies = copies_of(k, m);
	size_t stride = stride_of(m);
	int err = 0;

	make_room(&k->values, copies * stride);
	for (uint32_t i = 0; i < m->max_entries && !err; i++) {
		err = bpf_map_lookup_elem(from, &i, k->values.data);
		for (unsigned c = 0; c < copies && !err; c++) {
			size_t keep = keep_present ? sizeof(uint64_t) : 0;

			memset(k->values.data + c * stride + keep, 0, stride - keep);
		}
		err = err ?: bpf_map_update_elem(fd, &i, k->values.data, BPF_ANY);
	}
	return err;
}

enum key_change { KEY_REMOVE, KEY_ZERO, KEY_ADD_ZERO };

static int change_key(int fd, const char *key, const void *zeros, enum key_change what)
{
	int err;

	if (what == KEY_REMOVE)
		err = bpf_map_delete_elem(fd, key);
	else
		err = bpf_map_update_elem(fd, key, zeros,
					  what == KEY_ZERO ? BPF_EXIST : BPF_NOEXIST);
	return err == -ENOENT || err == -EEXIST ? 0 : err;
}

// Every key of the map `from` is changed in the map `fd`.
static int for_each_key(struct kernel_maps *k, int from, int fd, const struct map_def *m,
			enum key_change what)
{
	struct key_list list = {.map = m};
	int err = walk_fd(k, from, m, remember_key, &list);

	make_room(&k->values, copies_of(k, m) * stride_of(m));
	for (size_t i = 0; i < list.count && !err; i++)
		err = change_key(fd, list.keys.data + i * m->key_size, k->values.data, what);
	buf_release(&list.keys);
	return err;
}

static int make_empty(struct kernel_maps *k, int fd, const struct map_def *m)
{
	if (fd < 0)
		return -EBADF;
	return is_array(m) ? reset_array(k, fd, fd, m, false)
			   : for_each_key(k, fd, fd, m, KEY_REMOVE);
}

static int kernel_clear(void *ctx, const struct map_def *m)
{
	return make_empty(ctx, fd_in_use(ctx, m), m);
}

static int kernel_zero(void *ctx, const struct map_def *m)
{
	struct kernel_maps *k = ctx;
	int fd = fd_in_use(k, m);

	if (fd < 0)
		return -EBADF;
	return is_array(m) ? reset_array(k, fd, fd, m, m->slot)
			   : for_each_key(k, fd, fd, m, KEY_ZERO);
}

// The copy at rest is empty, a slot in it absent. To keep a slot it is made present before programs
// see it, keys are added after that: they would not come back if they were deleted in between.
static struct map_swap prepare_swap(struct kernel_maps *k, const struct map_take *t)
{
	const struct map_def *m = t->map;
	struct map_swap s = {.outer = k->fd(k->fd_ctx, m->in_use), .next = fd_at_rest(k, m)};

	if (s.outer < 0 || s.next < 0)
		s.err = -EBADF;
	else if (t->keep && m->slot)
		s.err = reset_array(k, fd_in_use(k, m), s.next, m, true);
	return s;
}

static int give(struct kernel_maps *k, const struct map_take *takes, size_t count)
{
	struct map_swap swaps[TAKES_AT_ONCE];
	int err = 0;

	for (size_t i = 0; i < count; i++)
		swaps[i] = prepare_swap(k, &takes[i]);
	swap_maps(swaps, count);
	for (size_t i = 0; i < count; i++) {
		err = err ?: swaps[i].err;
		if (!swaps[i].err)
			*copies_state(k, takes[i].map) ^= ON_TWIN | GIVEN;
	}
	return err;
}

// What could not be given is tried again, and told, when it is taken.
static void kernel_give(void *ctx, const struct map_take *takes, size_t count)
{
	give(ctx, takes, count);
}

static int kernel_take(void *ctx, const struct map_def *m, bool keep, map_entry_fn fn, void *arg)
{
	struct kernel_maps *k = ctx;
	int taken, err = 0;

	if (!(*copies_state(k, m) & GIVEN))
		err = give(k, &(struct map_take){m, keep}, 1);
	if (err)
		return err;
	*copies_state(k, m) ^= GIVEN;
	taken = fd_at_rest(k, m);
	err = walk_fd(k, taken, m, fn, arg);
	if (keep && !m->slot)
		err = err ?: for_each_key(k, taken, fd_in_use(k, m), m, KEY_ADD_ZERO);
	return err ?: make_empty(k, taken, m);
}

static int kernel_lookup(void *ctx, const struct map_def *m, const void *key, void *value)
{
	struct kernel_maps *k = ctx;
	int fd = fd_in_use(k, m);

	return fd < 0 ? -EBADF : bpf_map_lookup_elem(fd, key, value);
}

struct map_reader kernel_map_reader(struct kernel_maps *k)
{
	int cpus = libbpf_num_possible_cpus();

	k->cpus = cpus > 0 ? (unsigned)cpus : 1;
	return (struct map_reader){.walk = kernel_walk,
				   .clear = kernel_clear,
				   .zero = kernel_zero,
				   .take = kernel_take,
				   .give = kernel_give,
				   .lookup = kernel_lookup,
				   .ctx = k};
}

void kernel_maps_release(struct kernel_maps *k)
{
	buf_release(&k->keys);
	buf_release(&k->values);
	buf_release(&k->copies);
}

int kernel_map_put(int fd, uint32_t key, const void *value)
{
	return bpf_map_update_elem(fd, &key, value, BPF_ANY);
}

uint32_t kernel_map_entries(int fd)
{
	struct bpf_map_info info = {0};
	uint32_t len = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &len) ? 0 : info.max_entries;
}
