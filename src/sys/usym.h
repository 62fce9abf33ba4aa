// usym: names for addresses in user-space processes, looked up when they are printed. Reads
// /proc/PID/maps and the symbol tables of the mapped files and of the [vdso], each once and only
// when needed, and the names that a JIT compiler writes for perf. Of a process that has exited by
// then, only what usyms_remember() or usyms_watch() has seen is known.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct usyms;

struct usym {
	const char *name; // function; valid until usyms_free
	uint64_t offset;  // of the address in it
	const char *file; // path as the process sees it
};

// root: "/" normally. debug_dirs: more places of separate debug files ("DIR:DIR"; borrowed), or
// NULL.
struct usyms *usyms_new(const char *root, const char *debug_dirs);
void usyms_free(struct usyms *s); // NULL is fine
// False when the process is gone, the address is in no file, or the file has no symbol there.
bool usyms_lookup(struct usyms *s, uint32_t pid, uint64_t address, struct usym *out);
// The build id of the file that is mapped at the address, in hexadecimal, and the address's place
// in that file; NULL when there is none.
const char *usyms_build_id(struct usyms *s, uint32_t pid, uint64_t address, uint64_t *offset);
// Of all processes, or if that is not permitted of this one (which has one thread so far; 0: none)
// and of those that it forks, mappings are known from now on, also when they end before anybody
// looks. Once; failing is no error.
void usyms_watch(struct usyms *s, uint32_t pid);
int usyms_watch_fd(
    const struct usyms *s); // readable: call usyms_watched(), or some get lost; -1: none
void usyms_watched(struct usyms *s);
// Read the process's mappings now, while it is there; cheap when that was done before.
void usyms_remember(struct usyms *s, uint32_t pid);
