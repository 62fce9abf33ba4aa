// event_format: what the record of a trace event holds. Read by sys/tracefs from the kernel's
// format files; check types its members, codegen reads them.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

// "field:unsigned int flags[4]; offset:8; size:16; signed:0;"
struct event_field {
	const char *name; // "flags"
	const char
	    *type; // as written, without name and length: "unsigned int", "__data_loc char[]"
	const char *decl;      // as written: "unsigned int flags[4]"
	uint32_t offset, size; // in the record
	uint32_t count;	       // of an array; 0: none
	bool is_signed;
	bool is_pointer;
	bool is_common; // of every record: common_type ...
	enum { EVENT_DATA_FIXED, EVENT_DATA_LOC, EVENT_DATA_REL_LOC } data;
};

struct event_format {
	const char *category, *name;
	uint32_t id; // for perf events
	ARENA_VEC(struct event_field) fields;
};
