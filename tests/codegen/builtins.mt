BEGIN {
	printf("%d %d %d %d %s %d %d %d %d %d %d\n", pid, tid, uid, gid, comm, nsecs, elapsed, cpu, ncpus, rand, jiffies);
	printf("%d %d %d %d\n", nsecs(monotonic), nsecs(boot), nsecs(tai), nsecs(sw_tai));
	printf("%s %s %d\n", probe, username, numaid);
	printf("%s %s %s %s\n", strerror(2), signal_name(9), syscall_name(1), strftime("%H:%M", nsecs));
	printf("%x %x\n", bswap((uint32)1), bswap((uint16)1));
	printf("%d %d\n", pid(init), tid(curr_ns));
	time("%H"); system("true"); cat("/etc/hostname"); errorf("e %d", 1); warnf("w");
	@u[uid, comm] = count();
}
