#!/usr/bin/env mtrace
// functrace: calls of functions as a tree in time: entry, return, result and duration.
//
//     functrace.mt PROGRAM GLOB [-p PID]
//
// Nested calls of one thread are indented. The depth is the thread's own: it is raised at the entry
// and lowered at the return of the same session, so that it stays right whatever is matched.
//
// functrace.mt ./bash 'execute_*' -c './bash work.sh' prints, in part:
//
//     8087      6 > execute_command_internal(0x5582219293c0, 0x0, 0xffffffff)
//     8087      6 < execute_command_internal = 0x3  [15885 us]
//     8087      5 < execute_command_internal = 0x3  [129769 us]
//     8087      4 < execute_command = 0x3  [129813 us]
config = { print_maps_on_exit = 0 }

session:$1:$2
{
	entry {
		$depth = @depth[tid];
		@depth[tid]++;
		printf("%-7d %3d > %s(0x%lx, 0x%lx, 0x%lx)\n", tid, $depth, func, arg0, arg1, arg2);
	}
	return {
		@depth[tid] = $depth;
		printf("%-7d %3d < %s = 0x%lx  [%d us]\n", tid, $depth, func, retval, elapsed / 1000);
	}
}
