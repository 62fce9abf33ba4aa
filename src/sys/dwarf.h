// dwarf: functions and types of user-space programs, from their debug information. The only
// room's door to libdw. Input files are hostile: walks, names, sizes and nesting are bounded,
// and whatever cannot be read reads as "unknown".
//
// A debug_file is opened when a script needs one, and closed last: names are borrowed from it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct debug_file;

// The information of the program or library `path`: in the file itself, or in a separate file
// found by build id or by .gnu_debuglink, under root/usr/lib/debug, beside the program and
// under `dirs` ("DIR:DIR", or NULL). 0, or -errno with a *reason in words (static text).
int debug_file_open(const char *root, const char *path, const char *dirs, struct debug_file **out,
		    const char **reason);
void debug_file_close(struct debug_file *f);
const char *debug_file_path(const struct debug_file *f); // of the file that it was found in

// ---- types -------------------------------------------------------------------------------

typedef uint32_t debug_id; // an entry of one debug_file; 0: void

enum debug_kind {
	DEBUG_VOID,
	DEBUG_INT,
	DEBUG_BOOL,
	DEBUG_CHAR, // a one-byte integer that is a character
	DEBUG_FLOAT,
	DEBUG_POINTER,
	DEBUG_REFERENCE, // also &&
	DEBUG_ARRAY,
	DEBUG_STRUCT, // also a class
	DEBUG_UNION,
	DEBUG_ENUM,
	DEBUG_TYPEDEF,
	DEBUG_CONST,
	DEBUG_VOLATILE,
	DEBUG_RESTRICT,
	DEBUG_ATOMIC,
	DEBUG_FUNCTION, // what a function pointer points to
	DEBUG_OTHER,	// what no script can use: complex numbers, member pointers, ...
};

enum { DEBUG_DIMENSIONS_MAX = 8 };

struct debug_type {
	debug_id id;
	enum debug_kind kind;
	const char *name; // "" when it has none
	uint64_t size;	  // bytes; of an array: of all elements; 0: unknown
	bool is_signed;	  // INT, CHAR, ENUM
	bool is_declaration; // only declared here
	bool is_scoped;	     // ENUM: enum class
	bool by_reference;   // STRUCT of C++: passed and returned by its address
	debug_id target;     // POINTER, REFERENCE, ARRAY (element), TYPEDEF ... ENUM (its integer)
	unsigned dimensions; // ARRAY
	uint64_t lengths[DEBUG_DIMENSIONS_MAX]; // outermost first; 0: unknown or none
};

struct debug_member {
	const char *name; // "" for an anonymous struct or union
	debug_id type;
	uint64_t bit_offset;
	uint32_t bit_size; // 0: not a bitfield
	bool is_base;	   // C++: what a class derives from
};

bool debug_type_get(struct debug_file *f, debug_id id, struct debug_type *out);
// Typedefs and qualifiers off.
bool debug_type_strip(struct debug_file *f, debug_id id, struct debug_type *out);
// Each member in order, until `visit` returns false. False: the entry is broken.
bool debug_each_member(struct debug_file *f, debug_id id,
		       bool (*visit)(void *ctx, const struct debug_member *m), void *ctx);
bool debug_each_enumerator(struct debug_file *f, debug_id id,
			   bool (*visit)(void *ctx, const char *name, int64_t value), void *ctx);
// A definition by name ("foo", "ns::foo"): STRUCT, UNION, ENUM or TYPEDEF. 0: none.
debug_id debug_find_type(struct debug_file *f, enum debug_kind kind, const char *name);
// "struct foo*", "const char*": as bpftrace spells it.
void debug_type_name(struct debug_file *f, debug_id id, struct buf *out);

// ---- functions -----------------------------------------------------------------------------

struct debug_func {
	debug_id id;
	const char *name; // as in the source: "meth"
	debug_id result;  // 0: none
	bool is_variadic;
	bool is_clone; // of the compiler's making: parameters are where `reg` says, or gone
};

struct debug_param {
	const char *name; // "" when it has none
	debug_id type;
	int reg; // DWARF's number of the register that holds it at the entry; -1: not said
};

// The function that begins at a virtual address. `name` (its symbol, or NULL) decides between
// several that share one.
bool debug_func_at(struct debug_file *f, uint64_t address, const char *name,
		   struct debug_func *out);
bool debug_each_param(struct debug_file *f, const struct debug_func *func,
		      bool (*visit)(void *ctx, const struct debug_param *p), void *ctx);

// ---- lines -----------------------------------------------------------------------------------

// Where the code of a line begins: each address once, in order. file: "a.c", "src/a.c" or a
// whole path. column 0: any. If no code is at the line, *nearest becomes the next that has some
// (0: none), and the answer is false.
bool debug_each_line(struct debug_file *f, const char *file, unsigned line, unsigned column,
		     unsigned *nearest, bool (*visit)(void *ctx, uint64_t address), void *ctx);
