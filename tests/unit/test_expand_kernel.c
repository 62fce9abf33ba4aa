// test_expand_kernel: attach points of kernel functions -> units and targets, against a small
// root of its own: a list of traceable functions, a symbol table, BTF.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "parser/parser.h"
#include "sema/kernel_btf.h"
#include "sema/sema.h"
#include "sys/features.h"
#include "test.h"

#define ROOT TEST_BINARY_DIR "/test_expand_kernel.tmp"

// ---- the fixture's machine ------------------------------------------------------------------

// One function: where it is, what the files say about it.
static const struct made_func {
	uint64_t address;
	const char *name, *module;
	bool listed;	// ftrace can hook it
	unsigned proto; // 0: not in BTF; 1: (int, void *); 2: a large struct by value
} funcs[] = {
    {0xffffffff81001000, "vfs_read", NULL, true, 1},
    {0xffffffff81002000, "vfs_write", NULL, true, 1},
    {0xffffffff81003000, "vfs_struct", NULL, true, 2},
    {0xffffffff81004000, "vfs_nobtf", NULL, true, 0},
    {0xffffffff81005000, "vfs_cut.isra.0", NULL, true, 0},
    {0xffffffff81006000, "vfs_twin", NULL, true, 1},
    {0xffffffff81007000, "vfs_twin", NULL, true, 0},
    {0xffffffff81008000, "sys_alias_a", NULL, true, 1},
    {0xffffffff81008000, "sys_alias_b", NULL, false, 1},
    {0xffffffff81009000, "do_exit", NULL, true, 1},
    {0xffffffff8100a000, "migrate_disable", NULL, true, 1},
    {0xffffffff8100b000, "vfs_inlined", NULL, false, 0},
    {0xffffffffc0001000, "nf_ct_get", "nf_conntrack", true, 0},
    {0xffffffffc0002000, "nf_ct_put", "nf_conntrack", true, 0},
};

static void make_dir(const char *path)
{
	CHECK(!mkdir(path, 0755) || !access(path, X_OK));
}

static void write_text(const char *path, const struct buf *text)
{
	_cleanup_fclose_ FILE *f = fopen(path, "we");

	CHECK(f && fwrite(text->data, 1, text->len, f) == text->len);
}

// BTF by hand: u32 words of types, then the names.
struct btf_maker {
	uint32_t words[256];
	unsigned count, types;
	struct buf strings;
};

static uint32_t btf_name(struct btf_maker *m, const char *name)
{
	uint32_t at = (uint32_t)m->strings.len;

	buf_puts(&m->strings, name);
	buf_putc(&m->strings, '\0');
	return at;
}

static unsigned btf_add(struct btf_maker *m, const char *name, unsigned kind, unsigned vlen,
			uint32_t type_or_size)
{
	m->words[m->count++] = name ? btf_name(m, name) : 0;
	m->words[m->count++] = kind << 24 | vlen;
	m->words[m->count++] = type_or_size;
	return ++m->types;
}

static void btf_word(struct btf_maker *m, uint32_t word)
{
	m->words[m->count++] = word;
}

static unsigned btf_proto(struct btf_maker *m, unsigned first, unsigned second)
{
	unsigned id = btf_add(m, NULL, BTF_TAG_FUNC_PROTO, 2, 1);

	btf_word(m, btf_name(m, "fd"));
	btf_word(m, first);
	btf_word(m, btf_name(m, "buf"));
	btf_word(m, second);
	return id;
}

static void write_btf(void)
{
	_cleanup_(buf_release) struct buf file = {0};
	struct btf_maker m = {0};
	unsigned protos[3] = {0};

	buf_putc(&m.strings, '\0');
	btf_add(&m, "int", BTF_TAG_INT, 0, 4);
	btf_word(&m, 1u << 24 | 32);
	btf_add(&m, NULL, BTF_TAG_PTR, 0, 0);
	btf_add(&m, "large", BTF_TAG_STRUCT, 0, 24);
	protos[1] = btf_proto(&m, 1, 2);
	protos[2] = btf_proto(&m, 1, 3);
	for (size_t i = 0; i < ARRAY_SIZE(funcs); i++)
		if (funcs[i].proto)
			btf_add(&m, funcs[i].name, BTF_TAG_FUNC, 0, protos[funcs[i].proto]);
	uint32_t header[] = {0x0001eb9f, 24, 0, m.count * 4, m.count * 4, (uint32_t)m.strings.len};
	buf_append(&file, header, sizeof(header));
	buf_append(&file, m.words, m.count * 4);
	buf_append(&file, m.strings.data, m.strings.len);
	write_text(ROOT "/sys/kernel/btf/vmlinux", &file);
	buf_release(&m.strings);
}

