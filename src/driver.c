// driver: chooses what to do with the script and runs the stages in order. When the kernel
// refuses at attach time what the plan counted on, the mechanism is struck from the features
// and the whole pipeline runs again.
#include "driver.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "attach/list.h"
#include "attach/plan.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/timing.h"
#include "codegen/codegen.h"
#include "compile.h"
#include "options.h"
#include "parser/parser.h"
#include "read_script.h"
#include "sys/features.h"
#include "trace.h"

// The oldest kernel that mtrace is tested on.
#define OLDEST_MAJOR 6
#define OLDEST_MINOR 1

static void flush_diag(struct compiler *c)
{
	diag_flush(&c->diag, stderr, options_colour());
	if (c->usage && !diag_failed(&c->diag))
		fputs(c->usage, stderr);
	c->usage = NULL;
}

static struct compile_options compile_options_of(const struct options *o, pid_t child)
{
	struct compile_options co = {
	    .params = o->params,
	    .param_count = o->param_count,
	    .named = o->named,
	    .named_count = o->named_count,
	    .unsafe = o->unsafe,
	    .pid = o->pid,
	    .unwinds = o->pid || o->command || o->dwarf_pid_count,
	    .has_cgroup = o->cgroup_fd >= 0,
	    .cgroup_fd = o->cgroup_fd,
	    .child_pid = child,
	    .tell_failures = o->tell_failures,
	    .count_hits = o->verbose || o->format == FORMAT_JSON,
	    .test = o->mode == MODE_TEST,
	    .bench = o->mode == MODE_BENCH,
	    .check_only = o->mode == MODE_CHECK,
	    .root = "/",
	    .includes = o->includes,
	    .include_count = o->include_count,
	    .include_dirs = o->include_dirs,
	    .include_dir_count = o->include_dir_count,
	    .debug_dirs = o->debug_dirs,
	    .probe_filter = o->probe_filter,
	    .traceable = o->traceable,
	};

	return co;
}

static enum codegen_dump dump_of(const struct options *o)
{
	switch (o->dump) {
	case DUMP_IR:
		return CODEGEN_DUMP_IR;
	case DUMP_IR_OPT:
		return CODEGEN_DUMP_IR_OPT;
	case DUMP_ASM:
		return CODEGEN_DUMP_ASM;
	default:
		return CODEGEN_DUMP_NONE;
	}
}

static void print_typed(const struct compiler *c, struct buf *out)
{
	for (size_t i = 0; i < c->program.units.len; i++) {
		const struct unit *u = c->program.units.data[i];

		buf_printf(out, "unit %u: %s\n", u->id, u->spec);
		if (u->predicate) {
			buf_puts(out, " predicate\n");
			expr_print(u->predicate, 2, true, out);
		}
		block_print(u->body, 1, true, out);
	}
}

static struct list_options list_options_of(const struct options *o)
{
	return (struct list_options){.verbose = o->verbose,
				     .pid = o->pid,
				     .debug_dirs = o->debug_dirs,
				     .traceable = o->traceable};
}

// Of clocks and counters their list names the kind, and so does that of a script: "interval:s:".
static void print_probe(const struct target *t, enum probe_type type)
{
	const char *kind = strchr(t->probe, ':');

	if (type == PROBE_PROFILE || type == PROBE_INTERVAL || type == PROBE_SOFTWARE ||
	    type == PROBE_HARDWARE)
		printf("%.*s:\n", (int)(kind + 1 + strcspn(kind + 1, ":") - t->probe), t->probe);
	else
		puts(t->probe);
}

// -l with a script: what its attach points come to, and with -v the arguments of each.
static int print_probes(const struct program *p, const struct options *o)
{
	struct list_options lo = list_options_of(o);
	const char *last = NULL; // shared by the sites of a USDT probe

	for (size_t i = 0; i < p->targets.len; last = p->targets.data[i++]->probe) {
		const struct target *t = p->targets.data[i];
		enum probe_type type = p->units.data[t->unit]->type;

		if (t->probe == last || type == PROBE_BEGIN || type == PROBE_END)
			continue;
		if (!o->verbose)
			print_probe(t, type);
		else if (list_probes(t->probe, &lo, stdout))
			return STATUS_USAGE;
	}
	return STATUS_DONE;
}

