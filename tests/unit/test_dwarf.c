// test_dwarf: functions and types by debug information, of programs that the test compiles; in
// separate files; and of programs whose debug information was broken on purpose.
#include "sys/dwarf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/demangle.h"
#include "sys/elf.h"
#include "test.h"

#ifdef MTRACE_HAVE_LZMA
enum { LZMA_LINKED = 1 };
#else
enum { LZMA_LINKED = 0 };
#endif

#define DIR TEST_BINARY_DIR "/test_dwarf.tmp"

static const char program[] =
    "struct later;\n"
    "enum mood { GLAD, SAD = -2 };\n"
    "union number { int i; float f; };\n"
    "struct inner { char name[8]; int grid[2][3]; };\n"
    "struct item { int x; unsigned low : 3, high : 5; struct item *next; struct inner in;\n"
    "	enum mood mood; union number n; struct { long hidden; }; };\n"
    "typedef struct { int q; } untagged;\n"
    "int first(struct item *p, const char *const s, untagged *u, enum mood m)\n"
    "{ return p->x + s[0] + u->q + m; }\n"
    "void many(const void *v, int **pp, int (*call)(int), int (*row)[4], volatile int *w,\n"
    "	struct later *l, const char *format, ...) {}\n"
    "static __attribute__((noinline)) int shrunk(struct item *p, int unused, int y)\n"
    "{ return p->x * y; }\n"
    "int main(int argc, char **argv)\n"
    "{ struct item it = {argc}; return shrunk(&it, 1, argc); }\n";

static bool compile(const char *flags, const char *out)
{
	_cleanup_(buf_release) struct buf command = {0};
	FILE *f;

	mkdir(DIR, 0755);
	f = fopen(DIR "/p.c", "w");
	if (!f)
		return false;
	fputs(program, f);
	fclose(f);
	buf_printf(&command, "cc -w -g %s -o " DIR "/%s " DIR "/p.c", flags, out);
	return system(buf_str(&command)) == 0;
}

static struct debug_file *open_file(const char *name)
{
	_cleanup_(buf_release) struct buf path = {0};
	struct debug_file *f = NULL;
	const char *reason = NULL;

	buf_printf(&path, DIR "/%s", name);
	if (debug_file_open("/", buf_str(&path), NULL, &f, &reason))
		printf("  %s: %s\n", name, reason);
	return f;
}

static uint64_t address_of(const char *name, const char *function)
{
	_cleanup_(arena_release) struct arena a = {0};
	struct elf_file elf;
	const char *reason;

	if (elf_open_funcs(&a, arena_printf(&a, DIR "/%s", name), NULL, &elf, &reason))
		return 0;
	for (size_t i = 0; i < elf.funcs.len; i++)
		if (!strncmp(elf.funcs.data[i].name, function, strlen(function)))
			return elf.funcs.data[i].address;
	return 0;
}

struct text {
	struct debug_file *f;
	struct buf out;
};

static bool put_param(void *ctx, const struct debug_param *p)
{
	struct text *t = ctx;

	debug_type_name(t->f, p->type, &t->out);
	buf_printf(&t->out, " %s;", p->name);
	return true;
}

static bool put_member(void *ctx, const struct debug_member *m)
{
	struct text *t = ctx;

	debug_type_name(t->f, m->type, &t->out);
	buf_printf(&t->out, " %s@%llu", m->name, (unsigned long long)m->bit_offset);
	if (m->bit_size)
		buf_printf(&t->out, ":%u", m->bit_size);
	buf_puts(&t->out, ";");
	return true;
}

static bool put_enumerator(void *ctx, const char *name, int64_t value)
{
	buf_printf(&((struct text *)ctx)->out, "%s=%lld;", name, (long long)value);
	return true;
}

static void check_params(const char *name, const char *function, const char *want)
{
	struct text t = {.f = open_file(name)};
	struct debug_func func;

	if (!CHECK(t.f))
		return;
	if (CHECK(debug_func_at(t.f, address_of(name, function), function, &func))) {
		CHECK(debug_each_param(t.f, &func, put_param, &t));
		CHECK_STR(buf_str(&t.out), want);
	}
	buf_release(&t.out);
	debug_file_close(t.f);
}

