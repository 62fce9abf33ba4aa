#!/usr/bin/env mtrace
// lockwait: contended locks of the kernel: how long threads waited, by lock and by caller.
//
//     lockwait.mt [--for 10]           (kernel 5.19)
//
// The contention tracepoints cost nothing while a lock is free.
//
// lockwait.mt --for 1 prints, in part:
//
//     by lock (those with a name are the kernel's own):
//     @lock[0xffff8881059f2f28]: { .count = 1, .average = 3675, .total = 3675 }
//
//     microseconds in all, by stack:
//     @where[
//             rwsem_down_write_slowpath+1495
//             down_write+102
//             __mmap_region+2078
//             do_mmap+1172
//             vm_mmap_pgoff+301
//             ksys_mmap_pgoff+344
//             do_syscall_64+113
//             entry_SYSCALL_64_after_hwframe+118
//     ]: 3675
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

tracepoint:lock:contention_begin
{
	@start[tid, (uint64)args.lock_addr] = (int64)nsecs;
}

tracepoint:lock:contention_end / @start[tid, (uint64)args.lock_addr] /
{
	$us = (uint64)((int64)nsecs - @start[tid, (uint64)args.lock_addr]) / 1000;
	_ = delete(@start, (tid, (uint64)args.lock_addr));
	@us = hist($us);
	@lock[ksym(args.lock_addr)] = stats($us);
	@where[kstack(8)] = sum($us);
}

END
{
	printf("\nmicroseconds a wait:\n");
	print(@us);
	printf("\nby lock (those with a name are the kernel's own):\n");
	print(@lock, getopt("top", 10, "how many"));
	printf("\nmicroseconds in all, by stack:\n");
	print(@where, getopt("top", 10, "how many"));
}
