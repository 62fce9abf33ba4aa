// kallsyms.c: names for kernel addresses and addresses for names, when something is printed.
//
// Enters: addresses. Leaves: the symbol that each is in. The file is read when first asked.
// Symbols of which the kernel does not show the address (kptr_restrict) are none.
#include <stdlib.h>
#include <string.h>

#include "sys/kernel_funcs.h"
#include "sys/ksyms.h"
#include "sys/name_index.h"

enum {
	// Absolute and per-CPU symbols lie below every kernel address.
	LOWEST_KERNEL_ADDRESS = 0x10000000,
	// Farther from a symbol than any function or table is long: in none.
	FARTHEST = 16 << 20,
};

struct kallsyms {
	char *root;
	bool read;
	struct ksyms syms;
	const struct ksym **by_address; // sorted; of one address the first in the file first
	size_t len;
	struct name_index by_name; // value: an index of syms
};

struct kallsyms *kallsyms_new(const char *root)
{
	struct kallsyms *k = calloc(1, sizeof(*k));

	if (k)
		k->root = strdup(root);
	if (k && !k->root) {
		free(k);
		return NULL;
	}
	return k;
}

void kallsyms_free(struct kallsyms *k)
{
	if (!k)
		return;
	name_index_release(&k->by_name);
	free(k->by_address);
	ksyms_release(&k->syms);
	free(k->root);
	free(k);
}

static int compare_addresses(const void *left, const void *right)
{
	const struct ksym *a = *(const struct ksym *const *)left;
	const struct ksym *b = *(const struct ksym *const *)right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return (a > b) - (a < b); // the place in the file
}

static void sort_addresses(struct kallsyms *k)
{
	bool sorted = true;

	k->by_address = malloc((k->syms.len + 1) * sizeof(*k->by_address));
	if (!k->by_address)
		return;
	for (size_t i = 0; i < k->syms.len; i++) {
		const struct ksym *s = &k->syms.syms[i];
		if (s->address < LOWEST_KERNEL_ADDRESS)
			continue;
		sorted &= !k->len || k->by_address[k->len - 1]->address <= s->address;
		k->by_address[k->len++] = s;
	}
	if (!sorted)
		qsort(k->by_address, k->len, sizeof(*k->by_address), compare_addresses);
}

static void read_once(struct kallsyms *k)
{
	if (k->read)
		return;
	k->read = true;
	if (!ksyms_read(k->root, &k->syms))
		sort_addresses(k);
}

const char *kallsyms_lookup(struct kallsyms *k, uint64_t address, uint64_t *offset,
			    const char **module)
{
	read_once(k);
	size_t low = 0, high = k->len; // the first that is above the address
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (k->by_address[middle]->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	const struct ksym *s = k->by_address[low - 1];
	if (address - s->address >= FARTHEST)
		return NULL;
	while (low > 1 && k->by_address[low - 2]->address == s->address)
		s = k->by_address[--low - 1];
	if (offset)
		*offset = address - s->address;
	if (module)
		*module = ksyms_module(&k->syms, s);
	return s->name;
}

static void index_names(struct kallsyms *k)
{
	if (k->by_name.mask || !name_index_init(&k->by_name, k->syms.len))
		return;
	// vmlinux comes first in the file, in the order of addresses: the first of a name is
	// the one that the kernel finds, too.
	for (size_t i = 0; i < k->syms.len; i++)
		name_index_add(&k->by_name, k->syms.syms[i].name, (uint32_t)i);
}

bool kallsyms_address(struct kallsyms *k, const char *name, uint64_t *address)
{
	uint32_t i;

	read_once(k);
	index_names(k);
	if (!name_index_find(&k->by_name, name, &i) || !k->syms.syms[i].address)
		return false;
	*address = k->syms.syms[i].address;
	return true;
}
