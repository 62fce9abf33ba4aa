# The harness and the guest themselves: what the other cases stand on.

NAME mounts
SHELL
	for dir in /proc /sys /sys/kernel/debug /sys/kernel/tracing /sys/fs/bpf /sys/fs/cgroup; do
		grep -q " $dir " /proc/mounts || echo "not mounted: $dir"
	done
	test -r /sys/kernel/btf/vmlinux && echo btf
	read -r _ </sys/kernel/tracing/available_filter_functions && echo functions
EXPECT
	btf
	functions

NAME status
SHELL
	echo out
	echo err >&2
	exit 7
EXPECT out
EXPECT_ERR err
STATUS 7

NAME patterns
SHELL
	seq 1 20
	echo last
EXPECT
	1
	/[0-9]/
	...
	20
	last

NAME left-behind
SHELL
	sleep 1000 &
	setsid sleep 1000 &
	echo started
EXPECT started

# The processes of the case before are gone.
NAME clean
SHELL
	ps | grep -c "[s]leep 1000"
EXPECT 0
STATUS 1

NAME nf-conntrack
SHELL
	for name in $(cat /modules/nf_conntrack.order); do
		insmod /modules/$name.ko || exit 1
	done
	lsmod | grep -o '^nf_conntrack\>'
EXPECT nf_conntrack
REQUIRES module:nf_conntrack
