// privileges: what the process keeps when everything is attached.
#pragma once

#include <stdbool.h>

// Give up every capability but those that printing and detaching need: reading other
// processes' mappings and files, kernel symbols, signalling the child, and BPF on maps whose
// descriptors are held already; with keep_perfmon also CAP_PERFMON, for CPUs that come, and where
// kernel.perf_event_paranoid is above 2 CAP_SYS_ADMIN: not effective until privileges_raise(). Nothing
// to do (0) without capabilities. 0 or -errno.
int privileges_drop(bool keep_perfmon);
// Around what needs it. True: it was raised, and privileges_lower() has something to do.
bool privileges_raise(void);
void privileges_lower(bool raised);
