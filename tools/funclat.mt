#!/usr/bin/env mtrace
// funclat: how long functions take, a histogram for each. Any functions, any number of them.
//
//     funclat.mt PROGRAM GLOB         funclat.mt ./server 'handle_*'
//     funclat.mt MODULE GLOB          funclat.mt vmlinux 'vfs_*'
//
// PROGRAM is a path, or a library's name (libssl); MODULE a kernel module, or vmlinux. One session:
// one program and one link, however many functions match; entry and return are paired by the
// kernel, right under recursion and in threads.
//
// funclat.mt ./bash find_function -c './bash work.sh' prints, in part:
//
//     @us[find_function]:
//     [4, 8)                 5 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
//     [8, 16)                1 |@@@@@@@@@@                                          |
//     [16, 32)               0 |                                                    |
//     [32, 64)               0 |                                                    |
//     [64, 128)              1 |@@@@@@@@@@                                          |
session:$1:$2
{
	return { @us[func] = hist(elapsed / 1000); }
}
