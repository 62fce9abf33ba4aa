"""The initramfs of the guest: one base image for every kernel, a small archive of modules per
kernel, and one with the cases of the run.

Enters: build/mtrace, with vm/worker beside it, the directory of traced test programs
(build/progs), busybox-static.
Leaves: newc archives. Nothing of the host but these and the shared libraries they name gets
into the guest."""
import lzma
import os
import re
import shutil
import subprocess
import tempfile

from . import cpio

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUEST_DIRS = ("dev", "proc", "sys", "run", "tmp", "cases", "modules", "progs", "root", "etc")
# Loaded by cases that ask for them (load_module NAME); with what they depend on.
MODULES = ("nf_conntrack", "dummy")


class ImageError(Exception):
    """The image can't be made; the text says what is missing."""


class NotHere(ImageError):
    """This machine lacks what makes an image."""


# --- base --------------------------------------------------------------------------------

def base(mtrace, progs):
    """The archive that is the same for every kernel. progs may be None."""
    image = cpio.Cpio()
    for path in GUEST_DIRS:
        image.directory(path)
    image.device("dev/console", 5, 1)
    image.text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n")
    image.text("etc/group", "root:x:0:\nnogroup:x:65534:\n")
    image.copy(os.path.join(HERE, "guest", "init"), "init", 0o755)
    image.copy(os.path.join(HERE, "guest", "case"), "bin/case", 0o755)
    add_busybox(image)
    with tempfile.TemporaryDirectory() as tmp:
        add_program(image, mtrace, "bin/mtrace", stripped(mtrace, tmp))
        add_program(image, os.path.join(os.path.dirname(mtrace), "vm", "worker"), "bin/worker")
        if progs and os.path.isdir(progs):
            add_tree(image, progs)
    return image.finish()


def add_busybox(image):
    busybox = next((p for p in ("/bin/busybox", "/usr/bin/busybox") if is_static(p)), None)
    if not busybox:
        raise NotHere("no static busybox here (Debian: busybox-static)")
    image.copy(busybox, "bin/busybox", 0o755)
    names = subprocess.run([busybox, "--list"], stdout=subprocess.PIPE, text=True, check=True)
    for name in names.stdout.split():
        if name != "busybox":
            image.link("bin/" + name, "busybox")


def is_static(path):
    return os.path.exists(path) and not libraries(path)


def add_tree(image, top):
    """Test programs, with the directory layout that they have."""
    for root, _, names in os.walk(top):
        for name in sorted(names):
            path = os.path.join(root, name)
            inside = "progs/" + os.path.relpath(path, top)
            if is_elf(path):
                add_program(image, path, inside, top=os.path.realpath(top))
            elif os.path.getsize(path) < 1 << 20 and not name.endswith((".o", ".cmake")):
                image.copy(path, inside)


def add_program(image, program, inside, data_from=None, top=None):
    """A program and, at the paths where its loader looks, every library it links to.

    One that lies in `top` (the tree that becomes /progs) must be the same file as that one:
    uprobes go by inode."""
    for library in libraries(program):
        if top and library.startswith(top + "/"):
            image.link(library, "/progs/" + os.path.relpath(library, top))
        else:
            image.copy(library, library, 0o755)
    image.copy(data_from or program, inside, 0o755)


def is_elf(path):
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def libraries(program):
    listed = subprocess.run(["ldd", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            text=True, check=False).stdout
    if re.search(r"=> not found", listed):
        raise ImageError("%s: a library is missing:\n%s" % (program, listed))
    return re.findall(r"(?:=> |^\s+)(/\S+) \(0x", listed, re.M)


def stripped(program, tmp):
    """Debug information of mtrace and LLVM would only cost guest memory; symbols stay."""
    if not shutil.which("strip"):
        return program
    copy = os.path.join(tmp, "stripped")
    done = subprocess.run(["strip", "-g", "-o", copy, program], stderr=subprocess.DEVNULL,
                          check=False)
    return copy if done.returncode == 0 else program


# --- modules -----------------------------------------------------------------------------

def modules(kernel, wanted=MODULES):
    """The wanted modules of one kernel and what they depend on, unpacked, with load order."""
    image = cpio.Cpio()
    image.directory("modules")
    if kernel.modules:
        files = module_files(kernel.modules)
        for name in wanted:
            order = []
            collect(name, files, order)
            for item in order:
                image.text("modules/%s.ko" % item, module_bytes(files[item]))
            image.text("modules/%s.order" % name, "".join("%s\n" % item for item in order))
    return image.finish()


def module_files(top):
    """module name -> path; names have underscores, files may have dashes."""
    files = {}
    for root, _, names in os.walk(os.path.join(top, "kernel")):
        for name in names:
            match = re.fullmatch(r"(.+)\.ko(\.xz)?", name)
            if match:
                files[match.group(1).replace("-", "_")] = os.path.join(root, name)
    return files


def collect(name, files, order):
    """Depth first: what a module needs comes before it. Built-in ones have no file."""
    if name in order or name not in files:
        return
    for needed in module_depends(module_bytes(files[name])):
        collect(needed, files, order)
    order.append(name)


def module_bytes(path):
    with open(path, "rb") as f:
        data = f.read()
    return lzma.decompress(data) if path.endswith(".xz") else data


def module_depends(data):
    match = re.search(rb"\0depends=([^\0]*)\0", data)
    return match.group(1).decode().replace("-", "_").split(",") if match and match.group(1) else []


# --- cases -------------------------------------------------------------------------------

def cases(numbered):
    """[(number, case)]: the files that the guest's runner works through, in order."""
    image = cpio.Cpio()
    image.directory("cases")
    for number, case in numbered:
        for name, text in case.guest_files("/cases/%04d" % number).items():
            image.text("cases/%04d/%s" % (number, name), text)
    return image.finish()
