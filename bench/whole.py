#!/usr/bin/env python3
"""A tracer's whole life: start and attach, exit, peak memory.

    bench/whole.py NAME TRACER SCRIPT [RUNS [SECONDS]]

Starts the tracer, waits until it says that it has attached, sends SIGINT, waits for its end. Medians
of RUNS (3). A tracer that has not attached after SECONDS (120) is killed, and that is said.
"""

import os
import select
import shlex
import signal
import statistics
import subprocess
import sys
import time


def one(tracer, script, seconds):
    start = time.monotonic()
    p = subprocess.Popen(shlex.split(tracer) + ["-e", script], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)
    said = b""
    while b"Attached" not in said:
        left = start + seconds - time.monotonic()
        if left <= 0 or not select.select([p.stdout], [], [], left)[0]:
            p.kill()
            p.wait()
            return None
        part = os.read(p.stdout.fileno(), 65536)
        if not part:
            sys.exit(f"{tracer}: {said.decode()}")
        said += part
    attached = time.monotonic()
    p.send_signal(signal.SIGINT)
    while os.read(p.stdout.fileno(), 1 << 20):
        pass
    _, _, usage = os.wait4(p.pid, 0)
    return attached - start, time.monotonic() - attached, usage.ru_maxrss / 1024


def main():
    name, tracer, script = sys.argv[1:4]
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    seconds = float(sys.argv[5]) if len(sys.argv) > 5 else 120
    results = [one(tracer, script, seconds) for _ in range(runs)]
    if None in results:
        print(f"{name + ':':32} not attached within {seconds:.0f} s")
        return
    attach, leave, memory = (statistics.median(r[i] for r in results) for i in range(3))
    print(f"{name + ':':32} attached after {1000 * attach:8.1f} ms, exit {1000 * leave:8.1f} ms, "
          f"{memory:6.1f} MB")


if __name__ == "__main__":
    main()
