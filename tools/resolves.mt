#!/usr/bin/env mtrace
// resolves: host names that programs look up through the C library, and how long it takes.
//
//     resolves.mt libc [-p PID]
//
// The name is read at the entry and carried to the return. A result other than 0 is getaddrinfo's
// error (-2: the name is not known).
BEGIN
{
	printf("%-8s %-7s %-15s %10s %6s %s\n", "TIME", "PID", "COMM", "ms", "RESULT", "NAME");
}

session:$1:getaddrinfo
{
	entry  { $name = arg0; }
	return {
		printf("%-8s %-7d %-15s %6d.%03d %6d %s\n", strftime("%H:%M:%S", nsecs), pid, comm,
		       elapsed / 1000000, (elapsed / 1000) % 1000, (int32)retval, str($name));
	}
}
