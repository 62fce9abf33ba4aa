"""The .t files: blocks of NAME, PROG or SHELL, EXPECT, ... (README.md has the list of keys).

Enters: text. Leaves: Case values, which know their files in the guest and how to judge a
result. Refuses unknown and missing keys with file and line."""
import difflib
import os
import re

ONE_LINE = ("NAME", "ARGS", "PARAMS", "BEFORE", "AFTER", "STATUS", "REQUIRES", "TIMEOUT")
TEXT = ("PROG", "SHELL", "EXPECT", "EXPECT_ERR", "EXPECT_SORTED")
DEFAULT_TIMEOUT = 60

# Never right, whatever else a case expects.
BAD_OUTPUT = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error: |Assertion .* failed")
BAD_KMSG = re.compile(r"WARNING: |BUG: |Oops|Kernel panic|general protection fault"
                      r"|Call Trace:|invalid opcode: ")


class CaseError(Exception):
    """A .t file is wrong; the text says where."""


class Case:
    def __init__(self, source, line, keys):
        self.source, self.line, self.keys = source, line, keys
        self.name = "%s/%s" % (source, keys["NAME"])
        self.timeout = int(keys.get("TIMEOUT", DEFAULT_TIMEOUT))
        self.status = int(keys.get("STATUS", "0"))
        self.requires = keys.get("REQUIRES", "").split()

    # --- what the guest gets

    def guest_files(self, place):
        files = {"name": self.name + "\n", "timeout": "%d\n" % self.timeout}
        if "SHELL" in self.keys:
            files["run"] = self.keys["SHELL"]
        else:
            files["prog.mt"] = self.keys["PROG"]
            files["run"] = self.mtrace_script(place)
        return files

    def mtrace_script(self, place):
        """The shell text that runs PROG: BEFORE in the background, then mtrace; with AFTER,
        mtrace in the background until AFTER, started once all is attached, has ended."""
        key = self.keys.get
        lines = []
        if key("BEFORE"):
            lines += ["%s >/dev/null 2>&1 &" % key("BEFORE"), "BEFORE_PID=$!"]
        words = ["mtrace", key("ARGS", ""), place + "/prog.mt", key("PARAMS", "")]
        if key("AFTER"):
            words.insert(1, "--ready-fd 9")
            lines += ["mkfifo ready", " ".join(filter(None, words)) + " 9>ready &", "tracer=$!",
                      "if read -r _ <ready; then", key("AFTER") + " >/dev/null", "fi",
                      "kill -TERM $tracer 2>/dev/null", "wait $tracer"]
        else:
            lines += [" ".join(filter(None, words))]
        return "".join(line + "\n" for line in lines)

    # --- where it applies

    def lacks(self, kernel, modules):
        """None, or what this kernel lacks."""
        for need in self.requires:
            match = re.fullmatch(r"kernel(>=|<)(\d+)\.(\d+)", need)
            if match:
                least = (int(match.group(2)), int(match.group(3)))
                if (kernel.version >= least) != (match.group(1) == ">="):
                    return "kernel is not %s%d.%d" % ((match.group(1),) + least)
            elif need.startswith("module:") and need[7:] not in modules:
                return "no module %s" % need[7:]
        return None

    # --- judging

    def judge(self, result):
        """A list of complaints, empty if the case passed."""
        key = self.keys.get
        complaints = []
        if result.timed_out:
            complaints.append("timed out after %d s" % self.timeout)
        if result.status != self.status:
            complaints.append("status %d, expected %d" % (result.status, self.status))
        if key("EXPECT") is not None:
            complaints += compare("stdout", key("EXPECT"), result.out)
        if key("EXPECT_SORTED") is not None:
            ordered = "\n".join(sorted(result.out.splitlines()))
            complaints += compare("sorted stdout", key("EXPECT_SORTED"), ordered)
        if key("EXPECT_ERR") is not None:
            complaints += compare("stderr", key("EXPECT_ERR"), result.err)
        for stream in (result.out, result.err):
            match = BAD_OUTPUT.search(stream)
            if match:
                complaints.append("the output says %r" % match.group(0))
        match = BAD_KMSG.search(result.kmsg)
        if match:
            complaints.append("the kernel said %r" % match.group(0))
        return complaints


def matches(pattern, line):
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return re.fullmatch(pattern[1:-1], line) is not None
    return pattern == line


def matches_all(patterns, lines):
    """Whether the lines are what the patterns say; a line `...` stands for any lines.

    reach[j]: the patterns so far can account for the first j lines."""
    reach = [True] + [False] * len(lines)
    for pattern in patterns:
        if pattern == "...":
            first = reach.index(True) if True in reach else len(reach)
            reach = [j >= first for j in range(len(reach))]
        else:
            reach = [False] + [reach[j] and matches(pattern, line)
                               for j, line in enumerate(lines)]
    return reach[-1]


def compare(what, expected, actual):
    want, have = expected.splitlines(), actual.splitlines()
    # Empty lines at either end are how tracers part their maps; they carry nothing.
    if matches_all(strip_empty(want), strip_empty(have)):
        return []
    diff = difflib.unified_diff(strip_empty(want), strip_empty(have), "expected", "actual",
                                lineterm="", n=100)
    return ["%s differs:\n%s" % (what, "\n".join(diff))]


def strip_empty(lines):
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]


# --- reading -----------------------------------------------------------------------------

def parse(text, source):
    """All cases of one file, in order."""
    found, keys, start, current = [], {}, 0, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("\t"):
            if current is None:
                raise CaseError("%s:%d: text without a key" % (source, number))
            keys[current] += line[1:] + "\n"
        elif not line.strip():
            if current is not None:
                keys[current] += "\n"
        elif line.startswith("#"):
            current = None
        else:
            key, _, rest = line.partition(" ")
            if key not in ONE_LINE and key not in TEXT:
                raise CaseError("%s:%d: no key %s" % (source, number, key))
            if key == "NAME":
                if keys:
                    found.append(finish(source, start, keys))
                keys, start = {}, number
            elif not keys:
                raise CaseError("%s:%d: a block begins with NAME" % (source, number))
            if key in keys:
                raise CaseError("%s:%d: %s twice" % (source, number, key))
            keys[key] = rest.strip() + ("\n" if rest.strip() and key in TEXT else "")
            current = key if key in TEXT else None
    if keys:
        found.append(finish(source, start, keys))
    return found


def finish(source, line, keys):
    if ("PROG" in keys) == ("SHELL" in keys):
        raise CaseError("%s:%d: a block has either PROG or SHELL" % (source, line))
    if not any(k in keys for k in ("EXPECT", "EXPECT_SORTED", "EXPECT_ERR")):
        raise CaseError("%s:%d: a block has EXPECT, EXPECT_SORTED or EXPECT_ERR" % (source, line))
    for key in ("PROG", "SHELL"):
        if key in keys:
            keys[key] = keys[key].rstrip("\n") + "\n"
    return Case(source, line, keys)


def load(top, words=None):
    """The cases of all .t files, those of which a word of `words` is a part of the name."""
    found = []
    for name in sorted(os.listdir(top)):
        if name.endswith(".t"):
            with open(os.path.join(top, name)) as f:
                found += parse(f.read(), name[:-2])
    seen = set()
    for case in found:
        if case.name in seen:
            raise CaseError("%s.t:%d: the name %s is taken" % (case.source, case.line, case.name))
        seen.add(case.name)
    return [c for c in found if not words or any(word in c.name for word in words)]
