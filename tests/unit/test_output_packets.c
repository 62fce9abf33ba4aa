// skboutput()'s way out: bytes of a pcap file, records of perf buffers made by hand and by this
// machine's kernel (skipped without the rights to make them).
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>

#include "output_fixture.h"

#define PATH "/tmp/mtrace-test-packets.pcap"

static struct fixture fx;
static int map_fd;

static int only_fd(void *ctx, const struct map_def *m)
{
	(void)ctx;
	(void)m;
	return map_fd;
}

static size_t read_file(const char *path, unsigned char *bytes, size_t room)
{
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(bytes, 1, room, f) : 0;

	if (f)
		fclose(f);
	return n;
}

static uint32_t word(const unsigned char *bytes, size_t at)
{
	uint32_t v;

	memcpy(&v, bytes + at, sizeof(v));
	return v;
}

// ---- the file --------------------------------------------------------------------------------

static void test_pcap(void)
{
	static const unsigned char head[] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
					     0,	   0,	 0,    0,    0xff, 0xff, 0, 0, 101, 0, 0, 0};
	unsigned char bytes[256];
	struct pcap *p = pcap_create(PATH);

	if (!CHECK(p))
		return;
	CHECK_INT(pcap_flush(p), 0);
	CHECK_INT(read_file(PATH, bytes, sizeof(bytes)), 24);
	CHECK(!memcmp(bytes, head, sizeof(head)));
	CHECK_INT(pcap_packet(p, 1700000000123456789ull, "abcde", 5), 0);
	CHECK_INT(pcap_packet(p, 999, "", 0), 0);
	CHECK_INT(pcap_close(p), 0);
	CHECK_INT(read_file(PATH, bytes, sizeof(bytes)), 24 + 16 + 5 + 16);
	CHECK_INT(word(bytes, 24), 1700000000);
	CHECK_INT(word(bytes, 28), 123456);
	CHECK_INT(word(bytes, 32), 5);
	CHECK_INT(word(bytes, 36), 5);
	CHECK(!memcmp(bytes + 40, "abcde", 5));
	CHECK_INT(word(bytes, 45), 0);
	CHECK_INT(word(bytes, 53), 0);
	unlink(PATH);
}

static void test_no_file(void)
{
	errno = 0;
	CHECK(!pcap_create("/nonexistent/dir/x.pcap"));
	CHECK_INT(errno, ENOENT);
}

// Buffered: what a full disk refuses is told when it is flushed, or at the end.
static void test_full_disk(void)
{
	struct pcap *p = pcap_create("/dev/full");

	if (!p)
		SKIP("no /dev/full");
	CHECK_INT(pcap_packet(p, 0, "abc", 3), 0);
	CHECK_INT(pcap_flush(p), -ENOSPC);
	pcap_close(p);
}

// ---- records ---------------------------------------------------------------------------------

static bool open_packets(uint32_t skip)
{
	struct output_options opts = {.path = "/tmp/mtrace-test-packets.out"};
	struct event_def *e;
	struct map_def *m;

	map_fd = bpf_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, "packets", 4, 4, 512, NULL);
	if (map_fd < 0)
		return false;
	fixture_init(&fx);
	fx.program.config.perf_rb_pages = 1;
	e = program_add_event(&fx.program, EVENT_PACKET, (struct span){0, 0});
	e->text = PATH;
	e->skip = skip;
	e = program_add_event(&fx.program, EVENT_EXIT, (struct span){0, 0});
	m = program_add_map(&fx.program, MAP_PACKETS, "packets");
	m->max_entries = (uint32_t)sysconf(_SC_NPROCESSORS_CONF);
	fx.out = output_new(&fx.program, &opts, only_fd, NULL);
	if (fx.out)
		return true;
	fixture_release(&fx);
	close(map_fd);
	return false;
}

static void close_packets(void)
{
	fixture_release(&fx);
	close(map_fd);
	unlink(PATH);
	unlink("/tmp/mtrace-test-packets.out");
}

// 64 bytes of packet, said to be `size`, of which `given` are there.
static void send_made(uint32_t event, uint64_t size, size_t given)
{
	struct {
		struct rec_packet head;
		unsigned char data[64];
	} made = {.head = {.hdr = {.event = event}, .boot_ns = 1, .size = size}};

	packets_write(fx.out, &made, given);
}

