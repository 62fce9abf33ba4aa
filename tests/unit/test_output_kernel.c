// The ring buffer and the map reader against this machine's kernel. Skipped without the rights
// to create maps. Records are sent by a tiny program, run with BPF_PROG_TEST_RUN.
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>

#include "output_fixture.h"

static struct fixture fx;
static int map_fd;

static int only_fd(void *ctx, const struct map_def *m)
{
	(void)ctx;
	(void)m;
	return map_fd;
}

// ---- maps ------------------------------------------------------------------------------------

static const struct kind {
	enum bpf_map_kind kind;
	bool percpu, array;
} kinds[] = {
    {BPF_MAP_KIND_HASH, false, false},	   {BPF_MAP_KIND_PERCPU_HASH, true, false},
    {BPF_MAP_KIND_LRU_HASH, false, false}, {BPF_MAP_KIND_LRU_PERCPU_HASH, true, false},
    {BPF_MAP_KIND_ARRAY, false, true},	   {BPF_MAP_KIND_PERCPU_ARRAY, true, true},
};

static struct map_def make_map(const struct kind *k, struct type *key, struct type *value,
			       uint32_t value_size, uint32_t entries)
{
	struct map_def m = {.role = MAP_USER,
			    .name = "m",
			    .bpf_kind = k->kind,
			    .key = key,
			    .value = value,
			    .key_size = key ? key->size : 4,
			    .value_size = value_size,
			    .max_entries = entries};

	map_fd = bpf_map_create((enum bpf_map_type)k->kind, "m", m.key_size, m.value_size, entries,
				NULL);
	return m;
}

// Entry i holds i on every CPU, or once.
static void fill(const struct kernel_maps *k, uint64_t n)
{
	uint64_t values[1024];

	for (uint64_t i = 0; i < n; i++) {
		for (unsigned c = 0; c < k->cpus; c++)
			values[c] = i;
		CHECK_INT(bpf_map_update_elem(map_fd, &i, values, BPF_ANY), 0);
	}
}

static void check_entries(const struct entries *es, uint64_t n, uint64_t factor)
{
	CHECK_INT(es->count, n);
	for (size_t i = 0; i < es->count; i++) {
		uint64_t key, value;

		memcpy(&key, es->list[i].key, 8);
		memcpy(&value, es->list[i].value, 8);
		if (!CHECK(key == i && value == i * factor))
			return;
	}
}

static void test_hash_kinds(void)
{
	for (size_t n = 0; n < 8; n++) {
		size_t i = n / 2;
		struct kernel_maps k = {.fd = only_fd, .no_batches = n % 2};
		struct map_reader r = kernel_map_reader(&k);
		struct entries es = {0};
		// LRU maps evict early: leave them room.
		uint64_t keys = 3000, entries = i < 2 ? keys : 4 * keys;
		struct map_def m = make_map(&kinds[i], &type_uint64, agg_type(TYPE_COUNT, 8, false),
					    8, (uint32_t)entries);

		if (map_fd < 0)
			SKIP("cannot create maps");
		fill(&k, keys);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		check_entries(&es, keys, kinds[i].percpu ? k.cpus : 1);
		CHECK_INT(r.zero(&k, &m), 0);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK_INT(es.count, keys);
		CHECK_INT(es.list[keys - 1].value[0] + es.list[keys / 2].value[0], 0);
		CHECK_INT(r.clear(&k, &m), 0);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK_INT(es.count, 0);
		CHECK_INT(r.clear(&k, &m), 0); // empty already
		entries_release(&es);
		kernel_maps_release(&k);
		close(map_fd);
	}
}