static int write_file(const char *path, const void *data, size_t size)
{
	_cleanup_fclose_ FILE *f = fopen(path, "we");
	bool ok = f && fwrite(data, 1, size, f) == size;

	if (f)
		ok = fflush(f) == 0 && ok;
	if (!ok)
		log_error("cannot write '%s': %s", path, strerror(errno));
	return ok ? STATUS_DONE : STATUS_USAGE;
}

// --emit-llvm NAME writes NAME.original.ll and NAME.optimized.ll.
static int emit_llvm(const struct options *o, enum codegen_dump dump, const struct buf *text)
{
	_cleanup_(buf_release) struct buf path = {0};

	buf_printf(&path, "%s.%s.ll", o->emit_path,
		   dump == CODEGEN_DUMP_IR ? "original" : "optimized");
	return write_file(path.data, text->data, text->len);
}

// Compile to an object, and print or write what was asked for on the way.
static int generate(struct compiler *c, const struct options *o, enum codegen_dump dump)
{
	_cleanup_(buf_release) struct buf text = {0};
	_cleanup_(object_release) struct object object = {0};

	if (codegen(c, dump, &text, &object))
		return STATUS_USAGE;
	if (o->mode == MODE_EMIT_LLVM)
		return emit_llvm(o, dump, &text);
	if (o->mode == MODE_EMIT_ELF)
		return write_file(o->emit_path, object.data, object.size);
	fwrite(buf_str(&text), 1, text.len, stdout);
	return STATUS_DONE;
}

static void show_text(const char *stage, struct buf *text)
{
	printf("%s:\n", stage);
	fwrite(buf_str(text), 1, text->len, stdout);
	buf_clear(text);
}

// -d all: every stage under its name.
static int show_all(struct compiler *c, const struct options *o)
{
	_cleanup_(buf_release) struct buf text = {0};
	static const struct {
		const char *name;
		enum codegen_dump dump;
	} generated[] = {{"ir", CODEGEN_DUMP_IR},
			 {"ir-opt", CODEGEN_DUMP_IR_OPT},
			 {"asm", CODEGEN_DUMP_ASM}};
	int status = STATUS_DONE;

	ast_print(&c->ast, &text);
	show_text("ast", &text);
	print_typed(c, &text);
	show_text("typed", &text);
	plan_explain(&c->program, o->verbose, &text);
	show_text("plan", &text);
	for (size_t i = 0; i < ARRAY_SIZE(generated) && status == STATUS_DONE; i++) {
		printf("%s:\n", generated[i].name);
		status = generate(c, o, generated[i].dump);
	}
	return status;
}

// The modes that stop before the kernel: --check, --explain, -d, --emit-*.
static int show(struct compiler *c, const struct options *o)
{
	_cleanup_(buf_release) struct buf text = {0};

	if (o->mode == MODE_LIST)
		return print_probes(&c->program, o);
	if (o->mode == MODE_EXPLAIN || o->dump == DUMP_PLAN)
		plan_explain(&c->program, o->verbose, &text);
	else if (o->dump == DUMP_AST)
		ast_print(&c->ast, &text);
	else if (o->dump == DUMP_TYPED)
		print_typed(c, &text);
	else if (o->mode == MODE_EMIT_LLVM)
		return generate(c, o, CODEGEN_DUMP_IR) ?: generate(c, o, CODEGEN_DUMP_IR_OPT);
	else if (o->dump == DUMP_ALL)
		return show_all(c, o);
	else
		return generate(c, o, dump_of(o));
	fwrite(buf_str(&text), 1, text.len, stdout);
	return STATUS_DONE;
}

static int flush_stdout(void)
{
	if (!fflush(stdout))
		return STATUS_DONE;
	log_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_USAGE;
}

static int compile_and_show(const struct options *o, struct features *f, const char *name,
			    const struct buf *text)
{
	struct compile_options co = compile_options_of(o, 0);
	struct compiler c = {.features = f, .options = &co};
	int status;

	c.diag.warnings_off = o->no_warnings || o->mode == MODE_LIST;
	if (compile_front(&c, name, text, o->dump == DUMP_AST ? COMPILE_PARSE : COMPILE_OBJECT)) {
		flush_diag(&c);
		status = show(&c, o);
		status = flush_stdout() ?: status;
	} else {
		status = compile_failure_status(&c);
	}
	flush_diag(&c);
	compiler_release(&c);
	return status;
}

