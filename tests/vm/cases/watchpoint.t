# Debug registers, which the development machine does not have.

NAME watchpoint: a variable of a program
SHELL
	# the kernel writes there, too, when it loads the program
	$MTRACE -e "watchpoint:$(./progs/watch):8:w /usermode/ { @[comm, probetype] = count() }" -c './progs/watch 5'
EXPECT
	
	
	@[watch, watchpoint]: 5

NAME watchpoint: reads too, and only of that process
SHELL
	./progs/watch 100 & other=$!
	$MTRACE -e "watchpoint:$(./progs/watch):8:rw { @[pid == cpid] = count() }" -c './progs/watch 3' > out
	kill $other; grep -c false out; grep -c true out
EXPECT
	0
	1

NAME watchpoint: a variable of the kernel
SHELL
	a=$(awk '$3 == "jiffies_64" { print $1; exit }' /proc/kallsyms)
	$MTRACE -e "watchpoint:0x$a:8:w { printf(\"%s %d\\n\", probetype, jiffies > 0); exit() }"
EXPECT
	watchpoint 1
	
	

NAME watchpoint: a function of a program is run
SHELL
	$MTRACE -e "watchpoint:$(./progs/watch 0):8:x { @[comm] = count() }" -c './progs/watch 5'
EXPECT
	
	
	@[watch]: 5

NAME watchpoint: a function of the kernel is run
SHELL
	a=0x$(awk '$3 == "version_proc_show" { print $1; exit }' /proc/kallsyms)
	$MTRACE -e "watchpoint:$a:8:x { @[comm, ksym(reg(\"ip\"))] = count() }" -c 'cat /proc/version' | grep -v ^Linux
EXPECT
	
	
	@[cat, version_proc_show]: 1
