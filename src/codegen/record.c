// record: the kernel's side of the two ring buffers. A record of fixed size is reserved, filled
// in place and submitted; one whose size varies is built in scratch and sent as long as it is.
// What a record says must not be lost where it is the script's own control (exit, print of a
// map, clear, zero, assert): when the ring buffer is full, it goes to a second, small one.
//
// Wake-ups are the kernel's default: one when the reader has read everything before. The reader
// then rests a while (run.c), so that a stream of records costs few of them.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>
#include <unistd.h>

#include "bpf/abi.h"

// In bytes, powers of two. The control ring holds some thousand records.
// When perf_rb_pages is not set. A loop, in BEGIN above all, sends faster than a reader reads that
// has to wait for a CPU.
#define RING_BYTES (8u << 20)
#define RING_BYTES_LOOPS (16u << 20)
#define RING_BYTES_MAX (1u << 30)
#define CONTROL_BYTES (64u << 10)

static bool sends_data(const struct program *p)
{
	for (size_t i = 0; i < p->events.len; i++)
		if (!event_is_control(p->events.data[i]->kind) &&
		    !event_is_failure(p->events.data[i]->kind))
			return true;
	return false;
}

uint32_t ring_bytes(const struct program *p, enum map_role role, uint32_t page)
{
	uint64_t want = p->config.perf_rb_pages * (uint64_t)page;
	uint32_t bytes = page;

	if (role == MAP_CONTROL || !sends_data(p))
		want = CONTROL_BYTES;
	else if (!want)
		want = p->has_loops ? RING_BYTES_LOOPS : RING_BYTES;
	while (bytes < want && bytes < RING_BYTES_MAX)
		bytes *= 2;
	return bytes;
}

void record_head(struct cg *cg, LLVMValueRef to, const struct event_def *ev)
{
	store(cg, k64(cg, (uint64_t)cg->unit->id << 32 | ev->id), to); // struct rec_hdr
}

static LLVMValueRef reserve(struct cg *cg, enum map_role ring, uint32_t size)
{
	LLVMValueRef args[3], v;

	args[0] = map_address(cg, map_internal(cg, ring));
	args[1] = k64(cg, size);
	args[2] = k64(cg, 0);
	v = helper_call(cg, BPF_FUNC_ringbuf_reserve, args, 3, "record");
	return LLVMBuildIntToPtr(cg->b, v, cg->ptr, "record");
}

static void submit(struct cg *cg, LLVMValueRef record)
{
	LLVMValueRef args[2];

	args[0] = record;
	args[1] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_ringbuf_submit, args, 2, "");
}

static LLVMValueRef query(struct cg *cg, enum map_role ring, uint64_t what, const char *name)
{
	LLVMValueRef args[2];

	args[0] = map_address(cg, map_internal(cg, ring));
	args[1] = k64(cg, what);
	return helper_call(cg, BPF_FUNC_ringbuf_query, args, 2, name);
}

static void lost_to(struct cg *cg, LLVMBasicBlockRef done)
{
	count_loss(cg, offsetof(struct unit_stats, lost_records));
	block_goto(cg, done);
}

// ---- records of fixed size
// -----------------------------------------------------------------------

void record_begin(struct cg *cg, struct record *r, const struct event_def *ev)
{
	LLVMBasicBlockRef full = block_new(cg, "ring_full"), have = block_new(cg, "record");
	LLVMValueRef v;

	r->done = block_new(cg, "sent");
	r->at = reserve(cg, MAP_RINGBUF, ev->size);
	v = is_null(cg, r->at);
	block_branch(cg, v, full, have);
	block_enter(cg, full);
	lost_to(cg, r->done);
	block_enter(cg, have);
	record_head(cg, r->at, ev);
}

void record_begin_spare(struct cg *cg, struct record *r, const struct event_def *ev)
{
	LLVMBasicBlockRef empty = block_new(cg, "ring_empty"), have = block_new(cg, "record");
	uint64_t size = ring_bytes(cg->p, MAP_RINGBUF, (uint32_t)sysconf(_SC_PAGESIZE));
	LLVMValueRef v = query(cg, MAP_RINGBUF, BPF_RB_AVAIL_DATA, "used");

	r->done = block_new(cg, "sent");
	v = LLVMBuildICmp(cg->b, LLVMIntUGT, v, k64(cg, size / 4), "in_use");
	block_branch(cg, v, r->done, empty);
	block_enter(cg, empty);
	r->at = reserve(cg, MAP_RINGBUF, ev->size);
	v = is_null(cg, r->at);
	block_branch(cg, v, r->done, have);
	block_enter(cg, have);
	record_head(cg, r->at, ev);
}

