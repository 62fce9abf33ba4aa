# USDT: argument specifications, sites, semaphores, files.

NAME usdt arguments of every size and sign
TAGS oracle
PROG
	usdt:./progs/usdt:app:narrow { print((arg0, arg1, arg2, arg3)); printf("%d %d %d %d\n", arg0, arg1, arg2, arg3) }
	usdt:./progs/usdt:app:wide { print((arg0, arg1, arg2, arg3)); printf("%d %u %d %lu\n", arg0, arg1, arg2, arg3) }
	usdt:./progs/usdt:app:consts { print((arg0, arg1, arg2, arg3, arg4)) }
RUN -c ./progs/usdt
EXPECT
	(-1, 255, -2, 65535)
	-1 255 -2 65535
	(-3, 4000000000, -5, -1)
	-3 4000000000 -5 18446744073709551615
	(-5, 7, -1, 200, 0)
	
	

NAME usdt arguments in memory
TAGS oracle
PROG
	usdt:./progs/usdt:app:memory { printf("%d %d %d %s\n", arg0, arg1, arg2, str(arg3)) }
RUN -c ./progs/usdt
EXPECT
	10 -20 2 hello
	
	

NAME usdt operands that only mtrace reads: sums, scaled indexes, symbols, high bytes
REQUIRES cmd:x86_64
FEATURES rungs
PROG
	usdt:./progs/usdt:app:indexed { print((arg0, arg1, arg2, arg3)) }
	usdt:./progs/usdt:app:symbol { print((arg0, *(int32 *)arg1, arg2)) }
	usdt:./progs/usdt:app:high { printf("%x %x\n", arg0, arg1) }
RUN -c ./progs/usdt
EXPECT
	(30, -20, 30, 30)
	(-777, -777, -777)
	5a 0
	
	

NAME usdt symbols of a program that is not relocated
REQUIRES cmd:x86_64
PROG
	usdt:./progs/usdt-nopie:symbol { print((arg0, *(int32 *)arg1, arg2)) }
RUN -c ./progs/usdt-nopie
EXPECT
	(-777, -777, -777)
	
	

NAME usdt sites of one probe with different specifications
TAGS oracle
PROG
	usdt:./progs/usdt:*:several { printf("%s %d %d\n", probe, arg0, arg1); @[probe] = count() }
RUN -c "./progs/usdt 2"
EXPECT
	usdt:./progs/usdt:app:several 100 0
	usdt:./progs/usdt:app:several 42 0
	usdt:./progs/usdt:app:several 101 1
	usdt:./progs/usdt:other:several 100 0
	usdt:./progs/usdt:app:several 200 0
	usdt:./progs/usdt:app:several 42 0
	usdt:./progs/usdt:app:several 201 1
	usdt:./progs/usdt:other:several 200 0
	
	
	@[usdt:./progs/usdt:other:several]: 2
	@[usdt:./progs/usdt:app:several]: 6

NAME usdt sites and specifications on each rung
FEATURES rungs
PROG
	usdt:./progs/usdt:several,usdt:./progs/usdt:app:wide { printf("%s %s %d %d\n", probe, func, arg0, arg1); @[probe, probetype] = count() }
RUN -c ./progs/usdt
EXPECT
	usdt:./progs/usdt:app:wide wide -3 -294967296
	usdt:./progs/usdt:app:several several 100 0
	usdt:./progs/usdt:app:several several 42 0
	usdt:./progs/usdt:app:several several 101 1
	usdt:./progs/usdt:other:several several 100 0
	
	
	@[usdt:./progs/usdt:app:wide, usdt]: 1
	@[usdt:./progs/usdt:other:several, usdt]: 1
	@[usdt:./progs/usdt:app:several, usdt]: 3

NAME usdt globs in every part, one link per file
PROG
	usdt:./progs/usdt*:app:*r*,usdt:./progs/usdt:oth*:* { @ = count() }
