#!/usr/bin/env mtrace
// mallocs: memory that a program took from the allocator and has not given back, by stack.
//
//     mallocs.mt LIBRARY -p PID --for 30     mallocs.mt libc -c ./prog
//
// LIBRARY has the allocator: libc, libjemalloc, or the program itself when it is linked in. Sizes
// travel from the entry of malloc to its return inside of the session: no map by thread.
config = { max_map_keys = 1000000; print_maps_on_exit = 0 }

session:$1:malloc, session:$1:valloc
{
	entry  { $size = arg0; }
	return {
		if (retval) {
			@size[retval] = $size;
			@stack[retval] = ustack(8);
			@taken[ustack(8)] = sum($size);
		}
	}
}

session:$1:calloc
{
	entry  { $size = arg0 * arg1; }
	return {
		if (retval) {
			@size[retval] = $size;
			@stack[retval] = ustack(8);
			@taken[ustack(8)] = sum($size);
		}
	}
}

uprobe:$1:free / @size[arg0] /
{
	@freed[@stack[arg0]] = sum(@size[arg0]);
	_ = delete(@size, arg0);
	_ = delete(@stack, arg0);
}

END
{
	for ($kv : @size) {
		@left[@stack[$kv.0]] = sum($kv.1);
	}
	printf("bytes not given back, by stack:\n");
	print(@left, getopt("top", 10, "how many stacks"));
	printf("bytes taken in all, by stack:\n");
	print(@taken, getopt("top", 10, "how many stacks"));
}