static void check_members(const char *name)
{
	struct text t = {.f = open_file(name)};
	struct debug_type type;

	if (!CHECK(t.f))
		return;
	debug_id id = debug_find_type(t.f, DEBUG_STRUCT, "item");
	CHECK(id);
	CHECK(debug_type_get(t.f, id, &type));
	CHECK_INT(type.size, 64);
	CHECK(debug_each_member(t.f, id, put_member, &t));
	CHECK_STR(buf_str(&t.out),
		  "int x@0;unsigned int low@32:3;unsigned int high@35:5;struct item* next@64;"
		  "struct inner in@128;enum mood mood@384;union number n@416;"
		  "struct <anonymous> @448;");
	buf_clear(&t.out);
	debug_each_member(t.f, debug_find_type(t.f, DEBUG_STRUCT, "inner"), put_member, &t);
	CHECK_STR(buf_str(&t.out), "char[8] name@0;int[2][3] grid@64;");
	buf_clear(&t.out);
	id = debug_find_type(t.f, DEBUG_ENUM, "mood");
	CHECK(debug_each_enumerator(t.f, id, put_enumerator, &t));
	CHECK_STR(buf_str(&t.out), "GLAD=0;SAD=-2;");
	CHECK(!debug_find_type(t.f, DEBUG_STRUCT, "later")); // only declared
	CHECK(!debug_find_type(t.f, DEBUG_UNION, "item"));
	CHECK(debug_find_type(t.f, DEBUG_TYPEDEF, "untagged"));
	buf_release(&t.out);
	debug_file_close(t.f);
}

#define FIRST "struct item* p;const char* const s;untagged* u;enum mood m;"

static void test_versions(void)
{
	static const char *const flags[] = {"-gdwarf-5", "-gdwarf-4", "-gdwarf-2 -gstrict-dwarf",
					    "-gdwarf-4 -fdebug-types-section", "-gz"};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!CHECK(compile(flags[i], "versions")))
			continue;
		check_params("versions", "first", FIRST);
		check_params("versions", "many",
			     "const void* v;int** pp;int (*)() call;int (*)[4] row;"
			     "volatile int* w;struct later* l;const char* format;");
		check_members("versions");
	}
}

// As compilers packed it before there was a flag for it in ELF; not every binutils still can.
static void test_packed_of_old(void)
{
	if (CHECK(compile("", "old")) &&
	    !system("cd " DIR " && objcopy --compress-debug-sections=zlib-gnu old"))
		check_params("old", "first", FIRST);
}

static bool note_register(void *ctx, const struct debug_param *p)
{
	buf_printf(ctx, "%s=%d;", p->name, p->reg);
	return true;
}

// What an optimiser leaves of a local function is where it says, not where the ABI says.
static void test_clone(void)
{
	_cleanup_(buf_release) struct buf out = {0};
	struct debug_func func;

	if (!CHECK(compile("-O2 -fno-ipa-cp -fno-inline", "clone")))
		return;
	struct debug_file *f = open_file("clone");
	if (!CHECK(f))
		return;
	uint64_t address = address_of("clone", "shrunk.isra");
	if (address && CHECK(debug_func_at(f, address, "shrunk.isra.0", &func))) {
		CHECK(func.is_clone);
		CHECK_STR(func.name, "shrunk");
		CHECK(debug_each_param(f, &func, note_register, &out));
		CHECK(strstr(buf_str(&out), "unused=-1;"));
	}
	debug_file_close(f);
}

