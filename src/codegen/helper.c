// helper: calls into the kernel and references to maps, in the form that struct object
// (program.h) promises: helpers by number, kernel functions by KFUNC_CALL_BASE + id, maps by
// id in a 64-bit load. Internal maps are added to the program when first referred to.
#include "codegen/cg.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "base/cleanup.h"
#include "bpf/abi.h"

#define SPILL_ENTRIES 16384
#define STACK_ENTRIES 65536
#define UNWIND_PROCESSES 1024

static LLVMValueRef call_number(struct cg *cg, uint64_t number, LLVMValueRef *args, unsigned n,
				const char *name)
{
	LLVMTypeRef types[5], type;
	LLVMValueRef fn = k64(cg, number);

	for (unsigned i = 0; i < n; i++)
		types[i] = LLVMTypeOf(args[i]);
	type = LLVMFunctionType(cg->i64, types, n, false);
	fn = LLVMConstIntToPtr(fn, cg->ptr);
	return LLVMBuildCall2(cg->b, type, fn, args, n, name);
}

LLVMValueRef helper_call(struct cg *cg, int id, LLVMValueRef *args, unsigned n, const char *name)
{
	return call_number(cg, (uint64_t)id, args, n, name);
}

static LLVMAttributeRef attribute(struct cg *cg, const char *name)
{
	unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));

	return LLVMCreateEnumAttribute(cg->ctx, kind, 0);
}

static void call_attribute(struct cg *cg, LLVMValueRef call, const char *name)
{
	LLVMAddCallSiteAttribute(call, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
				 attribute(cg, name));
}

void function_attribute(struct cg *cg, LLVMValueRef fn, const char *name)
{
	LLVMAddAttributeAtIndex(fn, (LLVMAttributeIndex)LLVMAttributeFunctionIndex,
				attribute(cg, name));
}

LLVMValueRef helper_pure(struct cg *cg, int id, LLVMValueRef *args, unsigned n, const char *name)
{
	LLVMValueRef call = helper_call(cg, id, args, n, name);

	call_attribute(cg, call, "memory"); // 0: none
	call_attribute(cg, call, "nounwind");
	call_attribute(cg, call, "willreturn");
	return call;
}

LLVMValueRef kfunc_call(struct cg *cg, enum kfunc_id id, LLVMValueRef *args, unsigned n,
			const char *name)
{
	return call_number(cg, KFUNC_CALL_BASE + (uint64_t)id, args, n, name);
}

static LLVMValueRef map_load(struct cg *cg, uint64_t pseudo, const struct map_def *m)
{
	unsigned id = LLVMLookupIntrinsicID("llvm.bpf.pseudo", strlen("llvm.bpf.pseudo"));
	LLVMValueRef fn = LLVMGetIntrinsicDeclaration(cg->mod, id, NULL, 0);
	LLVMTypeRef type = LLVMIntrinsicGetType(cg->ctx, id, NULL, 0);
	LLVMValueRef args[2], v;

	args[0] = k64(cg, pseudo);
	args[1] = k64(cg, m->id);
	v = LLVMBuildCall2(cg->b, type, fn, args, 2, "map");
	return LLVMBuildIntToPtr(cg->b, v, cg->ptr, *m->name ? m->name : "map");
}

LLVMValueRef map_address(struct cg *cg, const struct map_def *m)
{
	return map_load(cg, BPF_PSEUDO_MAP_FD, m);
}

LLVMValueRef map_first_value(struct cg *cg, const struct map_def *m)
{
	if (m->bpf_kind != BPF_MAP_KIND_ARRAY)
		bug("map '%s' is no array", m->name);
	return map_load(cg, BPF_PSEUDO_MAP_VALUE, m);
}

// ---- internal maps -------------------------------------------------------------------------

static void map_shape(struct map_def *m, enum bpf_map_kind kind, uint32_t key, uint32_t value,
		      uint32_t entries)
{
	m->bpf_kind = kind;
	m->key_size = key;
	m->value_size = value;
	m->max_entries = entries;
}

// The widest of all sessions.
static uint32_t spill_bytes(const struct program *p)
{
	uint32_t size = 8;

	for (size_t i = 0; i < p->units.len; i++)
		if (p->units.data[i]->session.spill_size > size)
			size = p->units.data[i]->session.spill_size;
	return (size + 7u) & ~7u;
}

static struct map_def *map_add(struct cg *cg, enum map_role role)
{
	static const char *const names[] = {
	    [MAP_RINGBUF] = "mt_ring",	    [MAP_CONTROL] = "mt_control", [MAP_STATS] = "mt_stats",
	    [MAP_SCRATCH_BUSY] = "mt_busy", [MAP_SCRATCH] = "mt_scratch", [MAP_SPILL] = "mt_spill",
	    [MAP_CONST] = "mt_zeros",
	    [MAP_CGROUP] = "mt_cgroup",	    [MAP_STACKS] = "mt_stacks",	  [MAP_PACKETS] = "mt_packets",
	    [MAP_STACK_MEMO] = "mt_stack_memo",
	    [MAP_UNWIND_PROCESSES] = "mt_unwind_pids", [MAP_UNWIND_MAPPINGS] = "mt_unwind_maps",
	    [MAP_UNWIND_ROWS] = "mt_unwind_rows",
	};
	struct map_def *m = program_add_map(cg->p, role, names[role]);

