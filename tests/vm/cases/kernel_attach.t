# Kernel functions: every mechanism attaches, fires and detaches, on every kernel.

NAME kernel: kprobe on one function
PROG
	kprobe:vfs_read /pid == cpid/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=1 count=5 status=none"
EXPECT_RE @\[vfs_read\]: [5-9]|1[0-9]

NAME kernel: kretprobe
PROG
	kretprobe:vfs_read /pid == cpid && retval == 7/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_read]: 5

NAME kernel: session over a glob
PROG
	session:vfs_* /pid == cpid/ { return { @[func] = count(); @t[func] = hist(elapsed); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=1 count=5 status=none"
EXPECT_RE @\[vfs_write\]: 5
EXPECT_RE @t\[vfs_write\]:

NAME kernel: fentry on one function
PROG
	fentry:vfs_read /pid == cpid/ { @[probe] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=1 count=5 status=none"
EXPECT_RE @\[fentry:vmlinux:vfs_read\]: ([5-9]|1[0-9])

NAME kernel: kfunc over a glob
PROG
	kfunc:vfs_* /pid == cpid/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=1 count=5 status=none"
EXPECT_RE @\[vfs_write\]: 5
TIMEOUT 60
