"""Debian kernels for the VM suite: find the newest of each series, unpack it into a cache.

Enters: the machine's own apt sources (the mirror is read from there; no host is named here),
MTRACE_TEST_KERNELS, MTRACE_DEBIAN_MIRROR, MTRACE_CACHE. Leaves: a list of Kernel values whose
files lie in the cache. Installs nothing, and never changes the machine's apt state.
A cached kernel is used for REFRESH_DAYS without asking, and for ever if the archive is away.
"""
import contextlib
import fcntl
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

REFRESH_DAYS = 7
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

# series: (suite, pattern of the package with vmlinuz, further packages by version).
# The last series is "this or newer": the newest kernel that the suite has.
SERIES = {
    "6.1": ("bookworm", r"linux-image-(6\.1\.0-\d+)-cloud-amd64", ()),
    "6.12": ("bookworm-backports", r"linux-image-(6\.12\.\d+\+\S+)-cloud-amd64", ()),
    "6.18": ("trixie-backports", r"linux-image-(6\.18\.\d+\+\S+)-cloud-amd64", ()),
    "7.2": ("trixie-backports", r"linux-binary-((?:7\.[2-9]|7\.\d\d|[89]\.\d+)\S*)-cloud-amd64",
            ("linux-modules-{}-cloud-amd64",)),
}


class Unavailable(Exception):
    """A kernel can't be had; the text says why."""


class Kernel:
    def __init__(self, vmlinuz, modules=None):
        self.vmlinuz = vmlinuz
        self.modules = modules  # .../lib/modules/RELEASE, or None
        self.release = bzimage_release(vmlinuz)
        self.version = tuple(int(n) for n in re.match(r"(\d+)\.(\d+)", self.release).groups())
        self.name = "%d.%d" % self.version

    def __repr__(self):
        return "%s (%s)" % (self.name, self.release)


def cache_dir():
    root = os.environ.get("MTRACE_CACHE") or os.path.expanduser("~/.cache/mtrace")
    path = os.path.join(root, "kernels")
    os.makedirs(path, exist_ok=True)
    return path


@contextlib.contextmanager
def cache_lock():
    """Two runs at once must not fetch into the same place."""
    with open(os.path.join(cache_dir(), "lock"), "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def bzimage_release(path):
    """The release string of a bzImage: its setup header points at it (boot protocol 2.00)."""
    with open(path, "rb") as f:
        head = f.read(65536)
    if head[0x202:0x206] != b"HdrS":
        raise Unavailable("%s is not a bzImage" % path)
    start = struct.unpack_from("<H", head, 0x20E)[0] + 0x200
    return head[start:head.index(b"\0", start)].split()[0].decode()


# --- overrides ---------------------------------------------------------------------------

def from_path(path):
    """A vmlinuz, or a directory that holds one (with lib/modules beside it, if any)."""
    if os.path.isfile(path):
        return Kernel(path)
    found = find_vmlinuz(path)
    if not found:
        raise Unavailable("no vmlinuz in %s" % path)
    return Kernel(found, find_modules(path))


def find_vmlinuz(top):
    for root, _, names in os.walk(top):
        for name in sorted(names):
            if name.startswith("vmlinuz"):
                return os.path.join(root, name)
    return None


def find_modules(top):
    for parts in (("lib", "modules"), ("usr", "lib", "modules")):
        base = os.path.join(top, *parts)
        if os.path.isdir(base):
            for name in sorted(os.listdir(base)):
                if os.path.isdir(os.path.join(base, name, "kernel")):
                    return os.path.join(base, name)
    return None


# --- the archive -------------------------------------------------------------------------

def mirror():
    """The Debian mirror of this machine's apt sources, or MTRACE_DEBIAN_MIRROR."""
    given = os.environ.get("MTRACE_DEBIAN_MIRROR")
    if given:
        return given
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Unavailable("no apt-get and dpkg-deb here")
    listed = run_text(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)",
                       "Created-By: Packages"])
    debian = re.compile(r"(\S+) (?:bookworm|trixie|forky|sid|stable|testing|oldstable|unstable)$")
    for line in listed.splitlines():
        match = debian.match(line)
        if match:
            return match.group(1)
    raise Unavailable("no Debian mirror in this machine's apt sources "
                      "(MTRACE_DEBIAN_MIRROR=URL names one)")


def run_text(argv, timeout=60):
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise Unavailable("%s: %s" % (argv[0], e))
    if done.returncode:
        raise Unavailable("%s failed: %s" % (argv[0], last_line(done.stderr)))
    return done.stdout


def last_line(text):
    """What a failed program said last; of apt's many lines, the one with the cause."""
    lines = [line for line in text.strip().splitlines() if line]
    causes = [line for line in lines if line.startswith("W: Failed to fetch")]
    return (causes or lines[-1:] or ["(no message)"])[0]


