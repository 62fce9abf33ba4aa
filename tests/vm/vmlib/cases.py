"""The cases: tests/vm/cases/*.t and tests/native/*.t, one language for both.

Parser and judge are those of tests/native/run (its head describes the keywords), so a case
means the same here and there. Here are only the differences: how a case is handed to a guest,
and which cases a guest or a kernel can run. REQUIRES also takes kernel>=6.6, kernel<6.6 and
module:NAME; TAGS also takes novm, and preempt (the kernel can be preempted anywhere meanwhile)."""
import argparse
import importlib.machinery
import importlib.util
import os
import re
import shlex
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NATIVE = os.path.join(os.path.dirname(HERE), "native")
SLOWNESS = 8  # emulated code runs 30 to 50 times slower, but most of a case is waiting
DEFAULT_TIMEOUT = 20
# Of tests/native: the language, options and output. They run on the oldest kernel and the
# newest; what attaches and what reads the traced program runs on every kernel.
SAME_ON_ALL = {"c", "cli", "language", "maps", "refuse", "trust", "types"}

# The shell's child is the program only once it has called exec().
UNTIL_IT_RUNS = """i=0
while cmp -s /proc/$$/cmdline /proc/$BEFORE_PID/cmdline && [ $i -lt 500 ]; do
	i=$((i + 1)); usleep 10000
done"""

BAD_KMSG = re.compile(r"WARNING: |BUG: |Oops|Kernel panic|general protection fault"
                      r"|Call Trace:|invalid opcode: ")


def native_runner():
    """tests/native/run as a module."""
    path = os.path.join(NATIVE, "run")
    loader = importlib.machinery.SourceFileLoader("native_run", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("native_run", loader))
    loader.exec_module(module)
    return module


native = native_runner()