static void write_symbols(bool addresses)
{
	_cleanup_(buf_release) struct buf list = {0}, syms = {0};

	for (size_t i = 0; i < ARRAY_SIZE(funcs); i++) {
		const struct made_func *f = &funcs[i];
		const char *open = f->module ? " [" : "", *close = f->module ? "]" : "";
		const char *module = f->module ? f->module : "";
		unsigned long long address = addresses ? f->address : 0;
		if (f->listed)
			buf_printf(&list, "%016llx %s%s%s%s\n", address ? address + 4 : 0, f->name,
				   open, module, close);
		buf_printf(&syms, "%016llx T %s%s%s%s\n", address, f->name, f->module ? "\t[" : "",
			   module, close);
	}
	write_text(ROOT "/sys/kernel/tracing/available_filter_functions_addrs", &list);
	write_text(ROOT "/proc/kallsyms", &syms);
}

static void test_make_root(void)
{
	static const char *const dirs[] = {
	    ROOT,
	    ROOT "/proc",
	    ROOT "/sys",
	    ROOT "/sys/kernel",
	    ROOT "/sys/kernel/btf",
	    ROOT "/sys/kernel/tracing",
	    ROOT "/sys/module",
	    ROOT "/sys/module/nf_conntrack",
	};

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		make_dir(dirs[i]);
	write_symbols(true);
	write_btf();
}

// ---- one compilation ------------------------------------------------------------------------

struct fixture {
	struct compile_options options;
	struct features features;
	struct compiler c;
	bool ok;
	struct buf out;
};

static void expand_with(struct fixture *f, const char *script, struct compile_options options,
			uint32_t features)
{
	memset(f, 0, sizeof(*f));
	f->options = options;
	f->features = (struct features){.fake = true, .assumed = features};
	f->c.options = &f->options;
	f->c.features = &f->features;
	f->c.sources.arena = f->c.diag.arena = &f->c.arena;
	f->c.diag.sources = &f->c.sources;
	program_init(&f->c.program, &f->c.arena);
	const struct source *src = sources_add(&f->c.sources, "stdin", script, strlen(script));
	f->ok = CHECK(parse_source(&f->c.arena, src, &f->c.diag, &f->c.ast)) &&
		sema_config(&f->c) && sema_expand(&f->c);
}

static void release(struct fixture *f)
{
	kernel_btf_release(&f->c);
	program_release(&f->c.program);
	arena_release(&f->c.arena);
	buf_release(&f->out);
}

// Targets by unit: their names, a mark for those that no trampoline can take.
static const char *targets(struct fixture *f)
{
	const struct program *p = &f->c.program;

	buf_clear(&f->out);
	for (size_t u = 0; u < p->units.len; u++) {
		const struct unit *unit = p->units.data[u];
		buf_puts(&f->out, u ? "| " : "");
		for (uint32_t i = 0; i < unit->target_count; i++) {
			const struct target *t = p->targets.data[unit->first_target + i];
			buf_printf(&f->out, "%s%s ", t->probe, t->btf_refused ? "*" : "");
		}
	}
	return buf_str(&f->out);
}

static const char *set_asides(struct fixture *f)
{
	buf_clear(&f->out);
	for (size_t i = 0; i < f->c.program.set_asides.len; i++)
		buf_printf(&f->out, "%s: %s%s\n", f->c.program.set_asides.data[i].what,
			   f->c.program.set_asides.data[i].reason,
			   f->c.program.set_asides.data[i].duplicate ? " (alias)" : "");
	return buf_str(&f->out);
}

#define TRACING (1u << FEATURE_TRACING_MULTI | 1u << FEATURE_FSESSION | 1u << FEATURE_KPROBE_MULTI)

static void check(const char *script, uint32_t features, const char *expected, const char *aside)
{
	struct fixture f;

	expand_with(&f, script, (struct compile_options){.root = ROOT}, features);
	if (!CHECK(f.ok))
		diag_flush(&f.c.diag, stdout, false);
	if (!CHECK_STR(targets(&f), expected) || !CHECK_STR(set_asides(&f), aside))
		printf("  script: %s\n", script);
	release(&f);
}

