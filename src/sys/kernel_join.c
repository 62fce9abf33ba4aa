// kernel_join.c: join the attachable functions with /proc/kallsyms (KERNEL.md 1.4, 4.8).
//
// Enters: functions by name, with or without ftrace sites, and the symbols. Leaves: for each
// the address of its symbol, whether its name is unique, and whether a look-up by name in the
// kernel finds this one. Refuses to guess: an address that is not certain stays 0.
//
// With sites, the symbol is the nearest text symbol at or below (ENDBR and the like lie
// between). Without (before 6.5), symbols go by name; where several functions share a name
// that is certain only if all of them are attachable.
#include "sys/kernel_join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/name_index.h"

enum { SITE_MAX_OFFSET = 64, NO_FUNC = UINT32_MAX };

struct work {
	uint64_t found;	  // address that the kernel finds by name and module
	uint32_t next;	  // another function of the same name, or NO_FUNC
	uint32_t module;  // as in struct ksym
	uint32_t symbols; // text symbols of this name; kept at the head of the chain
	bool has_found, excess;
};
struct join {
	struct kernel_funcs *list;
	struct ksyms *syms;
	const uint64_t *sites;
	struct work *work;	 // of each function
	struct name_index heads; // value: first function of the name
};

static int chain_names(struct join *j)
{
	const char *last = NULL;
	uint32_t module = 0;

	if (!name_index_init(&j->heads, j->list->funcs.len))
		return -ENOMEM;
	for (uint32_t i = 0; i < j->list->funcs.len; i++) {
		const struct kernel_func *f = &j->list->funcs.data[i];
		struct name_slot *slot = name_index_at(&j->heads, f->name);
		if (f->module != last)
			module = f->module ? intern_id(&j->syms->modules, f->module) + 1 : 0;
		last = f->module;
		j->work[i] =
		    (struct work){.next = slot->name ? slot->value : NO_FUNC, .module = module};
		slot->name = f->name;
		slot->value = i;
	}
	return 0;
}

// Symbols of BPF programs and of trampolines are nothing that a name in a script means.
static bool is_pseudo_module(const char *module)
{
	return strcmp(module, "bpf") == 0 || str_starts_with(module, "__builtin__");
}

// The kernel finds the lowest of vmlinux, the first in the file of a module.
static void note_found(struct work *w, const struct ksym *s)
{
	if (w->has_found && (s->module || s->address >= w->found))
		return;
	w->found = s->address;
	w->has_found = true;
}

static void meet_symbol(struct join *j, uint32_t head, const struct ksym *s)
{
	bool text = ksym_is_text(s), placed = j->sites != NULL || !text;

	j->work[head].symbols += text;
	// Chains run backwards; which of several takes the address does not matter.
	for (uint32_t i = head; i != NO_FUNC; i = j->work[i].next) {
		struct kernel_func *f = &j->list->funcs.data[i];
		if (j->work[i].module != s->module)
			continue;
		note_found(&j->work[i], s);
		if (!placed && !f->address) {
			f->address = s->address;
			placed = true;
		}
	}
	for (uint32_t i = head; !placed && i != NO_FUNC; i = j->work[i].next)
		j->work[i].excess |= j->work[i].module == s->module;
}

static void meet_symbols(struct join *j)
{
	uint32_t head;

	for (size_t i = 0; i < j->syms->len; i++) {
		const struct ksym *s = &j->syms->syms[i];
		const char *module = ksyms_module(j->syms, s);
		if ((module && is_pseudo_module(module)) || ksym_is_padding(s))
			continue;
		if (name_index_find(&j->heads, s->name, &head))
			meet_symbol(j, head, s);
	}
}

// ---- by site -----------------------------------------------------------------------------

// Sorted addresses of text symbols: vmlinux's come sorted, those of modules do not.
struct places {
	uint64_t *at; // owned
	size_t sorted, len;
	size_t hint;
};

static int compare_u64(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static int collect_places(const struct ksyms *k, struct places *p)
{
	p->at = malloc((k->len + 1) * sizeof(*p->at));
	if (!p->at)
		return -ENOMEM;
	for (size_t i = 0; i < k->len; i++) {
		const struct ksym *s = &k->syms[i];
		if (!s->address || !ksym_is_text(s) || ksym_is_padding(s))
			continue;
		if (p->sorted == p->len && (!p->len || p->at[p->len - 1] <= s->address))
			p->sorted++;
		p->at[p->len++] = s->address;
	}
	qsort(p->at + p->sorted, p->len - p->sorted, sizeof(*p->at), compare_u64);
	return 0;
}

// The greatest at or below; 0: none. Sites mostly ascend: `hint` is where the last one was.
static uint64_t floor_of(const uint64_t *at, size_t n, uint64_t site, size_t *hint)
{
	size_t low = 0, high = n;

	for (size_t i = *hint, steps = 0; i < n && at[i] <= site && steps < 32; i++, steps++) {
		low = i + 1;
		if (low < n && at[low] > site)
			high = low;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (at[middle] <= site)
			low = middle + 1;
		else
			high = middle;
	}
	*hint = low ? low - 1 : 0;
	return low ? at[low - 1] : 0;
}

static int place_sites(struct join *j)
{
	struct places p = {0};
	size_t other = 0;

	int err = collect_places(j->syms, &p);
	for (size_t i = 0; !err && i < j->list->funcs.len; i++) {
		uint64_t site = j->sites[i];
		uint64_t a = floor_of(p.at, p.sorted, site, &p.hint);
		uint64_t b = floor_of(p.at + p.sorted, p.len - p.sorted, site, &other);
		if (b > a)
			a = b;
		if (a && site - a <= SITE_MAX_OFFSET)
			j->list->funcs.data[i].address = a;
	}
	free(p.at);
	return err;
}

// ---- what follows ------------------------------------------------------------------------

static void judge(struct join *j)
{
	for (uint32_t i = 0; i < j->list->funcs.len; i++) {
		struct kernel_func *f = &j->list->funcs.data[i];
		const struct work *w = &j->work[i];
		uint32_t head = i;

		name_index_find(&j->heads, f->name, &head);
		uint32_t symbols = j->work[head].symbols;
		f->unique = head == i && w->next == NO_FUNC && symbols <= 1;
		if (w->excess)
			f->address = 0;
		f->first = f->address ? w->has_found && w->found == f->address : f->unique;
	}
}

int kernel_funcs_join(struct kernel_funcs *list, const uint64_t *sites, struct ksyms *syms)
{
	struct join j = {.list = list, .sites = sites, .syms = syms};

	j.work = calloc(list->funcs.len + 1, sizeof(*j.work));
	int err = j.work ? chain_names(&j) : -ENOMEM;
	if (!err)
		meet_symbols(&j);
	if (!err && sites)
		err = place_sites(&j);
	if (!err)
		judge(&j);
	list->addresses = syms->addresses;
	name_index_release(&j.heads);
	free(j.work);
	return err;
}