// A scalar in an array of one: struct scalar_slot.
static void test_slots(void)
{
	for (size_t i = 4; i < 6; i++) {
		struct kernel_maps k = {.fd = only_fd};
		struct map_reader r = kernel_map_reader(&k);
		struct entries es = {0};
		struct map_def m = make_map(&kinds[i], NULL, agg_type(TYPE_COUNT, 8, false),
					    sizeof(struct scalar_slot), 1);
		struct scalar_slot slots[512];
		uint32_t zero = 0;

		if (map_fd < 0)
			SKIP("cannot create maps");
		m.slot = m.scalar = true;
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK_INT(es.count, 0);
		for (unsigned c = 0; c < k.cpus; c++)
			slots[c] = (struct scalar_slot){.present = 1, .value = 21};
		bpf_map_update_elem(map_fd, &zero, slots, BPF_ANY);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK_INT(es.count, 1);
		CHECK_INT(*(uint64_t *)es.list[0].value, kinds[i].percpu ? 21 * k.cpus : 21);
		CHECK_INT(r.zero(&k, &m), 0);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK(es.count == 1 && es.list[0].value[0] == 0);
		CHECK_INT(r.clear(&k, &m), 0);
		CHECK_INT(entries_read(&es, &r, &m), 0);
		CHECK_INT(es.count, 0);
		entries_release(&es);
		kernel_maps_release(&k);
		close(map_fd);
	}
}

// ---- two copies ------------------------------------------------------------------------------

struct copies {
	struct map_def map, twin, in_use;
	int fds[3];
};

static int fd_of_copies(void *ctx, const struct map_def *m)
{
	return ((struct copies *)ctx)->fds[m->id];
}

static bool make_copies(struct copies *c, const struct kind *k)
{
	uint32_t size = k->array ? sizeof(struct scalar_slot) : 8, entries = k->array ? 1 : 64;
	LIBBPF_OPTS(bpf_map_create_opts, o);
	uint32_t first = 0;

	for (unsigned i = 0; i < 2; i++) {
		c->map = make_map(k, k->array ? NULL : &type_uint64,
				  agg_type(TYPE_COUNT, 8, false), size, entries);
		c->fds[i] = map_fd;
	}
	c->map.slot = c->map.scalar = k->array;
	o.inner_map_fd = (uint32_t)c->fds[0];
	c->fds[2] = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", 4, 4, 1, &o);
	c->twin = c->map;
	c->twin.id = 1;
	c->in_use.id = 2;
	c->map.twin = &c->twin;
	c->map.in_use = &c->in_use;
	return c->fds[2] >= 0 && !bpf_map_update_elem(c->fds[2], &first, &c->fds[0], BPF_ANY);
}

// What is in one copy: one key, or the slot.
static void put_one(const struct kernel_maps *k, int fd, bool slot)
{
	struct scalar_slot values[512];
	uint64_t key = 0, counts[512];

	for (unsigned c = 0; c < k->cpus; c++) {
		values[c] = (struct scalar_slot){.present = 1, .value = 7};
		counts[c] = 7;
	}
	CHECK_INT(bpf_map_update_elem(fd, &key, slot ? (void *)values : counts, BPF_ANY), 0);
}

static void check_taken(struct entries *es, const struct map_reader *r, const struct map_def *m,
			bool keep, int64_t want)
{
	CHECK_INT(entries_take(es, r, m, keep), 0);
	CHECK_INT(es->count, want >= 0);
	if (want >= 0)
		CHECK_INT(*(const uint64_t *)es->list[0].value, want);
}

static void test_take(void)
{
	for (size_t i = 0; i < 6; i++) {
		struct copies c = {0};
		struct kernel_maps k = {.fd = fd_of_copies, .fd_ctx = &c};
		struct map_reader r = kernel_map_reader(&k);
		struct entries es = {0};
		int64_t seven = kinds[i].percpu ? 7 * k.cpus : 7;

		if (!make_copies(&c, &kinds[i]))
			SKIP("cannot create maps of maps");
		check_taken(&es, &r, &c.map, false, -1); // the twin is in use
		put_one(&k, c.fds[1], c.map.slot);
		check_taken(&es, &r, &c.map, false, seven);
		put_one(&k, c.fds[0], c.map.slot);
		check_taken(&es, &r, &c.map, true, seven); // the twin has the key, and zero
		CHECK_INT(entries_read(&es, &r, &c.map), 0);
		CHECK(es.count == 1 && es.list[0].value[0] == 0);
		check_taken(&es, &r, &c.map, false, 0);
		check_taken(&es, &r, &c.map, false, -1);
		put_one(&k, c.fds[1], c.map.slot);
		CHECK_INT(r.clear(&k, &c.map), 0);
		check_taken(&es, &r, &c.map, false, -1);
		entries_release(&es);
		kernel_maps_release(&k);
		for (unsigned n = 0; n < 3; n++)
			close(c.fds[n]);
	}
}

