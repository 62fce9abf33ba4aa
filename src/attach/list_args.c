// list_args.c: the lines under a function in -lv, as bpftrace prints them.
//
//	uprobe:/bin/x:open_file
//	    const char* name
//	    int flags
#include "attach/list_args.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/dwarf.h"

struct print {
	struct arg_lister *l;
	struct buf *text;
};

static bool print_param(void *ctx, const struct debug_param *p)
{
	struct print *print = ctx;

	buf_puts(print->text, "    ");
	debug_type_name(print->l->file, p->type, print->text);
	buf_printf(print->text, "%s%s\n", *p->name ? " " : "", p->name);
	return true;
}

static void open_once(struct arg_lister *l)
{
	const char *reason;

	if (l->tried++)
		return;
	if (debug_file_open("/", l->path, l->dirs, &l->file, &reason))
		l->file = NULL;
}

void arg_lister_print(struct arg_lister *l, uint64_t address, const char *name, FILE *out)
{
	_cleanup_(buf_release) struct buf text = {0};
	struct print print = {.l = l, .text = &text};
	struct debug_func func;

	open_once(l);
	if (!l->file || !debug_func_at(l->file, address, name, &func))
		return;
	debug_each_param(l->file, &func, print_param, &print);
	fputs(buf_str(&text), out);
}

void arg_lister_release(struct arg_lister *l)
{
	debug_file_close(l->file);
	l->file = NULL;
}