void record_end(struct cg *cg, struct record *r)
{
	submit(cg, r->at);
	block_goto(cg, r->done);
	block_enter(cg, r->done);
}

// ---- records whose size varies
// -------------------------------------------------------------------

LLVMValueRef record_scratch(struct cg *cg, const struct event_def *ev)
{
	LLVMValueRef record = frame_temp(cg, ev->size + ev->tail_max, "record");

	record_head(cg, record, ev);
	return record;
}

void record_output(struct cg *cg, LLVMValueRef record, LLVMValueRef size)
{
	LLVMBasicBlockRef full = block_new(cg, "ring_full"), done = block_new(cg, "sent");
	LLVMValueRef args[4], v;

	args[0] = map_address(cg, map_internal(cg, MAP_RINGBUF));
	args[1] = record;
	args[2] = size;
	args[3] = k64(cg, 0);
	v = helper_call(cg, BPF_FUNC_ringbuf_output, args, 4, "err");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "sent");
	block_branch(cg, v, done, full);
	block_enter(cg, full);
	lost_to(cg, done);
	block_enter(cg, done);
}

// ---- control
// -------------------------------------------------------------------------------------

// Fills the record and sends it, or goes to `full` and stands there.
static void send_words(struct cg *cg, enum map_role ring, uint32_t before,
		       const struct event_def *ev, const LLVMValueRef *words, unsigned count,
		       LLVMValueRef after, LLVMBasicBlockRef done)
{
	LLVMBasicBlockRef full = block_new(cg, "full"), have = block_new(cg, "record");
	LLVMValueRef record = reserve(cg, ring, before + ev->size), v, to;

	v = is_null(cg, record);
	block_branch(cg, v, full, have);
	block_enter(cg, have);
	if (before)
		store(cg, after, record);
	to = at(cg, record, before, "record");
	record_head(cg, to, ev);
	for (unsigned i = 0; i < count; i++) {
		to = at(cg, record, before + sizeof(struct rec_hdr) + 8 * i, "word");
		store(cg, words[i], to);
	}
	submit(cg, record);
	block_goto(cg, done);
	block_enter(cg, full);
}

// A script of one event has nothing that could crowd it out.
static bool needs_control_ring(const struct program *p)
{
	return p->events.len > 1 || p->stack_frames;
}

// What ends the run finds room: the others leave half of the control ring free.
static void leave_room_for_exit(struct cg *cg, LLVMBasicBlockRef lost)
{
	LLVMBasicBlockRef room = block_new(cg, "room");
	LLVMValueRef v = query(cg, MAP_CONTROL, BPF_RB_AVAIL_DATA, "used");

	v = LLVMBuildICmp(cg->b, LLVMIntUGT, v, k64(cg, CONTROL_BYTES / 2), "crowded");
	block_branch(cg, v, lost, room);
	block_enter(cg, room);
}

// if (!send(ring)) {
//	after = position(ring);
//	if (!send(control, after)) count;
// }
void record_control(struct cg *cg, const struct event_def *ev, const LLVMValueRef *words,
		    unsigned count)
{
	LLVMBasicBlockRef done = block_new(cg, "sent"), lost;
	LLVMValueRef after;

	send_words(cg, MAP_RINGBUF, 0, ev, words, count, NULL, done);
	if (needs_control_ring(cg->p)) {
		lost = block_new(cg, "control_full");
		if (ev->kind != EVENT_EXIT && ev->kind != EVENT_ASSERT)
			leave_room_for_exit(cg, lost);
		after = query(cg, MAP_RINGBUF, BPF_RB_PROD_POS, "position");
		send_words(cg, MAP_CONTROL, sizeof(struct rec_control), ev, words, count, after,
			   done);
		block_goto(cg, lost);
		block_enter(cg, lost);
	}
	lost_to(cg, done);
	block_enter(cg, done);
}
