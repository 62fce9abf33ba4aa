#!/usr/bin/env mtrace
// faults: page faults of programs, by the code that touched the page.
//
//     faults.mt [-p PID] [--for 10]
//
// One in 100 is looked at. Where memory grows is where it is touched for the first time, not where
// malloc was called.
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

software:page-faults:100
{
	@[comm, ustack(8)] = count();
}

END
{
	print(@, getopt("top", 10, "how many stacks"));
}
