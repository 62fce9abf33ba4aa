# Where the 10-byte nop after a USDT site is probed: only where the kernel optimises it safely.

NAME usdt: fast sites from 7.2 on
REQUIRES kernel>=7.2
PROG
	usdt:./progs/usdt:quick:* { }
RUN --explain
EXPECT_RE fast sites: 1 of 3$

NAME usdt: no fast sites before
REQUIRES kernel<7.2
PROG
	usdt:./progs/usdt:quick:* { }
RUN --explain
EXPECT_RE fast sites: 0 of 3 \(1 with a 10-byte nop
