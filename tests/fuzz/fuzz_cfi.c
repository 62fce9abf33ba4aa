// fuzz_cfi: any bytes as .eh_frame, as .debug_frame, and as both, cut in two. The first byte says
// where; rows come out sorted. clang -fsanitize=fuzzer,address,undefined.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sys/cfi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROWS_MAX = 10000, AT = 0x1000 };

static void parse(const struct cfi_section *sections, size_t count)
{
	struct cfi_table t = {0};

	cfi_parse(sections, count, ROWS_MAX, &t);
	if (t.count > ROWS_MAX + 1)
		abort();
	for (size_t i = 1; i < t.count; i++)
		if (t.rows[i].pc <= t.rows[i - 1].pc)
			abort();
	cfi_release(&t);
}

// Nothing behind it: what reads on is seen.
static struct cfi_section section_of(const uint8_t *data, size_t size, bool is_debug)
{
	void *exact = malloc(size);

	if (exact && size)
		memcpy(exact, data, size);
	return (struct cfi_section){.data = exact,
				    .size = exact ? size : 0,
				    .address = is_debug ? 0 : AT,
				    .is_debug = is_debug};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	size_t cut = 1 + data[0] * (size - 1) / UINT8_MAX;
	struct cfi_section s[] = {section_of(data + 1, size - 1, false),
				  section_of(data + 1, size - 1, true),
				  section_of(data + 1, cut - 1, false),
				  section_of(data + cut, size - cut, true)};

	parse(&s[0], 1);
	parse(&s[1], 1);
	parse(&s[2], 2);
	for (size_t i = 0; i < sizeof(s) / sizeof(s[0]); i++)
		free((void *)s[i].data);
	return 0;
}
