# Runs that the kernel leaves out: what a session's return half then sees, and what is counted.

NAME misses: the return half of a missed entry does not run on another call's cookie
TAGS preempt
FEATURES -; fsession; fsession,fprobe_fgraph
PROG
	session:hrtimer_nanosleep,session:vfs_fallocate,session:vfs_truncate /pid == cpid/ {
		entry { $id = tid; @entries++; }
		return { @[$id == tid] = count(); @returns++; }
	}
	END { printf("returns %s\n", @returns > @entries ? "false" : "true"); }
RUN -v -c "./progs/preempt 6 6"
EXPECT_NOT false
EXPECT_RE @\[true\]
EXPECT_RE returns true
TIMEOUT 40
