# The scripts of tools/ that trace functions of the kernel; the others are in native/tools.t.

NAME tools: kfunccount
REQUIRES kernel>=6.12
RUN progs/tools/kfunccount.mt 'vfs_*' -c "./progs/chores file sync"
EXPECT_RE ^@by\[chores\]: \d+$
EXPECT_RE ^@calls\[vfs_open\]: \d+$

NAME tools: vfslat
RUN progs/tools/vfslat.mt -c "./progs/chores file sync" -- --ms=0
EXPECT_RE ^@us\[vfs_(open|write|read)\]:\n
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +chores +vfs_write +\d+\.\d{3} ms$
EXPECT_RE ^@slow\[vfs_write, chore\.sync\]: 1$

NAME tools: oomkills
# A cgroup of 16 MB; the shell in it doubles a string until it is killed.
SHELL
	mkdir -p /sys/fs/cgroup/small
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo 16M >/sys/fs/cgroup/small/memory.max
	echo 0 >/sys/fs/cgroup/small/memory.swap.max 2>/dev/null
	$MTRACE -q progs/tools/oomkills.mt -c 'sh -c "echo $$ >/sys/fs/cgroup/small/cgroup.procs; x=0123456789; while :; do x=$x$x; done"' >out
	sed 's/  */ /g' out
	dmesg -c | grep -c 'invoked oom-killer' # the kernel's own report is no complaint
EXPECT_RE ^\d\d:\d\d:\d\d sh \d+ sh \d+ 4096 \S*/small$
EXPECT_RE ^@us:\n
TIMEOUT 60
