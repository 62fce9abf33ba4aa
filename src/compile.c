// compile: read -> parse -> config -> macros -> limits -> expand -> plan -> check, each stage once.
#include "compile.h"

#include <string.h>
#include <time.h>

#include "attach/plan.h"
#include "base/cleanup.h"
#include "base/timing.h"
#include "options.h"
#include "parser/parser.h"
#include "sema/cdefs.h"
#include "sema/dwarf_type.h"
#include "sema/kernel_btf.h"
#include "sema/kernel_names.h"
#include "sema/sema.h"

static uint64_t boot_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static void init(struct compiler *c)
{
	c->sources.arena = &c->arena;
	c->diag.arena = &c->arena;
	c->diag.sources = &c->sources;
	program_init(&c->program, &c->arena);
	c->program.sources = &c->sources;
	c->program.tell_failures = c->options->tell_failures;
	c->program.filter_pid = c->options->pid;
	c->program.child_pid = c->options->child_pid;
	c->program.filter_cgroup = c->options->has_cgroup;
	c->program.cgroup_fd = (uint32_t)c->options->cgroup_fd;
	c->program.run_tests = c->options->test;
	c->program.run_benches = c->options->bench;
	c->program.count_hits = c->options->count_hits;
	c->program.start_ns = boot_ns();
}

// The script alone. NULL after an error.
static const struct source *parse_script(struct compiler *c, const char *name,
					 const struct buf *text)
{
	const struct source *src = sources_add(&c->sources, name, buf_str(text), text->len);
	struct span whole = {0, 0};

	if (!src)
		diag_error(&c->diag, whole, "too-large", "the script is too large");
	return src && parse_source(&c->arena, src, &c->diag, &c->ast) ? src : NULL;
}

static bool parse(struct compiler *c, const char *name, const struct buf *text)
{
	struct span whole = {0, 0};

	if (!parse_script(c, name, text) || !sema_imports(c, name))
		return false;
	if (!c->ast.probes.len) {
		diag_error(&c->diag, whole, "no-probes", "No probes to attach");
		diag_hint(&c->diag, "a script needs at least one probe, as in: "
				    "BEGIN { printf(\"hello\\n\"); }");
		return false;
	}
	return true;
}

bool compile_format(struct compiler *c, const char *name, const struct buf *text, struct buf *out)
{
	const struct source *src;

	init(c);
	src = parse_script(c, name, text);
	if (src)
		fmt_script(&c->arena, src, &c->ast, out);
	return src;
}

bool compile_front(struct compiler *c, const char *name, const struct buf *text,
		   enum compile_until until)
{
	init(c);
	timing_mark("read");
	if (!parse(c, name, text))
		return false;
	timing_mark("parse");
	if (until == COMPILE_PARSE)
		return true;
	if (!sema_config(c) || !sema_macros(c) || !sema_limits(c) || !sema_cdefs(c) ||
	    !sema_expand(c))
		return false;
	timing_mark("expand");
	if (plan_units(&c->program, c->features))
		return false;
	timing_mark("plan");
	// The plan is shown with the sessions' storage, which check chooses.
	if (!sema_check(c) || diag_failed(&c->diag))
		return false;
	timing_mark("check");
	return true;
}

void compiler_release(struct compiler *c)
{
	cdefs_release(c);
	kernel_btf_release(c);
	kernel_names_release(c);
	dwarf_sources_release(c);
	program_release(&c->program);
	arena_release(&c->arena);
	memset(c, 0, sizeof(*c));
}

// Errors about the machine and not about the script.
static bool is_target_tag(const char *tag)
{
	static const char *const tags[] = {"no-match",	       "no-such-file",	  "bad-elf",
					   "no-such-function", "no-such-process", "not-attachable",
					   "bad-offset"};

	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (strcmp(tag, tags[i]) == 0)
			return true;
	return false;
}

int compile_failure_status(const struct compiler *c)
{
	if (c->usage)
		return STATUS_USAGE;
	for (size_t i = 0; i < c->diag.entries.len; i++)
		if (c->diag.entries.data[i].level == DIAG_ERROR &&
		    !is_target_tag(c->diag.entries.data[i].tag))
			return STATUS_USAGE;
	return STATUS_ATTACH;
}