static void test_nothing(void)
{
	struct debug_file *f = NULL;
	const char *reason = NULL;
	struct debug_func func;

	if (!CHECK(compile("-g0 -s", "bare")))
		return;
	CHECK(debug_file_open("/", DIR "/bare", NULL, &f, &reason) < 0);
	CHECK_STR(reason, "has no debug information");
	CHECK(debug_file_open("/", DIR "/nosuch", NULL, &f, &reason) < 0);
	CHECK_STR(reason, "cannot be opened");
	CHECK(debug_file_open("/", DIR "/p.c", NULL, &f, &reason) < 0);
	CHECK_STR(reason, "not an ELF file");
	CHECK(debug_file_open("/", DIR, NULL, &f, &reason) < 0);
	f = CHECK(compile("", "whole")) ? open_file("whole") : NULL;
	if (!CHECK(f))
		return;
	CHECK(!debug_func_at(f, 0, NULL, &func));
	CHECK(!debug_func_at(f, address_of("whole", "first") + 1, NULL, &func));
	CHECK(!debug_func_at(f, UINT64_MAX, NULL, &func));
	debug_file_close(f);
}

#define RUN(command) CHECK(system("cd " DIR " && " command) == 0)

static void test_separate(void)
{
	struct debug_file *f = NULL;
	const char *reason = NULL;

	if (!CHECK(compile("-Wl,--build-id=sha1", "apart")))
		return;
	RUN("rm -rf dbg && mkdir -p dbg/.build-id .debug");
	RUN("objcopy --only-keep-debug apart .debug/apart.debug");
	RUN("cd .debug && objcopy -g --add-gnu-debuglink=apart.debug ../apart ../apart");
	check_params("apart", "first", FIRST);
	// By build id, in another directory.
	RUN("id=$(readelf -n apart | sed -n 's/.*Build ID: //p');"
	    "mkdir -p dbg/.build-id/${id%??????????????????????????????????????};"
	    "mv .debug/apart.debug dbg/.build-id/${id%??????????????????????????????????????}/"
	    "${id#??}.debug");
	CHECK(debug_file_open("/", DIR "/apart", NULL, &f, &reason) < 0);
	CHECK(debug_file_open("/", DIR "/apart", "/nosuch:" DIR "/dbg", &f, &reason) == 0);
	debug_file_close(f);
	// Somebody else's file is not taken.
	compile("-Wl,--build-id=sha1 -DOTHER -O1", "other");
	RUN("objcopy --only-keep-debug other .debug/apart.debug");
	f = NULL;
	CHECK(debug_file_open("/", DIR "/apart", NULL, &f, &reason) < 0);
	// Without a build id the checksum decides.
	compile("-Wl,--build-id=none", "sum");
	RUN("objcopy --only-keep-debug sum sum.debug && objcopy -g --add-gnu-debuglink=sum.debug "
	    "sum");
	check_params("sum", "first", FIRST);
	RUN("printf x >> sum.debug");
	CHECK(debug_file_open("/", DIR "/sum", NULL, &f, &reason) < 0);
}

static bool has_symbols(const char *name)
{
	_cleanup_(arena_release) struct arena a = {0};
	struct elf_file elf;
	const char *reason;

	if (!CHECK_INT(elf_open_funcs(&a, arena_printf(&a, DIR "/%s", name), NULL, &elf, &reason),
		       0))
		return false;
	return !elf.stripped && address_of(name, "shrunk") && address_of(name, "main");
}

// The names of static functions are only in what was stripped.
static void test_stripped_symbols(void)
{
	if (!CHECK(compile("-Wl,--build-id=sha1 -O1", "named")))
		return;
	CHECK(has_symbols("named"));
	RUN("objcopy --only-keep-debug named named.debug && strip named && cp named bare");
	CHECK(!has_symbols("named") && !address_of("named", "shrunk"));
	RUN("objcopy --add-gnu-debuglink=named.debug named");
	CHECK(has_symbols("named"));
	RUN("cp p.c named.debug");
	CHECK(!has_symbols("named"));
}

