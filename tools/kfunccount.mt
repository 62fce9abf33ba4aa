#!/usr/bin/env mtrace
// kfunccount: which functions of the kernel are called, how often, and by which programs most.
//
//     kfunccount.mt 'tcp_*'           kfunccount.mt 'vfs_*' --for 5
//
// One program, one link (kernel 5.18): 40,000 functions are no more than one.
kprobe:$1
{
	@calls[func] = count();
	@by[comm] = count();
}
