// names: handles to text. What the kernel side sent as an id, an address or a number (TYPE_FUNC
// ... TYPE_CGROUP_PATH) enters, the name that a user expects leaves. An unknown id never fails:
// it prints as a number. User addresses are looked up while the process lives, kernel addresses
// in /proc/kallsyms, which is read when the first one is printed.
//
//	read    No such file or directory    Killed    root    127.0.0.1    00:1b:21:aa:00:01
//	\n        0x55d624aa7139\n        0x55d624aa716a\n	(a stack: first a newline)
#include "output/internal.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <string.h>

#include "bpf/abi.h"
#include "sys/cgroup.h"
#include "sys/demangle.h"
#include "sys/kernel_funcs.h"
#include "sys/syscalls.h"
#include "sys/usym.h"

bool type_is_handle(const struct type *t)
{
	return t->kind >= TYPE_FUNC && t->kind <= TYPE_CGROUP_PATH;
}

static void intern_text(struct buf *b, const struct intern *names, uint64_t id)
{
	if (id < names->len)
		buf_puts(b, names->names[id]);
	else
		buf_printf(b, "%llu", (unsigned long long)id);
}

static void probe_text(const struct program *p, struct buf *b, uint64_t id)
{
	if (id < p->targets.len)
		buf_puts(b, p->targets.data[id]->probe);
	else
		buf_printf(b, "%llu", (unsigned long long)id);
}

// bpftrace writes addresses through a C++ stream with "showbase", which leaves 0 bare.
static void address_text(struct buf *b, uint64_t addr)
{
	if (addr)
		buf_printf(b, "0x%llx", (unsigned long long)addr);
	else
		buf_putc(b, '0');
}

static void func_text(const struct printer *pr, struct buf *b, uint64_t func)
{
	const char *name = pr->funcs ? func_names_lookup(pr->funcs, func) : NULL;

	if (name)
		buf_puts(b, name);
	else if (pr->funcs)
		address_text(b, func);
	else
		intern_text(b, &pr->program->funcs, func);
}

// The traced function's name, where addr is a func that became a symbol. (The address of one of
// the kernel's has the bit of SYM_IS_FUNC_ID already.)
static bool func_id_text(const struct printer *pr, struct buf *b, uint64_t addr)
{
	const char *name = pr->funcs ? func_names_lookup(pr->funcs, addr) : NULL;

	if (name)
		buf_puts(b, name);
	else if (addr >> 62 == 1)
		intern_text(b, &pr->program->funcs, addr & ~SYM_IS_FUNC_ID);
	else
		return false;
	return true;
}

static void function_text(const struct printer *pr, struct buf *b, const char *symbol)
{
	char text[DEMANGLED_MAX];

	if (pr->program->config.cpp_demangle && demangle(symbol, text, sizeof(text)))
		buf_puts(b, text);
	else
		buf_puts(b, symbol);
}

// "main+40", or the bare address. Where the name comes from goes to *file, NULL if nowhere.
static void symbol_text(const struct printer *pr, struct buf *b, uint32_t pid, uint64_t addr,
			bool offset, const char **file)
{
	struct usym sym;

	*file = NULL;
	if (!pr->usyms || !pid || !usyms_lookup(pr->usyms, pid, addr, &sym)) {
		address_text(b, addr);
		return;
	}
	function_text(pr, b, sym.name);
	if (offset)
		buf_printf(b, "+%llu", (unsigned long long)sym.offset);
	*file = sym.file;
}

// The same for an address of the kernel.
static void ksym_text(const struct printer *pr, struct buf *b, uint64_t addr, bool offset)
{
	uint64_t from_start;
	const char *name = NULL;

	if (func_id_text(pr, b, addr))
		return;
	if (pr->kallsyms && addr)
		name = kallsyms_lookup(pr->kallsyms, addr, &from_start, NULL);
	if (!name)
		address_text(b, addr);
	else if (offset)
		buf_printf(b, "%s+%llu", name, (unsigned long long)from_start);
	else
		buf_puts(b, name);
}

static void kernel_frame(const struct printer *pr, struct buf *b, enum stack_mode mode,
			 uint64_t addr)
{
	if (mode == STACK_MODE_PERF)
		buf_printf(b, "\t%llx ", (unsigned long long)addr);
	else
		buf_puts(b, "        ");
	ksym_text(pr, b, addr, true);
}

static void user_frame(const struct printer *pr, struct buf *b, enum stack_mode mode, uint32_t pid,
		       uint64_t addr)
{
	const char *file;

	if (mode == STACK_MODE_PERF)
		buf_printf(b, "\t%llx ", (unsigned long long)addr);
	else
		buf_puts(b, "        ");
	symbol_text(pr, b, pid, addr, true, &file);
	if (mode == STACK_MODE_PERF)
		buf_printf(b, " (%s)", file ? file : "[unknown]");
}

// "8d35a8e0629b009c8faede909ba47874d2b24f9d 0x8e9": build id, offset in the file.
static void build_id_frame(const struct printer *pr, struct buf *b, uint32_t pid, uint64_t addr)
{
	uint64_t offset;
	const char *id = pr->usyms ? usyms_build_id(pr->usyms, pid, addr, &offset) : NULL;

	if (id)
		buf_printf(b, "%s 0x%llx", id, (unsigned long long)offset);
	else
		buf_printf(b, "%llx", (unsigned long long)addr);
}