RUN --explain -v
EXPECT_RE (?m)^  mechanism: uprobe_multi$
EXPECT_RE 1 program, 2 links
EXPECT_RE usdt:\./progs/usdt-nopie:app:guarded at 0x
EXPECT_RE usdt:\./progs/usdt:app:guarded at 0x
REQUIRES kernel-uprobe-multi

NAME a negated glob takes usdt probes away
PROG
	usdt:./progs/usdt:app:*,!usdt:./progs/usdt:app:*r* { @[probe] = count() }
RUN -c ./progs/usdt
EXPECT_RE app:wide\]: 1
EXPECT_NOT (narrow|several|guarded)

NAME usdt arguments inside a loop and a predicate
PROG
	usdt:./progs/usdt:several /arg0 > 41 && arg0 < 101/ { for $i : 0..3 { @s = sum(arg0 + $i) } }
RUN -c ./progs/usdt
EXPECT
	
	
	@s: 735

NAME a guarded usdt site runs while it is traced
TAGS oracle
PROG
	usdt:./progs/usdt:guarded { printf("%d\n", arg0) }
RUN -c "./progs/usdt 3"
EXPECT
	1
	2
	3
	
	

NAME the usdt semaphore is counted up and down
FEATURES rungs
PROG
	usdt:./progs/usdt:app:guarded { @ = count() }
	interval:ms:300 { exit() }
BEFORE ./progs/usdt semaphore
EXPECT_ERR ^Attached 2 probes$

NAME the usdt semaphore is up until the last of two tracers is gone
SHELL
	./progs/usdt semaphore > out & watcher=$!
	mkfifo ready
	$MTRACE -q -e 'usdt:./progs/usdt:app:guarded { }' >/dev/null & first=$!
	until grep -q 'semaphore 1' out; do sleep 0.05; done
	$MTRACE -q --ready-fd 9 -e 'usdt:./progs/usdt:app:guarded { }' 9>ready >/dev/null & second=$!
	read -r line <ready
	kill -INT $first; wait $first
	kill -INT $second; wait $watcher
	cat out
EXPECT_RE ^semaphore 1\n(semaphore 2\n(semaphore 1\n)?)?semaphore 0\n$

NAME usdt in processes that fork
PROG
	usdt:./progs/usdt:app:several /arg0 == 42/ { @[comm, pid == tid] = count() }
RUN
THEN ./progs/usdt 2 fork; kill -INT $MTRACE_PID
EXPECT
	
	
	@[usdt, true]: 2

NAME usdt in a library that is opened after attaching
FEATURES rungs
PROG
	usdt:./progs/libusdt_lib.so:lib:called { printf("%s %d\n", func, arg0) }
RUN
THEN touch go; ./progs/usdt_host ./progs/libusdt_lib.so; kill -INT $MTRACE_PID
EXPECT
	lib_call 11
	lib_call 22
	lib_call 33
	
	

NAME usdt of a process: the file may be left out
SHELL
	./progs/usdt_host ./progs/libusdt_lib.so & pid=$!
	until grep -q libc /proc/$pid/maps; do :; done
	$MTRACE -l 'usdt:*' -p $pid | sort -u > before # the library is not open yet
	grep -c usdt_lib before
	mkfifo ready
	$MTRACE -q -p $pid -e 'usdt:./progs/libusdt_lib.so:called { printf("%d\n", arg0) }' --ready-fd 9 9>ready &
	read -r line <ready
	touch go; ./progs/usdt_host ./progs/libusdt_lib.so # not the process
	wait
EXPECT_RE ^0\n11\n22\n33\n

NAME usdt in a program that another one becomes
PROG
	usdt:./progs/usdt:app:several /arg0 == 42/ { @[comm] = count() }
RUN -c "sh -c 'exec ./progs/usdt 2'"
EXPECT
	
	
	@[usdt]: 2

