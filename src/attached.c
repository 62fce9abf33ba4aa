// attached: the number in "Attached N probes".
//
// Enters: the script, what is attached. Leaves: a number that scripts' users compare. Every target
// counts, and every unit that needs none; as bpftrace counts, where the kernel has kprobe sessions
// a kprobe and the only kretprobe at the same functions are one.
#include "attached.h"

#include <string.h>

#include "attach/tracer.h"
#include "compile.h"
#include "parser/ast.h"
#include "sys/features.h"

// What could be a half of a session: one attach point, without a module, and nothing in the body
// that tells the probes apart.
static bool is_half(const struct probe *p, enum probe_type type)
{
	return p->points.len == 1 && p->points.data[0]->parts.len == 1 && p->units.len == 1 &&
	       p->units.data[0]->type == type && !p->units.data[0]->reads_probe;
}

static bool is_half_at(const struct probe *p, enum probe_type type, const struct probe *other)
{
	return is_half(p, type) && strcmp(p->points.data[0]->parts.data[0],
					  other->points.data[0]->parts.data[0]) == 0;
}

// The first kprobe of the place stands for the only kretprobe there.
static bool is_second_half(const struct ast *ast, const struct probe *ret)
{
	unsigned entries = 0, returns = 0;

	if (!is_half(ret, PROBE_KRETPROBE))
		return false;
	for (size_t i = 0; i < ast->probes.len; i++) {
		const struct probe *p = ast->probes.data[i];

		entries += is_half_at(p, PROBE_KPROBE, ret);
		returns += is_half_at(p, PROBE_KRETPROBE, ret);
	}
	return entries && returns == 1;
}

static unsigned second_halves(const struct compiler *c)
{
	unsigned n = 0;

	for (size_t i = 0; i < c->ast.probes.len; i++) {
		const struct probe *p = c->ast.probes.data[i];

		if (is_second_half(&c->ast, p))
			n += p->units.data[0]->target_count - p->units.data[0]->left_out_count;
	}
	return n && features_have(c->features, FEATURE_KPROBE_SESSION) ? n : 0;
}

unsigned attached_count(const struct compiler *c, const struct tracer *tracer)
{
	unsigned n = tracer_target_count(tracer);

	for (size_t i = 0; i < c->program.units.len; i++)
		n += c->program.units.data[i]->mech == MECH_TEST_RUN;
	return n - second_halves(c);
}
