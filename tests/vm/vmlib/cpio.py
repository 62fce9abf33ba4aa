"""A newc cpio archive, the format of an initramfs, written without root and without cpio(1).

The kernel takes several archives one after the other, so an initramfs can be put together
from parts: join() pads and concatenates."""
import os
import stat

ALIGN = 512


class Cpio:
    def __init__(self):
        self.parts = []
        self.seen = set()
        self.inode = 0

    def add(self, path, mode, data=b"", rdev=(0, 0)):
        """One entry; the directories above it appear by themselves, the first entry wins."""
        path = path.strip("/")
        if path in self.seen:
            return
        parent = os.path.dirname(path)
        if parent:
            self.add(parent, stat.S_IFDIR | 0o755)
        self.seen.add(path)
        self.inode += 1
        self.parts.append(entry(path, self.inode, mode, data, rdev))

    def directory(self, path, mode=0o755):
        self.add(path, stat.S_IFDIR | mode)

    def text(self, path, text, mode=0o644):
        self.add(path, stat.S_IFREG | mode, text.encode() if isinstance(text, str) else text)

    def copy(self, source, path=None, mode=None):
        with open(source, "rb") as f:
            data = f.read()
        if mode is None:
            mode = stat.S_IMODE(os.stat(source).st_mode)
        self.add(path or source, stat.S_IFREG | mode, data)

    def link(self, path, target):
        self.add(path, stat.S_IFLNK | 0o777, target.encode())

    def device(self, path, major, minor):
        self.add(path, stat.S_IFCHR | 0o600, rdev=(major, minor))

    def finish(self):
        body = b"".join(self.parts) + entry("TRAILER!!!", 0, 0, b"", (0, 0))
        return pad(body, ALIGN)


def entry(path, inode, mode, data, rdev):
    links = 2 if stat.S_ISDIR(mode) else 1
    name = path.encode() + b"\0"
    fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, rdev[0], rdev[1], len(name), 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields)
    return pad(head + name, 4) + pad(data, 4)


def pad(data, to):
    return data + b"\0" * (-len(data) % to)


def join(parts, path):
    with open(path, "wb") as f:
        for part in parts:
            f.write(pad(part, ALIGN))