static int fd_of_many(void *ctx, const struct map_def *m)
{
	return ((struct copies *)ctx)[m->id / 3].fds[m->id % 3];
}

static bool make_many(struct copies *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!make_copies(&c[i], &kinds[i]))
			return false;
		c[i].map.id += (uint32_t)(3 * i);
		c[i].twin.id += (uint32_t)(3 * i);
		c[i].in_use.id += (uint32_t)(3 * i);
	}
	return true;
}

// Given away together, taken one after the other: what programs add in between is for the next time.
static void test_give(void)
{
	enum { COUNT = 6 };
	struct copies c[COUNT] = {0};
	struct map_take takes[COUNT];
	struct kernel_maps k = {.fd = fd_of_many, .fd_ctx = c};
	struct map_reader r = kernel_map_reader(&k);
	struct entries es = {0};

	if (!make_many(c, COUNT))
		SKIP("cannot create maps of maps");
	for (size_t i = 0; i < COUNT; i++) {
		put_one(&k, c[i].fds[0], c[i].map.slot);
		takes[i] = (struct map_take){.map = &c[i].map, .keep = i % 2};
	}
	r.give(&k, takes, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		put_one(&k, c[i].fds[1], c[i].map.slot);
	for (unsigned round = 0; round < 3; round++)
		for (size_t i = 0; i < COUNT; i++) {
			int64_t seven = kinds[i].percpu ? 7 * k.cpus : 7;

			check_taken(&es, &r, &c[i].map, takes[i].keep && !round,
				    round < 2 ? seven : -1);
		}
	entries_release(&es);
	kernel_maps_release(&k);
	for (size_t i = 0; i < 3 * COUNT; i++)
		close(c[i / 3].fds[i % 3]);
}

// Values so large that only a few fit into a batch.
static void test_large_values(void)
{
	struct kernel_maps k = {.fd = only_fd};
	struct map_reader r = kernel_map_reader(&k);
	struct entries es = {0};
	struct map_def m = make_map(&kinds[1], &type_uint64, lhist_type(0, 1000, 1), 1002 * 8, 500);
	unsigned char *value = calloc(k.cpus, 1002 * 8);

	if (map_fd < 0) {
		free(value);
		SKIP("cannot create maps");
	}
	for (uint64_t i = 0; i < 500; i++) {
		value[8] = (unsigned char)i;
		CHECK_INT(bpf_map_update_elem(map_fd, &i, value, BPF_ANY), 0);
	}
	CHECK_INT(entries_read(&es, &r, &m), 0);
	CHECK_INT(es.count, 500);
	CHECK_INT(es.list[0].total, 0);
	CHECK_INT(es.list[499].total, 255);
	entries_release(&es);
	kernel_maps_release(&k);
	free(value);
	close(map_fd);
}

static void test_no_fd(void)
{
	struct kernel_maps k = {.fd = only_fd};
	struct map_reader r = kernel_map_reader(&k);
	struct map_def m = {.bpf_kind = BPF_MAP_KIND_HASH, .key_size = 8, .value_size = 8};

	map_fd = -1;
	CHECK_INT(r.walk(&k, &m, NULL, NULL), -EBADF);
	CHECK_INT(r.clear(&k, &m), -EBADF);
	CHECK_INT(r.zero(&k, &m), -EBADF);
	kernel_maps_release(&k);
}

// ---- the ring buffer
// -----------------------------------------------------------------------------

// r1 = ring; r2 = fp - 16 (event 0, unit 0, value); r3 = 16; ringbuf_output. Then a record that is
// reserved and discarded: the reader must step over it.
static int ring_program(int ring, int32_t value)
{
	struct bpf_insn insns[] = {
	    {.code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -16, .imm = 0},
	    {.code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -8, .imm = value},
	    {.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 1, .src_reg = 1, .imm = ring},
	    {0},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 2, .src_reg = 10},
	    {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 2, .imm = -16},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 16},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 4, .imm = 0},
	    {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_output},
	    {.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 1, .src_reg = 1, .imm = ring},
	    {0},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 24},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 0},
	    {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_reserve},
	    {.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = 0, .off = 3, .imm = 0},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 0},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 0},
	    {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_ringbuf_discard},
	    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0},
	    {.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "ring", "GPL", insns,
			     sizeof(insns) / sizeof(insns[0]), NULL);
}