static void frame_text(const struct printer *pr, struct buf *b, const struct type *t, uint32_t pid,
		       uint64_t addr)
{
	if (t->stack_mode == STACK_MODE_BUILD_ID)
		build_id_frame(pr, b, pid, addr);
	else if (t->stack_mode == STACK_MODE_RAW)
		buf_printf(b, "%llx", (unsigned long long)addr);
	else if (t->kind == TYPE_KSTACK)
		kernel_frame(pr, b, t->stack_mode, addr);
	else
		user_frame(pr, b, t->stack_mode, pid, addr);
	buf_putc(b, '\n');
}

#define MAX_FRAMES 1024 // of any stack

static void stack_text(const struct printer *pr, struct buf *b, const struct type *t,
		       const void *data)
{
	uint64_t addresses[MAX_FRAMES];
	struct stack_val v;
	size_t n;

	memcpy(&v, data, sizeof(v));
	n = v.frames < t->count ? v.frames : t->count;
	n = n < MAX_FRAMES ? n : MAX_FRAMES;
	n = n && pr->stack ? pr->stack(pr->stack_ctx, v.id, addresses, n) : 0;
	buf_putc(b, '\n');
	for (size_t i = 0; i < n; i++)
		frame_text(pr, b, t, v.pid, addresses[i]);
}

static void usym_text(const struct printer *pr, struct buf *b, const void *data)
{
	struct usym_val v;
	const char *file;

	memcpy(&v, data, sizeof(v));
	if (!func_id_text(pr, b, v.addr))
		symbol_text(pr, b, v.pid, v.addr, false, &file);
}

static void timestamp_text(const struct printer *pr, struct buf *b, const void *data)
{
	struct timestamp_val v;

	memcpy(&v, data, sizeof(v));
	if (v.format < pr->program->strings.len)
		clock_text(pr->clocks, b, pr->program->strings.names[v.format], v.ns, v.clock);
	else
		buf_printf(b, "%llu", (unsigned long long)v.ns);
}

static void mac_text(struct buf *b, const unsigned char *m)
{
	buf_printf(b, "%02X:%02X:%02X:%02X:%02X:%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
}

static void inet_text(struct buf *b, const void *data)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct inet_val v;

	memcpy(&v, data, sizeof(v));
	if ((v.family == AF_INET || v.family == AF_INET6) &&
	    inet_ntop((int)v.family, v.addr, text, sizeof(text)))
		buf_puts(b, text);
}

static void username_text(struct buf *b, uid_t uid)
{
	struct passwd pw, *found = NULL;
	char room[4096];

	// Users come from /etc/passwd or the network; one look-up per print, as in bpftrace.
	if (getpwuid_r(uid, &pw, room, sizeof(room), &found) == 0 && found)
		buf_puts(b, found->pw_name);
	else
		buf_printf(b, "%u", uid);
}

static void cgroup_text(const struct printer *pr, struct buf *b, const void *data)
{
	struct cgroup_path_val v;

	memcpy(&v, data, sizeof(v));
	if (pr->cgroups && v.pattern < pr->program->strings.len)
		cgroup_paths(pr->cgroups, b, v.id, pr->program->strings.names[v.pattern]);
	else
		buf_printf(b, "%llu", (unsigned long long)v.id);
}

void handle_text(const struct printer *pr, struct buf *b, const struct type *t, const void *data)
{
	switch (t->kind) {
	case TYPE_FUNC:
		func_text(pr, b, scalar_bits(t, data));
		break;
	case TYPE_PROBE:
		probe_text(pr->program, b, scalar_bits(t, data));
		break;
	case TYPE_KSYM:
		ksym_text(pr, b, scalar_bits(&type_uint64, data), false);
		break;
	case TYPE_USYM:
		usym_text(pr, b, data);
		break;
	case TYPE_KSTACK:
	case TYPE_USTACK:
		stack_text(pr, b, t, data);
		break;
	case TYPE_TIMESTAMP:
		timestamp_text(pr, b, data);
		break;
	case TYPE_MAC:
		mac_text(b, data);
		break;
	case TYPE_INET:
		inet_text(b, data);
		break;
	case TYPE_USERNAME:
		username_text(b, (uid_t)scalar_bits(t, data));
		break;
	case TYPE_STRERROR:
		buf_puts(b, errno_text((int)scalar_bits(t, data)));
		break;
	case TYPE_SIGNAL:
		buf_puts(b, signal_text((int)scalar_bits(t, data)));
		break;
	case TYPE_SYSCALL:
		buf_puts(b, syscall_name((unsigned)scalar_bits(t, data)) ?: "Unknown syscall");
		break;
	case TYPE_CGROUP_PATH:
		cgroup_text(pr, b, data);
		break;
	default:
		break;
	}
}

// ---- whose names will be asked for ------------------------------------------------------------

static bool has_user_address(const struct type *t)
{
	bool found = t && (t->kind == TYPE_USYM || t->kind == TYPE_USTACK);

	if (t && (t->kind == TYPE_TUPLE || t->kind == TYPE_RECORD))
		for (size_t i = 0; i < t->field_count && !found; i++)
			found = has_user_address(t->fields[i].type);
	return found;
}

void output_watch(struct output *o, int pid)
{
	const struct program *p = o->program;
	bool found = false;

	for (size_t i = 0; i < p->maps.len && !found; i++)
		found = has_user_address(p->maps.data[i]->key) ||
			has_user_address(p->maps.data[i]->value);
	for (size_t i = 0; i < p->events.len; i++)
		for (size_t n = 0; n < p->events.data[i]->args.len && !found; n++)
			found = has_user_address(p->events.data[i]->args.data[n].type);
	if (found && o->printer.usyms)
		usyms_watch(o->printer.usyms, (uint32_t)pid);
}

int output_watch_fd(const struct output *o)
{
	return o->printer.usyms ? usyms_watch_fd(o->printer.usyms) : -1;
}