// The table that Fedora's programs carry packed.
static void test_mini_debug(void)
{
	if (system("xz --version >/dev/null 2>&1"))
		SKIP("no xz");
	if (!CHECK(compile("-Wl,--build-id=sha1 -O1", "bare")))
		return;
	RUN("strip bare && cp bare cut");
	CHECK(!has_symbols("bare"));
	RUN("cc -g0 -w -O1 -o packed p.c && strip -K shrunk -K main packed && xz -kf packed");
	RUN("objcopy --add-section .gnu_debugdata=packed.xz bare");
	CHECK(has_symbols("bare") == LZMA_LINKED);
	// Cut short, it is as if it were not there.
	RUN("head -c 300 packed.xz >cut.xz && objcopy --add-section .gnu_debugdata=cut.xz cut");
	CHECK(!has_symbols("cut"));
}

// What the file itself names is had without the rest, and stays where it is when that comes.
static void test_own_names_first(void)
{
	_cleanup_(arena_release) struct arena a = {0};
	const struct elf_func *main_func = NULL;
	struct elf_file elf;
	const char *reason;

	if (!CHECK(compile("-Wl,--build-id=sha1 -O1 -rdynamic", "own")))
		return;
	RUN("objcopy --only-keep-debug own own.debug && strip own && "
	    "objcopy --add-gnu-debuglink=own.debug own");
	if (!CHECK_INT(elf_open_own_funcs(&a, DIR "/own", &elf, &reason), 0))
		return;
	for (size_t i = 0; i < elf.funcs.len; i++) {
		CHECK(strncmp(elf.funcs.data[i].name, "shrunk", 6));
		if (!strcmp(elf.funcs.data[i].name, "main"))
			main_func = &elf.funcs.data[i];
	}
	size_t few = elf.funcs.len;
	CHECK(elf.stripped && main_func);
	CHECK(elf_add_stripped(&a, &elf, NULL) && !elf.stripped && elf.funcs.len > few);
	CHECK(main_func && !strcmp(main_func->name, "main"));
	CHECK(!elf_add_stripped(&a, &elf, NULL));
}

// Everything but a sketch of it in .dwo files.
static void test_split(void)
{
	static const char *const flags[] = {"-gdwarf-5 -gsplit-dwarf -O0",
					    "-gdwarf-5 -gsplit-dwarf -O2",
					    "-gdwarf-4 -gsplit-dwarf -O0"};

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (CHECK(compile(flags[i], "split")))
			check_params("split", "first", FIRST);
	RUN("rm *.dwo");
	struct debug_file *f = open_file("split"); // the sketch alone describes no function
	struct debug_func func;
	CHECK(!f || !debug_func_at(f, address_of("split", "first"), "first", &func));
	debug_file_close(f);
}

// clang's describe functions by their ranges only.
static void test_split_by_clang(void)
{
	if (system("clang --version >/dev/null 2>&1"))
		SKIP("no clang");
	RUN("clang -w -g -gsplit-dwarf -O2 -o split p.c");
	check_params("split", "first", FIRST);
}

// ---- broken on purpose ---------------------------------------------------------------------

static bool visit_type(void *ctx, const struct debug_member *m)
{
	struct text *t = ctx;
	struct debug_type type;

	debug_type_name(t->f, m->type, &t->out);
	debug_type_strip(t->f, m->type, &type);
	return true;
}

// Ask everything; only that it ends is checked.
static void ask(struct debug_file *f, const uint64_t *addresses, size_t count)
{
	static const enum debug_kind kinds[] = {DEBUG_STRUCT, DEBUG_UNION, DEBUG_ENUM,
						DEBUG_TYPEDEF};
	static const char *const names[] = {"item", "inner", "number", "mood", "untagged"};
	struct text t = {.f = f};
	struct debug_func func;

	for (size_t i = 0; i < count; i++)
		if (debug_func_at(f, addresses[i], NULL, &func)) {
			debug_type_name(f, func.result, &t.out);
			debug_each_param(f, &func, put_param, &t);
		}
	for (size_t i = 0; i < ARRAY_SIZE(kinds) * ARRAY_SIZE(names); i++) {
		debug_id id = debug_find_type(f, kinds[i % 4], names[i / 4]);
		debug_each_member(f, id, visit_type, &t);
		debug_each_enumerator(f, id, put_enumerator, &t);
	}
	buf_release(&t.out);
}

