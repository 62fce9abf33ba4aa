# -l and -lv of kernel functions.

NAME klist: kprobe
RUN -l 'kprobe:vfs_rea*'
EXPECT_RE (?m)^kprobe:vfs_read$
EXPECT_RE (?m)^kprobe:vfs_readlink$
EXPECT_NOT vfs_write

NAME klist: fentry with prototypes
RUN -lv 'kfunc:vfs_read'
EXPECT
	fentry:vmlinux:vfs_read
	    struct file * file
	    char * buf
	    size_t count
	    loff_t * pos

NAME klist: fexit with the return value
RUN -lv 'fexit:vmlinux:vfs_read'
EXPECT_RE ^fexit:vmlinux:vfs_read\n    struct file \* file\n
EXPECT_RE     ssize_t retval\n

NAME klist: session
RUN -l 'session:vfs_writ*'
EXPECT_RE (?m)^session:vfs_write$

NAME klist: what can be listed can be attached
# Before, kprobe_multi also takes functions that a trampoline cannot.
REQUIRES kernel>=7.2
SHELL
	$MTRACE -l 'kfunc:vfs_*' | sed 's/^fentry:vmlinux://' >names
	n=$(wc -l <names)
	test $n -gt 50 && echo many
	$MTRACE --explain -e 'kfunc:vfs_* { @ = count(); }' | grep -q " $n targets" && echo "as many"
EXPECT
	many
	as many

NAME klist: all functions
SHELL
	$MTRACE -l 'kprobe:*' >all
	test $(wc -l <all) -gt 30000 && echo all
	s=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	$MTRACE -l 'kprobe:vfs_read'
	e=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	echo "listed in $((e - s)) cs" >&2
EXPECT
	all
	kprobe:vfs_read
TIMEOUT 60
