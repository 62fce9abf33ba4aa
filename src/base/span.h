// span: where in the script something stands. Offsets count bytes in one address
// space shared by every source file of a compilation (see source.h), so that a
// span stays two words even when a script imports others.
#pragma once

#include <stdint.h>

struct span {
	uint32_t begin; // first byte
	uint32_t end;	// one past the last byte
};

// In no script: what is said of it has no location.
#define SPAN_NOWHERE ((struct span){UINT32_MAX, UINT32_MAX})

static inline struct span span_join(struct span a, struct span b)
{
	struct span s = {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
	return s;
}
