#!/usr/bin/env mtrace
// oomkills: processes that the kernel kills for want of memory.
//
//     oomkills.mt
//
// Who asked for memory, who was killed for it, how much it had, and in which cgroup.
BEGIN
{
	printf("%-8s %-15s %-7s  %-15s %-7s %10s %s\n", "TIME", "ASKED", "PID", "KILLED", "PID",
	       "PAGES", "CGROUP");
}

session:vmlinux:oom_kill_process
{
	entry {
		$oc = args.oc;
		$victim = $oc.chosen;
		printf("%-8s %-15s %-7d  %-15s %-7d %10d %s\n", strftime("%H:%M:%S", nsecs), comm, pid,
		       $victim.comm, $victim.pid, $oc.totalpages, cgroup_path(cgroup));
	}
	return { @us = hist(elapsed / 1000); }
}
