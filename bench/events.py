#!/usr/bin/env python3
"""What one event costs, and how many get lost at full speed.

    bench/events.py LOOP NAME=TRACER...

LOOP makes a system call that the kernel refuses at once (tests/native/progs/refused.c), which the
tracers trace, in turn, with each script. Where a program lies in memory moves its time by up to 20
percent, so that every tracer is started STARTS times, in turn, and the median counts. Printed, per
tracer: ns that a call costs more than untraced (best of 3 runs), and how much of that is more than
an empty block costs; ns of the BPF program by the kernel's own statistics (a run of its own: they
cost something themselves), again less the empty block's; for printf, the share of events lost.
"""

import glob
import re
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import time

CALLS = 200000
STARTS = 5
RUNS = 3
PROBE = "tracepoint:syscalls:sys_enter_umount"
EMPTY = " "
SCRIPTS = [
    "@ = count()",
    "@[comm] = count()",
    "@ = hist(args.flags)",
    'printf("%d %d\\n", pid, tid)',
    'printf("%s %s\\n", comm, str(args.name))',
    "@[kstack] = count()",
    "@[ustack] = count()",
]
STATS = "/proc/sys/kernel/bpf_stats_enabled"


def loop(program, calls=CALLS):
    return float(subprocess.check_output(["chrt", "-f", "10", program, str(calls)]))


def program_stats(pid):
    """(ns, runs) of the tracer's BPF programs so far."""
    ns = runs = 0
    for path in glob.glob(f"/proc/{pid}/fdinfo/*"):
        try:
            with open(path) as f:
                text = f.read()
        except OSError:
            continue
        found = re.search(r"run_time_ns:\t(\d+)\nrun_cnt:\t(\d+)", text)
        if found:
            ns += int(found[1])
            runs += int(found[2])
    return ns, runs


class Traced:
    """A tracer at work. The kernel's statistics say when it has begun."""

    def __init__(self, tracer, script, program):
        self.out = tempfile.NamedTemporaryFile("r")
        argv = shlex.split(tracer) + ["-q", "-o", self.out.name, "-e", f"{PROBE} {{ {script} }}"]
        set_stats(1)
        self.process = subprocess.Popen(argv, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        self.warmed = 0
        deadline = time.monotonic() + 60
        while program_stats(self.process.pid)[1] == 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{tracer} does not trace {script}")
            time.sleep(0.05)
            loop(program, 10)
        set_stats(0)

    def lines(self):
        with open(self.out.name, errors="replace") as f:
            return sum(1 for _ in f)

    def settled_lines(self):
        before = -1
        while before != (now := self.lines()):
            before = now
            time.sleep(0.5)
        return now

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def set_stats(on):
    with open(STATS, "w") as f:
        f.write(str(on))


def measure(tracer, script, program, base):
    t = Traced(tracer, script, program)
    before = t.settled_lines()
    added = min(loop(program) for _ in range(RUNS)) - base
    lost = 1 - (t.settled_lines() - before) / (RUNS * CALLS) if "printf" in script else None
    set_stats(1)
    ns, runs = program_stats(t.process.pid)
    loop(program)
    ns2, runs2 = program_stats(t.process.pid)
    set_stats(0)
    t.end()
    return added, (ns2 - ns) / max(runs2 - runs, 1), lost


def medians(rows):
    """Of each column; a column of None stays None."""
    return [None if column[0] is None else statistics.median(column) for column in zip(*rows)]


def main():
    program = sys.argv[1]
    tracers = [arg.split("=", 1) for arg in sys.argv[2:]]
    base = min(loop(program) for _ in range(2 * STARTS))
    print(f"untraced: {base:.0f} ns a call; {CALLS} calls a run; median of {STARTS} starts")
    floor = {}
    for script in [EMPTY] + SCRIPTS:
        rows = {name: [] for name, _ in tracers}
        for _ in range(STARTS):
            for name, tracer in tracers:
                rows[name].append(measure(tracer, script, program, base))
        for name, of in rows.items():
            added, ns, lost = medians(of)
            more, above = floor.setdefault(name, (added, ns))
            tail = "" if lost is None else f", {100 * lost:.1f}% of the events lost"
            print(f"{name + ': ' + script:52} {added:6.0f} ns a call ({added - more:5.0f}), "
                  f"program {ns:5.0f} ns ({ns - above:5.0f}){tail}", flush=True)


if __name__ == "__main__":
    main()
