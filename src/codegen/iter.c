// iter: programs that the kernel runs for each thing it walks over. Their context is
//
//	struct { struct bpf_iter_meta { struct seq_file *seq; ... } *meta; the thing; ... }
//
// and printf goes to the seq_file, from which user space reads text, or whoever reads the file
// that the iterator is pinned to. At the end of the walk the kernel calls once more, without a
// thing: that is nothing to the script.
#include "codegen/cg.h"

#include <stddef.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

enum { THING = 8 /* offset in the context */, RETRIED = -75 /* EOVERFLOW */ };

void iter_filter(struct cg *cg)
{
	LLVMBasicBlockRef have;
	LLVMValueRef v, p;

	if (cg->unit->mech != MECH_ITER)
		return;
	have = block_new(cg, "thing");
	p = at(cg, cg->fn->ctx, THING, "thing");
	v = load(cg, cg->ptr, p, "thing");
	v = is_null(cg, v);
	block_branch(cg, v, cg->fn->out, have);
	block_enter(cg, have);
}

static LLVMValueRef format_text(struct cg *cg, const char *text)
{
	struct map_def *m = program_add_map(cg->p, MAP_TABLE, "mt_format");

	m->bpf_kind = BPF_MAP_KIND_ARRAY;
	m->key_size = 4;
	m->value_size = (uint32_t)strlen(text) + 1;
	m->max_entries = 1;
	m->initial = text;
	return map_first_value(cg, m);
}

// As 64 bits; a string is given by its address.
static LLVMValueRef argument_value(struct cg *cg, const struct event_arg *a)
{
	LLVMValueRef place;
	struct value v;

	if (type_is_scalar(a->type)) {
		v = expr(cg, a->expr);
		return to_u64(cg, v);
	}
	place = frame_temp(cg, a->type->size, "string");
	expr_into(cg, a->expr, place, false);
	return LLVMBuildPtrToInt(cg->b, place, cg->i64, "string");
}

// bpf_seq_printf(ctx->meta->seq, format, size, values, 8 * count). When the buffer is full, the
// kernel comes back with an empty one.
void iter_printf(struct cg *cg, const struct event_def *ev)
{
	uint32_t bytes = 8 * (uint32_t)ev->args.len;
	LLVMValueRef values = bytes ? frame_temp(cg, bytes, "values") : NULL, args[5], v, p;

	for (size_t i = 0; i < ev->args.len; i++) {
		v = argument_value(cg, &ev->args.data[i]);
		p = at(cg, values, 8 * i, "value");
		store(cg, v, p);
	}
	v = load(cg, cg->ptr, cg->fn->ctx, "meta");
	args[0] = load(cg, cg->ptr, v, "seq");
	args[1] = format_text(cg, ev->text);
	args[2] = k32(cg, (uint32_t)strlen(ev->text) + 1);
	args[3] = values ? values : k64(cg, 0);
	args[4] = k32(cg, bytes);
	v = helper_call(cg, BPF_FUNC_seq_printf, args, 5, "err");
	p = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, (uint64_t)RETRIED), "retried");
	v = LLVMBuildSelect(cg->b, p, k64(cg, 0), v, "err");
	count_if_negative(cg, v, offsetof(struct unit_stats, lost_records));
}
