// fd: file descriptors, where one system call may do a part of the work only.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Takes the numbers of standard descriptors that came closed, so that no map, link or file gets
// one; reading and writing them fails with EBADF still. Before anything else is opened.
void fd_hold_standard(void);

// All of it, however many writes it takes. False: errno says why; a part may be written.
bool fd_write_all(int fd, const void *data, size_t len);