static void check_fails(const char *script, const char *tag, const char *text)
{
	struct fixture f;

	expand_with(&f, script, (struct compile_options){.root = ROOT}, TRACING);
	CHECK(!f.ok);
	if (CHECK(f.c.diag.entries.len)) {
		CHECK_STR(f.c.diag.entries.data[0].tag, tag);
		if (!CHECK(strstr(f.c.diag.entries.data[0].text, text)))
			printf("  is: %s\n", f.c.diag.entries.data[0].text);
	}
	release(&f);
}

// ---- tests ----------------------------------------------------------------------------------

static void test_exact(void)
{
	check("kprobe:vfs_read {}", 0, "kprobe:vfs_read ", "");
	check("kretprobe:vmlinux:vfs_read {}", 0, "kretprobe:vmlinux:vfs_read ", "");
	check("kfunc:vfs_read {}", 0, "fentry:vmlinux:vfs_read ", "");
	check("kretfunc:vmlinux:vfs_read {}", 0, "fexit:vmlinux:vfs_read ", "");
	check("session:vfs_read {}", 0, "session:vfs_read ", "");
	check("kprobe:nf_conntrack:nf_ct_get {}", 0, "kprobe:nf_conntrack:nf_ct_get ", "");
	check("kprobe:nf_ct_get {}", 0, "kprobe:nf_ct_get ", "");
	check("kprobe:vfs_read+8,kprobe:vfs_write {}", 0, "kprobe:vfs_read+8 | kprobe:vfs_write ",
	      "");
	check("kprobe:migrate_disable {}", 0, "kprobe:migrate_disable ", "");
	check("kprobe:vfs_cut.isra.0 {}", 0, "kprobe:vfs_cut.isra.0 ", "");
}

static void test_globs(void)
{
	check("kprobe:vfs_* {}", 0,
	      "kprobe:vfs_nobtf kprobe:vfs_read kprobe:vfs_struct "
	      "kprobe:vfs_twin@ffffffff81006000 kprobe:vfs_twin@ffffffff81007000 "
	      "kprobe:vfs_write ",
	      "");
	check("kprobe:vfs_*.* {}", 0, "kprobe:vfs_cut.isra.0 ", "");
	check("kprobe:vfs_*,!vfs_t*,!vfs_s* {}", 0,
	      "kprobe:vfs_nobtf kprobe:vfs_read kprobe:vfs_write ", "");
	check("kprobe:nf_conntrack:* {}", 0,
	      "kprobe:nf_conntrack:nf_ct_get kprobe:nf_conntrack:nf_ct_put ", "");
	check("kprobe:*:nf_ct_g* {}", 0, "kprobe:nf_conntrack:nf_ct_get ", "");
	check("session:nf_conntrack:nf_ct_g* {}", 0, "session:nf_conntrack:nf_ct_get* ", "");
	check("kprobe:vmlinux:*_read,kprobe:vfs_r*,kprobe:vfs_read {}", 0,
	      "kprobe:vmlinux:vfs_read ", "");
	check("kprobe:migrate_*,kprobe:vfs_read {}", 0, "kprobe:vfs_read ",
	      "kprobe:migrate_disable: every probe calls it on its own way in or out\n");
}

static void test_never_returns(void)
{
	check("kprobe:do_exi* {}", 0, "kprobe:do_exit ", "");
	check("kretprobe:do_exi*,kretprobe:vfs_read {}", 0, "kretprobe:vfs_read ",
	      "kretprobe:do_exit: it never returns\n");
	check_fails("kretfunc:do_exit {}", "not-attachable", "never returns");
	check_fails("session:do_exit {}", "not-attachable", "never returns");
}

// What has no BTF id of its own goes by address, in a unit apart where there is a choice.
static void test_btf(void)
{
	const char *rest = "session:vfs_nobtf* session:vfs_struct* "
			   "session:vfs_twin@ffffffff81007000* ";
	_cleanup_(buf_release) struct buf both = {0};

	buf_printf(&both,
		   "session:vfs_read session:vfs_twin@ffffffff81006000 "
		   "session:vfs_write | %s",
		   rest);
	check("session:vfs_* {}", TRACING, buf_str(&both), "");
	check("session:vfs_* {}", 1u << FEATURE_KPROBE_MULTI,
	      "session:vfs_nobtf* session:vfs_read session:vfs_struct* "
	      "session:vfs_twin@ffffffff81006000 session:vfs_twin@ffffffff81007000* "
	      "session:vfs_write ",
	      "");
	check("kfunc:migrate_disable {}", TRACING, "fentry:vmlinux:migrate_disable* ", "");
}

