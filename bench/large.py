#!/usr/bin/env python3
"""A script of about 400 lines, as large as scripts get: for the budget of the compiler.

    bench/large.py [LINES] > large.mt      400 lines when not given
    mtrace -d timing large.mt

It has what real ones have: latencies by key and as histograms, strings, stacks, tuples, ranges,
branches, macros and formatted output, on tracepoints, timers and software events, so that it
loads on any kernel. The blocks repeat, under other names.
"""

import sys

HEAD = """#!/usr/bin/env mtrace
// Made by bench/large.py.
config = { max_map_keys = 1024; max_strlen = 64 }

macro slower(ns, limit) { ns / 1000 > limit }

begin {
	printf("%-10s %-7s %-16s %s\\n", "TIME(ms)", "PID", "COMM", "WHAT");
	@start = nsecs;
}
"""

BLOCKS = ["""
// System calls NAME: how long, and for whom.
tracepoint:raw_syscalls:sys_enter /pid != IDX + 1/ {
	@begin_NAME[tid] = nsecs;
	@arg_NAME[tid] = args.args[IDX % 6];
}

tracepoint:raw_syscalls:sys_exit /@begin_NAME[tid]/ {
	$took = nsecs - @begin_NAME[tid];
	@us_NAME[comm, args.id] = hist($took / 1000);
	@calls_NAME[comm] = count();
	if (args.ret < 0) {
		@errors_NAME[comm, -args.ret] = count();
	} else if (slower($took, 100000)) {
		printf("%-10d %-7d %-16s %s took %d us of %x\\n", (nsecs - @start) / 1000000, pid, comm,
			"NAME", $took / 1000, @arg_NAME[tid]);
	}
	delete(@begin_NAME, tid);
	delete(@arg_NAME, tid);
}
""", """
// The run queue, NAME.
tracepoint:sched:sched_wakeup {
	@woken_NAME[args.pid] = nsecs;
	@prio_NAME = lhist(args.prio, 0, 140, 10);
}

tracepoint:sched:sched_switch {
	$prev = (args.prev_pid, args.prev_state);
	@last_NAME[cpu] = $prev;
	if (@woken_NAME[args.next_pid]) {
		$wait = (nsecs - @woken_NAME[args.next_pid]) / 1000;
		@wait_NAME[args.next_comm] = stats($wait);
		@worst_NAME[str(args.next_comm)] = max($wait);
		delete(@woken_NAME, args.next_pid);
	}
	@by_NAME[kstack(3), comm] = count();
}
""", """
// New programs, NAME.
tracepoint:sched:sched_process_exec {
	$name = str(args.filename);
	if (strncmp($name, "/usr/", 5) == 0 && !has_key(@seen_NAME, $name)) {
		@seen_NAME[$name] = nsecs;
		printf("%s: %s by %d (%s)\\n", "NAME", $name, args.pid, comm);
	}
	@execs_NAME[uid] = count();
}

interval:s:IDX1 {
	$sum = 0;
	for $i : 0..8 {
		if ($i % 2 == 0) { $sum += $i * IDX1; } else { $sum -= $i; }
	}
	@sum_NAME = $sum;
	for ($kv : @execs_NAME) {
		printf("uid %d: %d\\n", $kv.0, (int64)$kv.1);
	}
	print(@calls_NAME, 5);
	clear(@execs_NAME);
}
""", """
// Page faults, NAME.
software:page-faults:1 /comm != "mtrace"/ {
	@faults_NAME[comm, pid] = count();
	@total_NAME = sum(1);
	$where = usym(reg("ip"));
	@at_NAME[$where] = count();
	if (@limit_NAME > 0 && (int64)@total_NAME > @limit_NAME) {
		@limit_NAME = @limit_NAME * 2;
		printf("%s: %d faults, %s\\n", strftime("%H:%M:%S", nsecs), (int64)@total_NAME, comm);
	}
}
"""]

TAIL = """
end {
	printf("%d ms\\n", (nsecs - @start) / 1000000);
}
"""

NAMES = ["reads", "writes", "opens", "waits", "locks", "polls", "sends", "maps"]


def script(lines):
    text, i = HEAD, 0
    limits = ""
    while text.count("\n") + TAIL.count("\n") < lines:
        name = NAMES[i // len(BLOCKS) % len(NAMES)] + str(i // len(BLOCKS) // len(NAMES) or "")
        block = BLOCKS[i % len(BLOCKS)].replace("NAME", name)
        text += block.replace("IDX1", str(i % 9 + 1)).replace("IDX", str(i % 9))
        if i % len(BLOCKS) == 3:
            limits += f"\t@limit_{name} = 1000;\n"
        i += 1
    return text.replace("\t@start = nsecs;\n", "\t@start = nsecs;\n" + limits) + TAIL


def main():
    sys.stdout.write(script(int(sys.argv[1]) if len(sys.argv) > 1 else 400))


if __name__ == "__main__":
    main()
