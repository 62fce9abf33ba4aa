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

NAME status and both streams
SHELL
	echo out
	echo err >&2
	exit 7
EXPECT
	out
EXPECT_ERR ^err$
STATUS 7

NAME files before and after
FILE given.txt
	some text
SHELL
	tr a-z A-Z <given.txt >made.txt
EXPECT_FILE made.txt
	SOME TEXT

NAME a program started before
BEFORE sleep 1000
SHELL
	kill -0 %PID% && echo "runs"
EXPECT
	runs

NAME processes left behind
SHELL
	sleep 1000 &
	setsid sleep 1000 &
	echo started
EXPECT
	started

NAME processes of the case before are gone
SHELL
	ps | grep -c "[s]leep 1000"
EXPECT
	0
STATUS 1

NAME the kernel module of later cases loads
SHELL
	for name in $(cat /modules/nf_conntrack.order); do
		insmod /modules/$name.ko || exit 1
	done
	lsmod | grep -o '^nf_conntrack\>'
EXPECT
	nf_conntrack
REQUIRES module:nf_conntrack
