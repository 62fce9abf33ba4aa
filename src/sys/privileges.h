// privileges: what the process keeps when everything is attached.
#pragma once

// Give up every capability but those that printing and detaching need: reading other
// processes' mappings and files, kernel symbols, signalling the child, and BPF on maps whose
// descriptors are held already. Nothing to do (0) without capabilities. 0 or -errno.
int privileges_drop(void);