	switch (role) {
	case MAP_RINGBUF:
	case MAP_CONTROL:
		map_shape(m, BPF_MAP_KIND_RINGBUF, 0, 0,
			  ring_bytes(cg->p, role, (uint32_t)sysconf(_SC_PAGESIZE)));
		break;
	case MAP_STATS:
		map_shape(m, BPF_MAP_KIND_PERCPU_ARRAY, 4, sizeof(struct unit_stats),
			  (uint32_t)cg->p->units.len);
		break;
	case MAP_SCRATCH_BUSY:
		map_shape(m, BPF_MAP_KIND_PERCPU_ARRAY, 4, 8, 1);
		break;
	case MAP_SCRATCH: // the frame's size is known at the end
		map_shape(m, BPF_MAP_KIND_PERCPU_ARRAY, 4, 8, SCRATCH_FRAMES);
		break;
	case MAP_SPILL:
		map_shape(m, BPF_MAP_KIND_LRU_HASH, sizeof(struct spill_key), spill_bytes(cg->p),
			  SPILL_ENTRIES);
		break;
	case MAP_STACKS: // memory is taken for the stacks that there are
		map_shape(m, BPF_MAP_KIND_HASH, 8, 8 + 8 * cg->p->stack_frames, STACK_ENTRIES);
		m->flags = BPF_F_NO_PREALLOC;
		break;
	case MAP_STACK_MEMO:
		map_shape(m, BPF_MAP_KIND_ARRAY, 4, sizeof(struct stack_memo), MEMO_ENTRIES);
		break;
	case MAP_CONST: // likewise
		map_shape(m, BPF_MAP_KIND_ARRAY, 4, 8, 1);
		break;
	case MAP_UNWIND_PROCESSES:
		map_shape(m, BPF_MAP_KIND_HASH, 4, sizeof(struct unwind_process), UNWIND_PROCESSES);
		break;
	case MAP_UNWIND_MAPPINGS: // how many there are is known when processes have been looked at
		map_shape(m, BPF_MAP_KIND_ARRAY, 4, sizeof(struct unwind_mapping), 1);
		break;
	case MAP_UNWIND_ROWS: // likewise
		map_shape(m, BPF_MAP_KIND_ARRAY, 4, sizeof(struct unwind_row), 1);
		break;
	case MAP_PACKETS:
		map_shape(m, BPF_MAP_KIND_PERF_EVENT_ARRAY, 4, 4, possible_cpus());
		break;
	case MAP_CGROUP: // its value, to user space, is a descriptor
		map_shape(m, BPF_MAP_KIND_CGROUP_ARRAY, 4, 4, 1);
		m->initial = &cg->p->cgroup_fd;
		break;
	default:
		bug("internal map of role %d", role);
	}
	return m;
}

struct map_def *map_internal(struct cg *cg, enum map_role role)
{
	struct map_def *m = program_find_map(cg->p, role);

	return m ? m : map_add(cg, role);
}

// ---- facts about the program's targets -------------------------------------------------------

LLVMValueRef attach_cookie(struct cg *cg)
{
	const struct unit *u = cg->unit;
	LLVMValueRef args[] = {cg->fn->ctx};

	if (u->target_count == 1) {
		const struct target *t = cg->p->targets.data[u->first_target];

		return k64(cg, COOKIE(t->func_id, t->id));
	}
	if (u->mech == MECH_SYSCALL_TP)
		return syscall_cookie(cg);
	return helper_pure(cg, BPF_FUNC_get_attach_cookie, args, 1, "cookie");
}

LLVMValueRef function_address(struct cg *cg)
{
	LLVMValueRef args[] = {cg->fn->ctx};

	if (cg->unit->target_count == 1)
		return k64(cg, cg->p->targets.data[cg->unit->first_target]->address);
	return helper_pure(cg, BPF_FUNC_get_func_ip, args, 1, "address");
}

// The highest number in "0-3,8-11", plus one.
uint32_t possible_cpus(void)
{
	_cleanup_fclose_ FILE *f = fopen("/sys/devices/system/cpu/possible", "re");
	char line[256];
	long n = sysconf(_SC_NPROCESSORS_CONF);

	if (f && fgets(line, sizeof(line), f)) {
		char *last = line + strlen(line);

		while (last > line && strchr("0123456789\n", last[-1]))
			last--;
		return (uint32_t)strtoul(last, NULL, 10) + 1;
	}
	return n > 0 ? (uint32_t)n : 1;
}
