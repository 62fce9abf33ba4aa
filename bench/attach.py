#!/usr/bin/env python3
"""How long attaching and detaching take, and what is held in between.

    bench/attach.py NAME TRACER SPECIFICATION [RUNS]

Starts the tracer with --ready-fd, waits for the line, counts its file descriptors, sends
SIGINT, waits for the end; the same with a script that attaches nothing but an interval. The
difference is what the probes cost. Medians.
"""

import os
import signal
import statistics
import subprocess
import sys
import time


def one(tracer, probe):
    read_fd, write_fd = os.pipe()
    script = f"{probe} {{ @ = count(); }} END {{ clear(@); }}"
    start = time.monotonic()
    p = subprocess.Popen([tracer, "-q", "-e", script, "--ready-fd", str(write_fd)],
                         pass_fds=(write_fd,), stdout=subprocess.DEVNULL)
    os.close(write_fd)
    with os.fdopen(read_fd) as ready:
        if ready.readline() != "ready\n":
            sys.exit(f"{tracer} was not ready: status {p.wait()}")
    attached = time.monotonic()
    fds = len(os.listdir(f"/proc/{p.pid}/fd"))
    ending = time.monotonic()
    p.send_signal(signal.SIGINT)
    p.wait()
    return attached - start, time.monotonic() - ending, fds


def main():
    name, tracer, probe = sys.argv[1:4]
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    base = [one(tracer, "interval:s:1000") for _ in range(runs)]
    full = [one(tracer, probe) for _ in range(runs)]
    ms = [1000 * (statistics.median(r[i] for r in full) - statistics.median(r[i] for r in base))
          for i in (0, 1)]
    print(f"{name + ':':32} until attached {ms[0]:6.1f} ms, detach {ms[1]:6.1f} ms beyond "
          f"start-up and end; {full[0][2]} fds (interval alone: {base[0][2]})")


if __name__ == "__main__":
    main()