static void run_program(int prog, unsigned times)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	for (unsigned i = 0; i < times; i++)
		if (!CHECK_INT(bpf_prog_test_run_opts(prog, &opts), 0))
			return;
}

static void open_kernel_output(void)
{
	struct output_options opts = {0};
	struct map_def *m;

	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 1, (struct val[]){I64(0)}), "%d\n");
	m = program_add_map(&fx.program, MAP_RINGBUF, "ring");
	m->max_entries = 4096;
	opts.path = "/tmp/mtrace-test-ring.out";
	fx.out = output_new(&fx.program, &opts, only_fd, NULL);
}

// An output that reads a ring of one page, and the program that writes to it; -1: not permitted.
static int open_ring_output(void)
{
	int prog;

	map_fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring", 0, 0, 4096, NULL);
	prog = map_fd < 0 ? -1 : ring_program(map_fd, -7);
	if (prog >= 0)
		open_kernel_output();
	return prog;
}

// More records in all than the ring holds: positions wrap.
static void test_ring(void)
{
	char want[4096] = "", got[4096] = "";
	FILE *f;
	int prog;

	prog = open_ring_output();
	if (prog < 0)
		SKIP("cannot load programs");
	CHECK_INT(output_ring_fd(fx.out), map_fd);
	CHECK_INT(output_drain(fx.out), 0);
	for (int i = 0; i < 20; i++) {
		run_program(prog, 30);
		CHECK_INT(output_drain(fx.out), 30);
		CHECK_INT(output_drain(fx.out), 0);
	}
	CHECK_INT(output_state(fx.out)->events, 600);
	f = fopen("/tmp/mtrace-test-ring.out", "r");
	CHECK(fread(got, 1, sizeof(got) - 1, f) == 1800);
	for (int i = 0; i < 600; i++)
		memcpy(want + 3 * i, "-7\n", 4);
	CHECK_STR(got, want);
	fclose(f);
	run_program(prog, 200); // full: the kernel drops, what is there is still right
	CHECK(output_drain(fx.out) < 200);
	CHECK_INT(fx.out->bad_records, 0);
	fixture_release(&fx);
	unlink("/tmp/mtrace-test-ring.out");
	close(prog);
	close(map_fd);
}

// More than the ring holds at once, taken out of it in between: all is there, in order, and what
// comes afterwards follows it.
static void test_set_aside(void)
{
	enum { ROUNDS = 20, EACH = 30 };
	int prog;

	prog = open_ring_output();
	if (prog < 0)
		SKIP("cannot load programs");
	for (int again = 1; again <= 3; again++) {
		for (int i = 0; i < ROUNDS; i++) {
			run_program(prog, EACH);
			output_set_aside(fx.out);
		}
		output_set_aside(fx.out); // nothing new
		CHECK_INT(output_state(fx.out)->events, (again - 1) * (ROUNDS + 1) * EACH);
		run_program(prog, EACH);
		CHECK_INT(output_drain(fx.out), (ROUNDS + 1) * EACH);
		CHECK_INT(output_drain(fx.out), 0);
		CHECK_INT(output_state(fx.out)->events, again * (ROUNDS + 1) * EACH);
	}
	CHECK_INT(fx.out->bad_records, 0);
	fixture_release(&fx);
	unlink("/tmp/mtrace-test-ring.out");
	close(prog);
	close(map_fd);
}

static void test_no_ring(void)
{
	struct output_options opts = {.path = "/tmp/mtrace-test-ring.out"};

	fixture_init(&fx);
	fx.out = output_new(&fx.program, &opts, only_fd, NULL);
	CHECK_INT(output_ring_fd(fx.out), -1);
	CHECK_INT(output_drain(fx.out), 0);
	fixture_release(&fx);
	unlink("/tmp/mtrace-test-ring.out");
}

static void test_cannot_open(void)
{
	struct output_options opts = {.path = "/nonexistent/dir/file"};

	fixture_init(&fx);
	CHECK(!output_new(&fx.program, &opts, only_fd, NULL));
	fixture_release(&fx);
}

TEST_MAIN(test_hash_kinds, test_slots, test_take, test_give, test_large_values, test_no_fd,
	  test_ring, test_set_aside, test_no_ring, test_cannot_open)
