# fexit by address: the arguments of the entry, and the return value.

NAME kfexit: arguments at the return
PROG
	kretfunc:vfs_w* /pid == cpid && func == "vfs_write" && args.count == 3/ { @[func, args.count, retval] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_session; tracing_multi,kprobe_session,kprobe_multi
EXPECT
	
	
	@[vfs_write, 3, 3]: 3
TIMEOUT 60