static size_t read_whole(const char *path, unsigned char **data)
{
	FILE *in = fopen(path, "r");
	struct stat st;

	if (!in || fstat(fileno(in), &st))
		return 0;
	*data = malloc((size_t)st.st_size);
	size_t n = fread(*data, 1, (size_t)st.st_size, in);
	fclose(in);
	return n;
}

static void try_broken(const unsigned char *data, size_t size, const uint64_t *addresses)
{
	struct debug_file *f = NULL;
	const char *reason = NULL;
	FILE *out = fopen(DIR "/broken", "w");

	if (!CHECK(out && fwrite(data, 1, size, out) == size && !fclose(out)))
		return;
	if (!debug_file_open("/", DIR "/broken", NULL, &f, &reason)) {
		ask(f, addresses, 3);
		debug_file_close(f);
	} else {
		CHECK(reason && *reason);
	}
}

static void test_broken(void)
{
	_cleanup_free_ unsigned char *data = NULL, *copy = NULL;
	uint32_t seed = 12345;

	if (!CHECK(compile("", "seed")))
		return;
	RUN("objcopy --only-keep-debug seed seed.debug");
	uint64_t addresses[] = {address_of("seed", "first"), address_of("seed", "many"),
				address_of("seed", "main")};
	size_t size = read_whole(DIR "/seed.debug", &data);
	copy = malloc(size + 1);
	if (!CHECK(size > 1000 && copy))
		return;
	for (int round = 0; round < 600; round++) {
		memcpy(copy, data, size);
		for (int i = 0; i <= round % 4; i++) {
			seed = seed * 1664525 + 1013904223;
			copy[64 + (seed >> 8) % (size - 64)] = (unsigned char)(seed >> 3);
		}
		seed = seed * 1664525 + 1013904223;
		try_broken(copy, round % 5 ? size : (seed >> 8) % size, addresses);
	}
}

static void test_demangle(void)
{
	char text[DEMANGLED_MAX];

	CHECK(demangle("_ZN2ns4overEi", text, sizeof(text)));
	CHECK_STR(text, "ns::over(int)");
	CHECK_INT(demangled_name_length(text), strlen("ns::over"));
	CHECK(!demangle("main", text, sizeof(text)));
	CHECK(!demangle("_Znonsense", text, sizeof(text)));
	CHECK(!demangle("_ZN2ns4overEi", text, 5));
	CHECK(demangled_matches("ns::over", "_ZN2ns4overEi"));
	CHECK(demangled_matches("ns::over(int)", "_ZN2ns4overEi"));
	CHECK(demangled_matches("*over*", "_ZN2ns4overEi"));
	CHECK(!demangled_matches("over", "_ZN2ns4overEi"));
	CHECK(demangled_matches("main", "main"));
	CHECK_INT(demangled_name_length("f(int)::operator()(char) const"),
		  strlen("f(int)::operator()"));
	CHECK_INT(demangled_name_length("plain"), 5);
}

// Each substitution doubles the text.
static void test_demangle_bomb(void)
{
	static char symbol[2048] = "_Z1f1aSt4pairIS_S_E";
	char text[DEMANGLED_MAX];
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	for (size_t i = 0; i < 30; i++)
		sprintf(symbol + strlen(symbol), "St4pairIS%c_S%c_E", digits[i + 1], digits[i + 1]);
	CHECK(!demangle(symbol, text, sizeof(text)));
}

static void test_clean_up(void)
{
	CHECK(system("rm -rf " DIR) == 0);
}

TEST_MAIN(test_versions, test_packed_of_old, test_clone, test_nothing, test_separate,
	  test_stripped_symbols, test_mini_debug, test_own_names_first, test_split,
	  test_split_by_clang, test_broken, test_demangle, test_demangle_bomb, test_clean_up)
