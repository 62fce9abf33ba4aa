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
#include "base/huge.h"

enum { SITE_MAX_OFFSET = 64, NO_FUNC = UINT32_MAX };

struct work {
	uint64_t found;	  // address that the kernel finds by name and module
	uint32_t next;	  // another function of the same name, or NO_FUNC
	uint32_t module;  // as in struct ksym_mark
	uint32_t head;	  // first of its chain
	uint32_t symbols; // text symbols of this name; kept at the head
	bool has_found, excess;
	bool shared; // at the head: there are more of its name
};
// The functions by the hash of their names: open addressing, at most half full.
struct head {
	uint64_t name;
	uint32_t func; // newest of the name; NO_FUNC: free
};
struct join {
	struct kernel_funcs *list;
	struct ksym_marks *syms;
	const uint64_t *sites;
	struct work *work;  // of each function
	struct head *heads; // owned
	size_t mask;	    // number of heads less one
};

static bool make_heads(struct join *j)
{
	size_t count = 16;

	while (count < j->list->funcs.len * 2)
		count *= 2;
	j->heads = huge_malloc(count * sizeof(*j->heads));
	j->mask = count - 1;
	for (size_t i = 0; j->heads && i < count; i++)
		j->heads[i].func = NO_FUNC;
	return j->heads;
}

// Of this name, or free.
static struct head *head_at(const struct join *j, uint64_t name)
{
	size_t i = name & j->mask;

	while (j->heads[i].func != NO_FUNC && j->heads[i].name != name)
		i = (i + 1) & j->mask;
	return &j->heads[i];
}

// Chains run backwards; their ends, the first functions of the names, are their heads.
static int chain_names(struct join *j)
{
	const char *last = NULL;
	uint32_t module = 0;

	if (!make_heads(j))
		return -ENOMEM;
	for (uint32_t i = 0; i < j->list->funcs.len; i++) {
		const struct kernel_func *f = &j->list->funcs.data[i];
		uint64_t name = str_hash_name(f->name);
		struct head *h = head_at(j, name);
		uint32_t before = h->func;
		if (f->module != last)
			module = f->module ? intern_id(&j->syms->modules, f->module) + 1 : 0;
		last = f->module;
		j->work[i] = (struct work){.next = before,
					   .head = before == NO_FUNC ? i : j->work[before].head,
					   .module = module};
		if (before != NO_FUNC)
			j->work[j->work[i].head].shared = true;
		*h = (struct head){name, i};
	}
	return 0;
}

// The kernel finds the lowest of vmlinux, the first in the file of a module.
static void note_found(struct work *w, const struct ksym_mark *s)
{
	if (w->has_found && (s->module || s->address >= w->found))
		return;
	w->found = s->address;
	w->has_found = true;
}

static void meet_symbol(struct join *j, uint32_t newest, const struct ksym_mark *s)
{
	bool placed = j->sites != NULL || !s->text;

	j->work[j->work[newest].head].symbols += s->text;
	// Which of several takes the address does not matter.
	for (uint32_t i = newest; i != NO_FUNC; i = j->work[i].next) {
		struct kernel_func *f = &j->list->funcs.data[i];
		if (j->work[i].module != s->module)
			continue;
		note_found(&j->work[i], s);
		if (!placed && !f->address) {
			f->address = s->address;
			placed = true;
		}
	}
	for (uint32_t i = newest; !placed && i != NO_FUNC; i = j->work[i].next)
		j->work[i].excess |= j->work[i].module == s->module;
}

static void meet_symbols(struct join *j)
{
	for (size_t i = 0; i < j->syms->len; i++) {
		const struct ksym_mark *s = &j->syms->at[i];
		uint32_t newest = head_at(j, s->name)->func;
		if (newest != NO_FUNC)
			meet_symbol(j, newest, s);
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

static int collect_places(const struct ksym_marks *k, struct places *p)
{
	p->at = huge_malloc((k->len + 1) * sizeof(*p->at));
	if (!p->at)
		return -ENOMEM;
	for (size_t i = 0; i < k->len; i++) {
		const struct ksym_mark *s = &k->at[i];
		if (!s->address || !s->text)
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

		// Alone: the newest of its name, and the first.
		f->unique = w->head == i && !w->shared && w->symbols <= 1;
		if (w->excess)
			f->address = 0;
		f->first = f->address ? w->has_found && w->found == f->address : f->unique;
	}
}

int kernel_funcs_join(struct kernel_funcs *list, const uint64_t *sites, struct ksym_marks *syms)
{
	struct join j = {.list = list, .sites = sites, .syms = syms};

	j.work = huge_calloc((list->funcs.len + 1) * sizeof(*j.work));
	int err = j.work ? chain_names(&j) : -ENOMEM;
	if (!err)
		meet_symbols(&j);
	if (!err && sites)
		err = place_sites(&j);
	if (!err)
		judge(&j);
	list->addresses = syms->addresses;
	free(j.heads);
	free(j.work);
	return err;
}