NAME usdt of a process that has another root
TAGS novm
SHELL
	mkdir -p there/app && cp ./progs/usdt there/app/traced
	for lib in $(ldd ./progs/usdt | grep -o '/[^ ]*'); do
		mkdir -p there/$(dirname $lib) && cp $lib there/$lib
	done
	chroot there /app/traced 1000000000 > out & pid=$!
	until grep -qx traced /proc/$pid/comm; do :; done
	$MTRACE -l 'usdt:/app/traced:app:guarded' -p $pid
	$MTRACE -q -p $pid -e 'usdt:/app/traced:app:guarded { print("fires"); exit() }' | grep . | sort -u
	kill $pid
EXPECT
	usdt:/app/traced:app:guarded
	fires

NAME usdt of the mapped files of a process
SHELL
	./progs/usdt semaphore > out & pid=$!
	until grep -q progs/usdt /proc/$pid/maps; do :; done
	$MTRACE -l 'usdt:gua*' -p $pid | sed "s|$PWD|.|"
	$MTRACE -p $pid -q -e 'usdt:guarded { }' & tracer=$!
	until grep -q 'semaphore 1' out; do sleep 0.05; done
	kill -INT $tracer
	wait $pid && echo seen
EXPECT_RE ^usdt:.*/progs/usdt:app:guarded\n
EXPECT_RE ^seen$

NAME usdt probes listed
SHELL
	$MTRACE -l 'usdt:./progs/usdt:*:*' | grep -v 'high\|indexed\|symbol\|quick'
	$MTRACE -l 'U:./progs/usdt:other:*'
	$MTRACE -l 'usdt:./progs/usdt:sev*'
	$MTRACE -l -e 'usdt:./progs/usdt:sev* { }'
EXPECT
	usdt:./progs/usdt:app:consts
	usdt:./progs/usdt:app:guarded
	usdt:./progs/usdt:app:memory
	usdt:./progs/usdt:app:narrow
	usdt:./progs/usdt:app:several
	usdt:./progs/usdt:app:wide
	usdt:./progs/usdt:other:several
	usdt:./progs/usdt:other:several
	usdt:./progs/usdt:app:several
	usdt:./progs/usdt:other:several
	usdt:./progs/usdt:app:several
	usdt:./progs/usdt:other:several

NAME usdt probes listed with their arguments
SHELL
	$MTRACE -lv 'usdt:./progs/usdt:narrow'
EXPECT
	usdt:./progs/usdt:app:narrow
	    int8 arg0
	    uint8 arg1
	    int16 arg2
	    uint16 arg3

NAME fast usdt sites are counted, and only a 10-byte nop is one
PROG
	usdt:./progs/usdt:quick:* { }
RUN --explain
REQUIRES cmd:x86_64
EXPECT_RE fast sites: (1 of 3$|0 of 3 \(1 with a 10-byte nop: this kernel does not optimise it\))

NAME no fast usdt sites where they are turned off
PROG
	usdt:./progs/usdt:quick:* { print(arg0) }
RUN --no-feature uprobe_nop10 -c ./progs/usdt
EXPECT_SORTED
	
	
	1
	1
	1

NAME fast and slow usdt sites see the same, often
REQUIRES cmd:x86_64
PROG
	usdt:./progs/usdt:quick:* { @[probe] = count(); @s[probe] = sum(arg0); }
	usdt:./progs/usdt:guarded { @g = count(); }
RUN -c "./progs/usdt 100"
EXPECT_SORTED
	
	
	@[usdt:./progs/usdt:quick:nop10]: 100
	@[usdt:./progs/usdt:quick:nop5]: 100
	@[usdt:./progs/usdt:quick:nop]: 100
	@g: 100
	@s[usdt:./progs/usdt:quick:nop10]: 5050
	@s[usdt:./progs/usdt:quick:nop5]: 5050
	@s[usdt:./progs/usdt:quick:nop]: 5050