class Archive:
    """A private apt: its own sources, lists and cache, under the kernel cache."""

    def __init__(self, cache):
        self.dir = os.path.join(cache, "apt")
        self.updated = False
        self.failure = None

    def options(self):
        return ["-o", "Dir::Etc::sourcelist=%s/sources.list" % self.dir,
                "-o", "Dir::Etc::sourceparts=/dev/null",
                "-o", "Dir::State::lists=%s/lists" % self.dir,
                "-o", "Dir::Cache=%s/cache" % self.dir,
                "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
                "-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none",
                "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20",
                "-o", "APT::Architecture=amd64", "-o", "Debug::NoLocking=true"]

    def update(self):
        if self.failure:
            raise self.failure  # once is enough: nobody waits for four time-outs
        if not self.updated:
            try:
                self.read_lists()
            except Unavailable as e:
                self.failure = e
                raise
            self.updated = True

    def read_lists(self):
        base = mirror()
        for sub in ("lists/partial", "cache/archives/partial"):
            os.makedirs(os.path.join(self.dir, sub), exist_ok=True)
        signed = "[signed-by=%s] " % KEYRING if os.path.exists(KEYRING) else ""
        with open(os.path.join(self.dir, "sources.list"), "w") as f:
            for suite in sorted({suite for suite, _, _ in SERIES.values()}):
                f.write("deb %s%s %s main\n" % (signed, base, suite))
        run_text(["apt-get"] + self.options() + ["-o", "APT::Update::Error-Mode=any", "update"],
                 timeout=120)

    def newest(self, pattern):
        """The newest package whose name matches: (name, matched version), by Debian's order."""
        self.update()
        names = run_text(["apt-cache"] + self.options() + ["pkgnames", "linux-"])
        best = None
        for name in names.split():
            match = re.fullmatch(pattern, name)
            if match and (best is None or newer(match.group(1), best[1])):
                best = (name, match.group(1))
        if not best:
            raise Unavailable("the archive has no package like %s" % pattern)
        return best

    def unpack(self, packages, into):
        with tempfile.TemporaryDirectory(dir=self.dir) as tmp:
            done = subprocess.run(["apt-get"] + self.options() + ["download", "-q"] + packages,
                                  cwd=tmp, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                  text=True, timeout=300, check=False)
            if done.returncode:
                raise Unavailable("download: %s" % last_line(done.stderr))
            for deb in os.listdir(tmp):
                run_text(["dpkg-deb", "-x", os.path.join(tmp, deb), into], timeout=300)


def newer(a, b):
    return subprocess.run(["dpkg", "--compare-versions", a, "gt", b], check=False).returncode == 0


# --- the cache ---------------------------------------------------------------------------

def read_stamp(place):
    try:
        with open(os.path.join(place, "stamp.json")) as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def write_stamp(place, package):
    with open(os.path.join(place, "stamp.json"), "w") as f:
        json.dump({"package": package, "checked": time.time()}, f)


def fetch_series(series, archive, place):
    """Brings `place` up to the newest kernel of the series. Raises Unavailable."""
    _, pattern, further = SERIES[series]
    package, version = archive.newest(pattern)
    stamp = read_stamp(place)
    if stamp and stamp["package"] == package:
        write_stamp(place, package)
        return
    print("fetching %s" % package, file=sys.stderr)
    fresh = place + ".new"
    shutil.rmtree(fresh, ignore_errors=True)
    os.makedirs(fresh)
    archive.unpack([package] + [name.format(version) for name in further], fresh)
    keep_needed(fresh)
    write_stamp(fresh, package)
    shutil.rmtree(place, ignore_errors=True)
    os.rename(fresh, place)


def keep_needed(top):
    """Only vmlinuz and the modules are used: documentation, config and System.map go."""
    if not find_vmlinuz(top):
        raise Unavailable("the package holds no vmlinuz")
    shutil.rmtree(os.path.join(top, "usr", "share"), ignore_errors=True)
    boot = os.path.join(top, "boot")
    for name in os.listdir(boot) if os.path.isdir(boot) else ():
        if not name.startswith("vmlinuz"):
            os.unlink(os.path.join(boot, name))


def get_series(series, archive, refresh=False):
    """(Kernel, note): note says why a cached copy was kept although the archive failed."""
    place = os.path.join(cache_dir(), series)
    stamp = read_stamp(place)
    fresh = stamp and time.time() - stamp["checked"] < REFRESH_DAYS * 86400
    note = None
    if refresh or not fresh:
        try:
            fetch_series(series, archive, place)
        except Unavailable as e:
            if not stamp:
                raise
            note = "cached copy: %s" % e
    return from_path(place), note


def choose(wanted=None, refresh=False):
    """The kernels to test on, oldest first, and [(series, reason)] for those not to be had.

    wanted: None for all, or a name such as "6.12" or "newest"."""
    override = os.environ.get("MTRACE_TEST_KERNELS")
    if override:
        found, missing = from_override(override.split(","), wanted)
    else:
        with cache_lock():
            found, missing = from_archive(pick(wanted), refresh)
    found.sort(key=lambda k: k.version)
    return (found[-1:] if wanted == "newest" else found), missing


def from_override(paths, wanted):
    found, missing = [], []
    for path in paths:
        try:
            found.append(from_path(path))
        except (Unavailable, OSError) as e:
            missing.append((path, str(e)))
    if wanted and wanted != "newest":
        found = [k for k in found if wanted in (k.name, k.release)]
    return found, missing


def from_archive(names, refresh):
    found, missing = [], []
    archive = Archive(cache_dir())
    for series in names:
        try:
            kernel, note = get_series(series, archive, refresh)
            found.append(kernel)
            if note:
                print("%s: %s" % (series, note), file=sys.stderr)
        except Unavailable as e:
            missing.append((series, str(e)))
    return found, missing


def pick(wanted):
    names = list(SERIES)
    if wanted is None:
        return names
    if wanted == "newest":
        return names[-1:]
    if wanted in names:
        return [wanted]
    # The last series floats: "7.3" means it once the archive's newest is a 7.3.
    newest = os.path.join(cache_dir(), names[-1])
    if read_stamp(newest) and from_path(newest).name == wanted:
        return names[-1:]
    raise Unavailable("no kernel series %s (there are %s, newest)" % (wanted, ", ".join(names)))
