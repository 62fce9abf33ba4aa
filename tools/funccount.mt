#!/usr/bin/env mtrace
// funccount: which functions are called, how often. A line a second with --every=1.
//
//     funccount.mt PROGRAM GLOB       funccount.mt libc 'mem*'
//     funccount.mt PROGRAM GLOB -- --every=1
//
// For functions of the kernel see kfunccount.mt.
//
// funccount.mt ./bash 'find_*' -c './bash work.sh' prints, in part:
//
//     @calls[find_tempenv_variable]: 2
//     @calls[find_function]: 7
//     @calls[find_shell_builtin]: 14
//     @calls[find_flag]: 19
//     @calls[find_variable]: 74
uprobe:$1:$2
{
	@calls[func] = count();
}

interval:s:1 / getopt("every", 0, "print and clear after so many seconds") /
{
	@seconds++;
	if (@seconds % getopt("every", 0, "print and clear after so many seconds") == 0) {
		time("%H:%M:%S\n");
		print(@calls);
		clear(@calls);
	}
}

END
{
	clear(@seconds);
}
