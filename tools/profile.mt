#!/usr/bin/env mtrace
// profile: what runs on the CPUs, by stack, sampled 99 times a second.
//
//     profile.mt [-p PID] [--for 10] [-- --user | --kernel]
//
// 99 and not 100, so as not to beat in time with timers of the system.
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

profile:hz:99 / pid /
{
	if (getopt("user", false, "user stacks only")) {
		@[comm, ustack(16)] = count();
	} else if (getopt("kernel", false, "kernel stacks only")) {
		@k[comm, kstack(16)] = count();
	} else {
		@both[comm, kstack(16), ustack(16)] = count();
	}
}

END
{
	if (getopt("user", false, "user stacks only")) {
		print(@, getopt("top", 10, "how many stacks"));
	} else if (getopt("kernel", false, "kernel stacks only")) {
		print(@k, getopt("top", 10, "how many stacks"));
	} else {
		print(@both, getopt("top", 10, "how many stacks"));
	}
}