NAME 50000 usdt sites in one link
REQUIRES kernel-uprobe-multi
SHELL
	$MTRACE -q -e 'usdt:./progs/usdt_many:many:* { @n = count(); @a = sum(arg0); @b = sum(arg1); @max = max(arg1) }' -c ./progs/usdt_many
	$MTRACE --explain -e 'usdt:./progs/usdt_many:many:* { }' | grep -o '1 program, 1 link, 2 fds, 50000 targets'
EXPECT
	
	
	@a: 150000
	@b: 1249975000
	@max: 49999
	@n: 50000
	1 program, 1 link, 2 fds, 50000 targets
TIMEOUT 60

NAME 50000 sites of which each is another probe
SHELL
	$MTRACE -q -e 'usdt:./progs/usdt_many:* /arg1 == 31415/ { @[probe, arg1] = count() }' -c ./progs/usdt_many
REQUIRES kernel-uprobe-multi
EXPECT
	
	
	@[usdt:./progs/usdt_many:many:p31415, 31415]: 1
TIMEOUT 60

# ---- refusals

NAME no such usdt probe
PROG
	usdt:./progs/usdt:app:sevral { }
EXPECT_ERR No matches for usdt \./progs/usdt:sevral\.
EXPECT_ERR did you mean 'several'\?
STATUS 2

NAME no such file for usdt
PROG
	usdt:./progs/no_such:app:x { }
EXPECT_ERR usdt target file '\./progs/no_such' does not exist or is not executable
STATUS 2

NAME usdt without a file
PROG
	usdt:several { }
EXPECT_ERR usdt probe type requires 2 or 3 arguments, found 1
STATUS 1

NAME usdt probes of a program without any
PROG
	usdt:./progs/calls:x { }
EXPECT_ERR Probe has no valid attach points
STATUS 2

NAME an argument that no probe can read
PROG
	usdt:./progs/usdt:app:high { print(arg2) }
REQUIRES cmd:x86_64
EXPECT_ERR arg2 of usdt:\./progs/usdt:app:high cannot be read: it is in a floating-point register
STATUS 1

NAME retval and args are not for usdt
PROG
	usdt:./progs/usdt:app:wide { print(retval) }
EXPECT_ERR The retval builtin can only be used with
STATUS 1

NAME corrupt usdt notes
TAGS novm
SHELL
	cp ./progs/usdt bad
	at=$(grep -obUa stapsdt ./progs/usdt | head -1 | cut -d: -f1)
	printf '\377\377\377\177' | dd of=bad bs=1 seek=$((at - 8)) conv=notrunc 2>/dev/null
	$MTRACE -e 'usdt:./bad:app:wide { }'
	echo $?
EXPECT_RE ^2$
EXPECT_ERR cannot read .*bad: a note in \.note\.stapsdt is cut short

NAME a usdt site whose semaphore is outside the file
TAGS novm
SHELL
	cp ./progs/usdt bad
	at=$(grep -obUa 'guarded' bad | head -1 | cut -d: -f1) # "app\0guarded" follows the three addresses
	printf '\377\377\377\377\377\377\377\177' | dd of=bad bs=1 seek=$((at - 12)) conv=notrunc 2>/dev/null
	$MTRACE -e 'usdt:./bad:app:guarded { }'
	echo $?
EXPECT_RE ^2$
EXPECT_ERR its semaphore is outside the file's writable data

NAME a usdt note that points into an instruction
TAGS novm
SHELL
	cp ./progs/usdt bad
	at=$(grep -obUa 'guarded' bad | head -1 | cut -d: -f1)
	addr=$(od -An -tu8 -j $((at - 28)) -N 8 bad)
	printf "\\$(printf %o $((addr % 256 + 2)))" | dd of=bad bs=1 seek=$((at - 28)) conv=notrunc 2>/dev/null
	$MTRACE -e 'usdt:./bad:app:guarded { }'
	echo $?
EXPECT_RE ^2$
EXPECT_ERR there is no nop where the note says