static void test_broken_records(void)
{
	unsigned char bytes[256];

	if (!open_packets(8))
		SKIP("cannot make perf buffers");
	send_made(0, 64, 24 + 64);
	send_made(0, 65, 24 + 64);	  // longer than what there is
	send_made(0, UINT64_MAX, 24 + 64);
	send_made(0, 0, 23); // not even a head
	send_made(0, 0, 0);
	send_made(1, 64, 24 + 64); // of another kind
	send_made(9, 64, 24 + 64); // of none
	CHECK_INT(fx.out->bad_records, 6);
	send_made(0, 8, 24 + 64); // nothing is left of it
	send_made(0, 0, 24);
	CHECK_INT(fx.out->bad_records, 6);
	output_free(fx.out);
	fx.out = NULL;
	CHECK_INT(read_file(PATH, bytes, sizeof(bytes)), 24 + 16 + 56);
	close_packets();
}

enum { SENT = 232, PACKET = 203 };

// ctx in r1; a record of SENT bytes on the stack, a packet of PACKET in it:
// perf_event_output(ctx, map, BPF_F_CURRENT_CPU, fp - SENT, SENT).
static int packet_program(int map)
{
	struct bpf_insn insns[SENT / 8 + 9];
	size_t n = 0;

	for (int off = -SENT; off < 0; off += 8)
		insns[n++] = (struct bpf_insn){.code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = 10,
					       .off = (int16_t)off, .imm = 0x45454545};
	insns[0].imm = 0;		   // event, unit
	insns[2].imm = PACKET;
	insns[n++] = (struct bpf_insn){.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 2,
				       .src_reg = 1, .imm = map};
	insns[n++] = (struct bpf_insn){0};
	insns[n++] = (struct bpf_insn){.code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 3, .imm = -1};
	insns[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 4,
				       .src_reg = 10};
	insns[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 4,
				       .imm = -SENT};
	insns[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 5,
				       .imm = SENT};
	insns[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_CALL,
				       .imm = BPF_FUNC_perf_event_output};
	insns[n++] = (struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0};
	insns[n++] = (struct bpf_insn){.code = BPF_JMP | BPF_EXIT};
	return bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "packets", "GPL", insns, n, NULL);
}

static void run_program(int prog, unsigned times)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	for (unsigned i = 0; i < times; i++)
		if (!CHECK_INT(bpf_prog_test_run_opts(prog, &opts), 0))
			return;
}

static void check_packets(unsigned count)
{
	enum { SKIP_BYTES = 3, EACH = 16 + PACKET - SKIP_BYTES };
	static unsigned char bytes[24 + 400 * EACH];

	CHECK_INT(read_file(PATH, bytes, sizeof(bytes)), 24 + count * EACH);
	for (unsigned i = 0; i < count; i++) {
		size_t at = 24 + i * EACH;

		if (!CHECK_INT(word(bytes, at + 8), PACKET - SKIP_BYTES))
			return;
		for (size_t k = 16; k < EACH; k++)
			if (!CHECK(bytes[at + k] == ((k - 16 + SKIP_BYTES) % 8 < 4 ? 0x45 : 0)))
				return;
	}
}

// More in all than a buffer holds: positions wrap, also inside records. One that is full keeps
// what it has.
static void test_buffers(void)
{
	int prog;

	if (!open_packets(3))
		SKIP("cannot make perf buffers");
	prog = packet_program(map_fd);
	if (!CHECK(prog >= 0))
		return;
	CHECK(output_packets_fd(fx.out) >= 0);
	CHECK_INT(output_drain(fx.out), 0);
	for (int i = 0; i < 30; i++) {
		run_program(prog, 10);
		CHECK_INT(output_drain(fx.out), 10);
		CHECK_INT(output_drain(fx.out), 0);
	}
	check_packets(300);
	run_program(prog, 1000);
	CHECK(output_drain(fx.out) < 1000);
	CHECK(output_may_have_lost(fx.out));
	run_program(prog, 1);
	CHECK_INT(output_drain(fx.out), 1);
	CHECK_INT(fx.out->bad_records, 0);
	close(prog);
	close_packets();
}

TEST_MAIN(test_pcap, test_no_file, test_full_disk, test_broken_records, test_buffers)