static int format_script(const struct options *o, const char *name, const struct buf *text)
{
	struct compile_options co = compile_options_of(o, 0);
	struct compiler c = {.options = &co};
	_cleanup_(buf_release) struct buf out = {0};
	bool ok = compile_format(&c, name, text, &out);

	flush_diag(&c);
	compiler_release(&c);
	if (!ok)
		return STATUS_USAGE;
	fwrite(buf_str(&out), 1, out.len, stdout);
	return flush_stdout();
}

// What a kernel before our oldest one refuses, it refuses in words that say nothing of that.
static void hint_old_kernel(void)
{
	struct utsname uts;
	unsigned major, minor;

	uname(&uts);
	if (sscanf(uts.release, "%u.%u", &major, &minor) == 2 &&
	    (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)))
		log_hint("this is Linux %s; mtrace is made for %d.%d and newer", uts.release,
			 OLDEST_MAJOR, OLDEST_MINOR);
}

// Compile, load, attach, run. Again without a feature that the kernel turned out to refuse.
static int compile_and_trace(const struct options *o, struct features *f, const char *name,
			     const struct buf *text)
{
	struct trace trace = TRACE_NONE;
	bool again = true;
	int status = trace_prepare(&trace, o);

	while (status == STATUS_DONE && again) {
		struct compile_options co = compile_options_of(o, trace.child.pid);
		struct compiler c = {.features = f, .options = &co};

		again = false;
		c.diag.warnings_off = o->no_warnings || o->mode == MODE_LIST;
		if (compile_front(&c, name, text, COMPILE_OBJECT)) {
			flush_diag(&c);
			status = trace_script(&trace, &c, &again);
		} else {
			status = compile_failure_status(&c);
		}
		flush_diag(&c);
		compiler_release(&c);
		if (again)
			status = STATUS_DONE;
	}
	trace_finish(&trace);
	if (status == STATUS_ATTACH)
		hint_old_kernel();
	return status;
}

static int show_info(struct features *f)
{
	struct utsname uts;

	uname(&uts);
	printf("mtrace: %s\nLLVM: %s\nkernel: %s %s %s\n", MTRACE_VERSION, codegen_llvm_version(),
	       uts.sysname, uts.release, uts.machine);
	puts("\nKernel features");
	for (int i = 0; i < FEATURE_COUNT; i++) {
		const char *why = features_have(f, i) ? NULL : features_why_not(f, i);

		printf("  %s: %s%s%s%s\n", feature_name(i), why ? "no" : "yes", why ? " (" : "",
		       why ? why : "", why ? ")" : "");
	}
	return STATUS_DONE;
}

// -l X: a file that is no program holds a script.
static bool names_script(const char *pattern)
{
	char magic[4] = "";
	_cleanup_fclose_ FILE *f = pattern ? fopen(pattern, "re") : NULL;

	return f && fread(magic, 1, sizeof(magic), f) > 0 && memcmp(magic, "\177ELF", 4) != 0;
}

// -l X: looks like a file, and is none.
static void warn_of_missing(const struct options *o)
{
	const char *word = o->list_pattern;

	if (word && strchr(word, '.') && !strpbrk(word, ":*") && access(word, F_OK) < 0 &&
	    !o->no_warnings)
		log_warn("It appears that '%s' is a filename but the file does not exist. "
			 "Treating '%s' as a search pattern.",
			 word, word);
}

int driver_main(const struct options *o)
{
	_cleanup_(buf_release) struct buf text = {0};
	struct features features = {.disabled = o->disabled_features,
				    .fake = o->mode == MODE_CHECK};
	struct list_options lo = list_options_of(o);
	struct options listed = *o;
	const char *name;
	int status;

	if (o->timing)
		timing_start();
	if (o->mode == MODE_INFO)
		return show_info(&features);
	if (o->mode == MODE_LIST && !o->script) {
		if (!names_script(o->list_pattern)) {
			warn_of_missing(o);
			return list_probes(o->list_pattern, &lo, stdout);
		}
		listed.file = o->list_pattern;
		o = &listed;
	}
	if (read_script(o, &text, &name))
		return STATUS_USAGE;
	if (o->mode == MODE_FMT)
		return format_script(o, name, &text);
	if (o->mode == MODE_RUN || o->mode == MODE_DRY_RUN || o->mode == MODE_TEST ||
	    o->mode == MODE_BENCH)
		status = compile_and_trace(o, &features, name, &text);
	else
		status = compile_and_show(o, &features, name, &text);
	if (o->timing)
		timing_print(stdout);
	return status;
}