class Case:
    """One case with one set of features turned off ("-": none)."""

    def __init__(self, parsed, features, own):
        self.parsed, self.features = parsed, features
        self.own = own  # of this suite, not of tests/native
        self.keys = parsed.keys
        stem = os.path.basename(parsed.path)[:-2]
        self.name = "%s/%s" % (stem, parsed.name)
        picky = any(w.startswith("kernel<") for w in parsed.words("REQUIRES"))
        self.differs = own or picky or stem not in SAME_ON_ALL  # from kernel to kernel
        if features != "-":
            self.name += " [no %s]" % features
        self.where = "%s:%d" % (os.path.relpath(parsed.path), parsed.line)
        self.timeout = SLOWNESS * int(self.keys.get("TIMEOUT", DEFAULT_TIMEOUT))

    # --- where it can run

    def unfit(self):
        """Why no guest can run it, or None: what it needs is the host, not another kernel."""
        tags = self.parsed.words("TAGS")
        for tag in ("nopriv", "novm", "slow"):
            if tag in tags:
                return "tagged " + tag
        if "AS" in self.keys:
            return "runs as another user"
        if "%SRC%" in repr(self.keys):
            return "needs the sources"
        for word in self.parsed.words("REQUIRES"):
            if word.startswith("file:") or word in ("cmd:python3", "cmd:gcc", "cmd:cc"):
                return "needs " + word
        return None

    def lacks(self, kernel, modules):
        """What this kernel lacks, or None."""
        for need in self.parsed.words("REQUIRES"):
            match = re.fullmatch(r"kernel(>=|<)(\d+)\.(\d+)", need)
            if need == "kernel-uprobe-multi" and kernel.version < (6, 6):
                return need
            if match:
                bound = (int(match.group(2)), int(match.group(3)))
                if (kernel.version >= bound) != (match.group(1) == ">="):
                    return need
            elif need.startswith("module:") and need[7:] not in modules:
                return need
        return None

    # --- what the guest gets: shell scripts that do what tests/native/run does

    def guest_files(self, place):
        """name -> text, for the directory of the case. `setup` and `run` are scripts."""
        files = {"name": self.name + "\n", "timeout": "%d\n" % self.timeout,
                 "keep": "".join(name + "\n" for name in self.parsed.expect_files),
                 "stdin": fill(self.keys.get("STDIN", "")),
                 "setup": self.setup_script(place), "run": self.run_script(place)}
        for number, text in enumerate(self.parsed.files.values()):
            files["file%d" % number] = fill(text)
        return files

    def setup_script(self, place):
        """Sourced by `run`: files of the case, the program to start first."""
        lines = []
        if "preempt" in self.parsed.words("TAGS"):
            lines.append("echo full >/sys/kernel/debug/sched/preempt")
        for number, name in enumerate(self.parsed.files):
            lines += ["cp %s/file%d %s" % (place, number, quote(name)),
                      "chmod 755 " + quote(name)]
        if "BEFORE" in self.keys:
            argv = " ".join(quote(fill(w)) for w in shlex.split(self.keys["BEFORE"]))
            lines += [argv + " </dev/null >/dev/null 2>&1 &", "BEFORE_PID=$!", UNTIL_IT_RUNS]
        return "".join(line + "\n" for line in lines)

    def run_script(self, place):
        head = ". %s/setup\n" % place
        if "SHELL" in self.keys:
            return head + "exec sh -c %s\n" % quote(fill(self.keys["SHELL"]))
        argv = " ".join(quote(fill(w)) for w in ["mtrace"] + self.arguments())
        if not {"SIGNAL", "THEN"} & self.keys.keys():
            return head + "exec %s <%s/stdin\n" % (argv, place)
        return (head + "mkfifo ready\n" + self.ready_script() +
                "sh -c 'echo $$ >mtrace.pid; exec \"$@\"' sh %s --ready-fd 9 9>ready <%s/stdin\n"
                % (argv, place))

    def arguments(self):
        words = shlex.split(self.keys.get("RUN", ""))
        if self.features != "-":
            words[:0] = ["--no-feature", self.features]
        if "PROG" in self.keys:
            words[:0] = ["-e", self.keys["PROG"]]
        return words

    def ready_script(self):
        """In the background: mtrace itself must not inherit an ignored SIGINT."""
        then = quote(fill(self.keys.get("THEN", ":")))
        lines = ["{", "read -r line <ready", 'if [ "$line" = ready ]; then',
                 "export MTRACE_PID=$(cat mtrace.pid)", "sh -c %s </dev/null >/dev/null" % then]
        if "SIGNAL" in self.keys:
            lines.append("kill -%s $MTRACE_PID" % self.keys["SIGNAL"])
        return "\n".join(lines + ["fi", "} &", ""])

    # --- judging

    def judge(self, result):
        """A list of complaints, empty if the case passed."""
        complaints = []
        if result.timed_out:
            complaints.append("still running after %d s" % self.timeout)
        with tempfile.TemporaryDirectory() as tmp:
            for name, text in zip(self.parsed.expect_files, result.kept):
                with open(os.path.join(tmp, os.path.basename(name)), "w") as f:
                    f.write(text)
            judge = Judge(self.parsed, tmp)
            status = result.status
            if int(self.keys.get("STATUS", 0)) < 0 and status > 128:
                status = 128 - status
            complaints += judge.check(status, result.out, result.err)
        match = BAD_KMSG.search(result.kmsg)
        if match:
            complaints.append("the kernel said %r" % match.group(0))
        return complaints


class Judge(native.Run):
    """tests/native/run's comparison, on what came out of the guest."""

    def __init__(self, parsed, directory):  # deliberately not that of native.Run
        self.case, self.dir = parsed, directory
        self.opts = argparse.Namespace(bless=False, oracle=False)

    def fill(self, text):
        return fill(text)


def fill(text):
    """%PID% is known in the guest only: quote() turns it into a parameter."""
    return text.replace("%PROGS%", "/progs").replace("%DIR%", "/run/case")


def quote(word):
    """For sh, whatever the word holds."""
    quoted = "'" + word.replace("'", "'\"'\"'") + "'"
    return quoted.replace("%PID%", "'\"$BEFORE_PID\"'")


def load(words=None):
    """All cases for guests, those of which a word of `words` is a part of the name."""
    found = []
    for top, own in ((os.path.join(HERE, "cases"), True), (NATIVE, False)):
        for name in sorted(n for n in os.listdir(top) if n.endswith(".t")):
            for parsed in native.parse(os.path.join(top, name)):
                # The kernels are the ladder here; a file of this suite may ask for more.
                sets = native.feature_sets(parsed) if own else ["-"]
                found += [Case(parsed, features, own) for features in sets]
    found = [c for c in found if not c.unfit()]
    return [c for c in found if not words or any(word in c.name for word in words)]