// KERNEL.md H1: never two of one address.
static void test_aliases(void)
{
	check("kfunc:sys_alias_a,kfunc:sys_alias_b,kfunc:vfs_read {}", TRACING,
	      "fentry:vmlinux:sys_alias_a fentry:vmlinux:vfs_read ",
	      "fentry:vmlinux:sys_alias_b: same address as 'sys_alias_a' (alias)\n");
	check("session:sys_alias_b,session:sys_alias_* {}", TRACING, "session:sys_alias_b ",
	      "session:sys_alias_a: same address as 'sys_alias_b' (alias)\n");
}

static void test_hidden_addresses(void)
{
	write_symbols(false);
	check("kfunc:vfs_read {}", TRACING, "fentry:vmlinux:vfs_read ", "");
	check("kfunc:vfs_read,kfunc:vfs_write {}", TRACING,
	      "fentry:vmlinux:vfs_read* fentry:vmlinux:vfs_write* ", "");
	write_symbols(true);
}

static void test_refused(void)
{
	check_fails("kprobe:vfs_raed {}", "no-match", "No matches for kprobe vfs_raed");
	check_fails("kprobe:nothing_* {}", "no-match", "Probe has no valid attach points.");
	check_fails("kprobe:vfs_read,kprobe:vfs_raed {}", "no-match",
		    "No matches for kprobe vfs_raed");
	check_fails("kprobe: {}", "no-function",
		    "kprobes should be attached to a function or an address");
	check_fails("fentry:vmlinux: {}", "no-function",
		    "fentry/fexit should specify a function");
	check_fails("kprobe:nonsense:vfs_read {}", "no-match",
		    "specified module nonsense in probe kprobe:nonsense:vfs_read is not loaded.");
	check_fails("kfunc:nonsense:vfs_read {}", "no-match",
		    "No matches for fentry nonsense:vfs_read.");
	check_fails("kprobe:0xffffffff81001000 {}", "needs-unsafe", "--unsafe");
	check_fails("kretprobe:0xffffffff81001000 {}", "needs-unsafe", "--unsafe");
	check_fails("session:0xffffffff81001000 {}", "bad-address", "take the name of a function");
	check_fails("kretprobe:vfs_read+4 {}", "bad-offset", "Offset not allowed");
	check_fails("kfunc:vmlinux:vfs_read:x {}", "attach-point-parts", "1 or 2 arguments, found 3");
	check_fails("kfunc:bpf:mtrace_no_such_function {}", "no-match",
		    "No matches for fentry kfunc:bpf:mtrace_no_such_function");
	check_fails("kfunc:bpf:vmlinux:prog {}", "bad-program-id", "Invalid BPF program id: vmlinux");
}

static void test_all_set_aside(void)
{
	struct fixture f;

	expand_with(&f, "kprobe:migrate_* {}", (struct compile_options){.root = ROOT}, 0);
	CHECK(!f.ok);
	CHECK_STR(f.c.diag.entries.data[0].hint,
		  "migrate_disable: every probe calls it on its own way in or out; an exact name "
		  "or --unsafe takes it all the same");
	release(&f);
}

static void test_options(void)
{
	struct fixture f;

	expand_with(&f, "kprobe:0xffffffff81001000 {} kprobe:migrate_* {}",
		    (struct compile_options){.root = ROOT, .unsafe = true}, 0);
	CHECK(f.ok);
	CHECK_STR(targets(&f), "kprobe:0xffffffff81001000 | kprobe:migrate_disable ");
	CHECK(f.c.program.units.data[0]->has_offset);
	release(&f);
	expand_with(&f, "session:whatever_* {} kprobe:x {} kfunc:m:* {}",
		    (struct compile_options){.root = ROOT, .check_only = true}, 0);
	CHECK(f.ok);
	CHECK_STR(targets(&f), "session:whatever_** | kprobe:x | fentry:m:** ");
	release(&f);
	expand_with(&f, "kretfunc:vfs_read { @ = args.fd; } kretfunc:vfs_read { @r = retval; }",
		    (struct compile_options){.root = ROOT}, 0);
	CHECK(f.c.program.units.data[0]->reads_args);
	CHECK(!f.c.program.units.data[1]->reads_args);
	release(&f);
}

TEST_MAIN(test_make_root, test_exact, test_globs, test_never_returns, test_btf, test_aliases,
	  test_hidden_addresses, test_refused, test_all_set_aside, test_options)
