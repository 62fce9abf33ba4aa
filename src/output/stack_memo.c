// stack_memo: in go the addresses of a kernel stack and the memory that it lay in, out comes a
// struct stack_memo in MAP_STACK_MEMO. An address that is in that memory twice may be left over
// from an earlier call, and a stack with returns that are traced is not what it looks like: neither
// is remembered. The program asks again later.
#include "output/stack_memo.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "output/internal.h"
#include "sys/kernel_funcs.h"

enum { FRAMES_MAX = 128 };

bool memo_learn(struct stack_memo *m, const uint64_t *addresses, size_t n, size_t own,
		const uint64_t *words, size_t count)
{
	size_t from = 0;

	m->slots = 0;
	if (own >= n || n - own > MEMO_SLOTS)
		return false;
	for (size_t i = own; i < n; i++) {
		size_t found = count;

		for (size_t w = 0; w < count; w++) {
			if (words[w] != addresses[i])
				continue;
			if (found < count)
				return false;
			found = w;
		}
		if (found == count || found < from)
			return false;
		from = found + 1;
		m->slot[m->slots++] = (struct memo_slot){found * sizeof(*words), addresses[i]};
	}
	return true;
}

static bool is_in(struct output *o, uint64_t address, const char *const *prefixes, size_t count)
{
	uint64_t offset;
	const char *module, *name = kallsyms_lookup(o->printer.kallsyms, address, &offset, &module);

	for (size_t i = 0; name && i < count; i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

// The frames up to that of the function that called the program: they are below its context, and
// always the same.
static size_t own_frames(struct output *o, const uint64_t *addresses, size_t n)
{
	static const char *const callers[] = {"bpf_trace_run", "perf_call_bpf_", "perf_syscall_"};

	for (size_t i = 0; i < n; i++)
		if (is_in(o, addresses[i], callers, ARRAY_SIZE(callers)))
			return i + 1;
	return n;
}

static bool has_traced_return(struct output *o, const uint64_t *words, size_t count)
{
	static const char *const trampolines[] = {"return_to_handler", "arch_rethook_trampoline",
						  "__kretprobe_trampoline", "kretprobe_trampoline"};

	for (size_t i = 0; i < count; i++)
		if (words[i] >> 32 == UINT32_MAX &&
		    is_in(o, words[i], trampolines, ARRAY_SIZE(trampolines)))
			return true;
	return false;
}

// Programs may be reading: they look at `ready` first and last, and it is never the same twice.
static void write_memo(struct output *o, const struct map_def *map, struct stack_memo *m)
{
	int fd = o->kernel_maps.fd(o->kernel_maps.fd_ctx, map);
	uint32_t index = MEMO_INDEX(m->site, m->depth);
	struct stack_memo before;

	if (o->maps.lookup(o->maps.ctx, map, &index, &before))
		return;
	m->misses = before.misses;
	before.ready = 0;
	kernel_map_put(fd, index, &before);
	kernel_map_put(fd, index, m);
	m->ready = ++o->memos;
	kernel_map_put(fd, index, m);
}

void memo_answer(struct output *o, const void *record, size_t size)
{
	const struct map_def *map = program_find_map(o->program, MAP_STACK_MEMO);
	_cleanup_free_ struct rec_stack *r = malloc(sizeof(*r));
	uint64_t addresses[FRAMES_MAX];
	struct stack_memo m = {0};
	size_t n, words;

	if (!r || !map || !o->kernel_maps.fd || size < sizeof(*r))
		return;
	memcpy(r, record, sizeof(*r));
	if (r->depth > MEMO_BYTES || !r->frames || r->frames > FRAMES_MAX)
		return;
	words = r->depth / sizeof(r->words[0]);
	n = o->printer.stack(o->printer.stack_ctx, r->id, addresses, r->frames);
	if (n != r->frames || has_traced_return(o, (const uint64_t *)r->words, words))
		return;
	m.site = r->site;
	m.depth = r->depth;
	m.id = r->id;
	m.frames = r->frames;
	if (memo_learn(&m, addresses, n, own_frames(o, addresses, n), (const uint64_t *)r->words,
		       words))
		write_memo(o, map, &m);
}
