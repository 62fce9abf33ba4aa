"""One boot of a kernel in QEMU (software emulation), and the results that come out of it.

Enters: a kernel, an initramfs. Leaves: Result values per case. A guest that dies or hangs
costs the case that was running; the caller boots again for the rest."""
import os
import platform
import re
import shutil
import subprocess
import time

QEMU = "qemu-system-x86_64"
# la57 and pku: refused by one kernel or another under emulation. cx16: QEMU 7.2's emulated
# cmpxchg16b leaves garbage in EFLAGS; Linux 6.12's allocator uses it, and one boot in three
# to ten died of that. Without the bit, kernels take their other path.
# erms, smap, smep: rep movsb is emulated byte by byte, and each copy from user space ends a
# translated block twice; without them a case takes two thirds of the time.
CPU = "max,-pku,-la57,-cx16,-erms,-smap,-smep"
BOOT_SECONDS = 300  # until the guest says @boot; 3 to 8 on an idle machine
OUT_OF_TIME = "out of time"
GRACE_SECONDS = 60  # beyond a case's own timeout, which the guest itself enforces


class BootFailed(Exception):
    """The guest never came to its init; the text is the end of its console."""


class Result:
    def __init__(self, status=-1, timed_out=False, ms=0, out="", err="", kmsg="", kept=()):
        self.status, self.timed_out, self.ms = status, timed_out, ms
        self.out, self.err, self.kmsg = out, err, kmsg
        self.kept = kept  # the files that the case expects, in its order
        self.broken = None  # why there is no result: the guest died or hung


def command(kernel, initramfs, smp=2, thread="multi", memory="2G", append=""):
    return [QEMU, "-accel", "tcg,thread=%s" % thread, "-cpu", CPU, "-m", memory,
            "-smp", str(smp), "-no-reboot", "-nic", "none", "-kernel", kernel.vmlinuz,
            "-initrd", initramfs, "-append",
            "console=ttyS0 panic=-1 quiet mitigations=off " + append]


def why_not():
    if platform.machine() != "x86_64":
        return "the kernels are for x86-64, this machine is a %s" % platform.machine()
    return None if shutil.which(QEMU) else "no %s here" % QEMU


def shell(kernel, initramfs):
    argv = command(kernel, initramfs, append="mtrace.mode=shell")
    return subprocess.call(argv + ["-nographic", "-serial", "mon:stdio"])


class Guest:
    """A running guest: its console goes to one file, its results to another."""

    running = set()
    stopping = False  # no guest is to be booted any more

    def __init__(self, kernel, initramfs, place, **machine):
        self.console = os.path.join(place, "console")
        self.results = os.path.join(place, "results")
        for path in (self.console, self.results):
            open(path, "wb").close()
        argv = command(kernel, initramfs, **machine)
        argv += ["-display", "none", "-monitor", "none", "-serial", "file:" + self.console,
                 "-serial", "file:" + self.results]
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        Guest.running.add(self)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        Guest.running.discard(self)

    def console_tail(self, lines=25):
        with open(self.console, errors="replace") as f:
            return "\n".join(f.read().replace("\r", "").splitlines()[-lines:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.process.stderr.close()


def stopping():
    return Guest.stopping


def kill_all():
    Guest.stopping = True
    for each in list(Guest.running):
        each.process.kill()


class Reader:
    """Follows the results file: whole records only."""

    def __init__(self, path):
        self.path = path
        self.data = b""
        self.offset = 0

    def fill(self):
        with open(self.path, "rb") as f:
            f.seek(self.offset)
            more = f.read()
        self.offset += len(more)
        self.data += more

    def next(self):
        """(kind, words, streams) of the next complete record, or None."""
        end = self.data.find(b"\n")
        if end < 0:
            return None
        words = self.data[:end].decode(errors="replace").split()
        sizes = [int(n) for n in words[5:]] if words[:1] == ["@case"] else []
        if len(self.data) < end + 1 + sum(sizes):
            return None
        body, streams = self.data[end + 1:], []
        for size in sizes:
            streams.append(body[:size].decode("utf-8", "surrogateescape"))
            body = body[size:]
        self.data = body
        return (words[0] if words else ""), words[1:], streams


def run_cases(kernel, initramfs, numbered, place, on_result, deadline, **machine):
    """Boots once, works through the cases, calls on_result(case, Result) for each that ended.

    Returns the cases that are left: the guest died under one (that one got a broken Result), or
    the deadline has passed. `machine` is for command(). Raises BootFailed."""
    waiting = dict(numbered)
    booted, running, limit = False, None, time.monotonic() + BOOT_SECONDS
    with Guest(kernel, initramfs, place, **machine) as guest:
        reader = Reader(guest.results)
        while waiting:
            over = guest.process.poll() is not None
            reader.fill()
            record = reader.next()
            while record:
                kind, words, streams = record
                if kind == "@boot":
                    booted, limit = True, time.monotonic() + GRACE_SECONDS
                elif kind == "@start":
                    running = int(words[0])
                    limit = time.monotonic() + waiting[running].timeout + GRACE_SECONDS
                elif kind == "@case":
                    on_result(waiting.pop(int(words[0])), read_result(words, streams))
                    running, limit = None, time.monotonic() + GRACE_SECONDS
                record = reader.next()
            if not waiting:
                break
            reason = stuck(guest, over, limit, deadline)
            if reason and not booted and reason != OUT_OF_TIME:
                raise BootFailed("%s\n%s" % (reason, guest.console_tail()))
            if reason:
                blame(guest, waiting, running, reason, on_result)
                break
            time.sleep(0.05)
    return sorted(waiting.items())


def read_result(words, streams):
    out, err, kmsg = streams[:3]
    return Result(int(words[1]), words[2] == "1", int(words[3]), out, err, kmsg, streams[3:])


def stuck(guest, over, limit, deadline):
    now = time.monotonic()
    if over:
        said = guest.process.stderr.read().decode(errors="replace").strip()
        return "the guest ended" + (": " + said if said else "")
    if now > deadline:
        return OUT_OF_TIME
    return "the guest hangs" if now > limit else None


def blame(guest, waiting, running, reason, on_result):
    """The case that was running has no result, unless only our time was up. A guest that died
    between two cases: the next one has none."""
    guest.kill()
    if reason == OUT_OF_TIME:
        return
    number = min(waiting) if running is None else running
    on_result(waiting.pop(number), broken(reason, guest.console_tail()))


def broken(reason, console):
    result = Result()
    result.broken = reason
    result.kmsg = re.sub(r"[^\t\n -~]", "?", console)
    return result
