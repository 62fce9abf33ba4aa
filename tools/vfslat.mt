#!/usr/bin/env mtrace
// vfslat: latency of every operation on files, whatever the file system; slow ones with the file.
//
//     vfslat.mt [--for 10] [-- --ms=10]
//
// One session over vfs_*: entry and return in one program. Calls that take at least --ms are printed
// as they return, with the name of the file for those operations that have one.
config = { print_maps_on_exit = 0 }

session:vmlinux:vfs_*
{
	return {
		@us[func] = hist(elapsed / 1000);
		if (elapsed >= getopt("ms", 10, "say when a call takes this long") * 1000000) {
			printf("%-8s %-7d %-15s %-20s %6d.%03d ms\n", strftime("%H:%M:%S", nsecs), pid, comm, func,
			       elapsed / 1000000, (elapsed / 1000) % 1000);
		}
	}
}

session:vmlinux:vfs_read, session:vmlinux:vfs_write
{
	entry  { $name = args.file.f_path.dentry.d_name.name; }
	return {
		if (elapsed >= getopt("ms", 10, "say when a call takes this long") * 1000000) {
			@slow[func, str($name, 32)] = count();
		}
	}
}

END
{
	print(@us);
	print(@slow);
}
