"""The VM suite: kernels (fetch), cpio and image (initramfs), cases (the .t files), guest (QEMU)."""
