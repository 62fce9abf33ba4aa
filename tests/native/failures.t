# What goes wrong while a script runs: where, and why.

NAME a division by zero is told where it is
RUN -e 'begin { $a = 0; @x = 5 / $a; printf("%d\n", @x); exit(); }'
EXPECT
	1
	
	
	@x: 1
EXPECT_ERR ^Attached 1 probe\nstdin:1:22-28: WARNING: Divide or modulo by 0 detected\. This can lead to unexpected results\. 1 is being used as the result\.\nbegin \{ .*\n {21}~~~~~~\n

NAME every way to divide
SHELL
	$MTRACE -q -e 'begin { $z = 0; $a = 7; $a /= $z; @m = 7; @m %= $z; @k[1] = 9; @k[1] /= $z;
	printf("%d %d %d %d %d\n", $a, @m, @k[1], -7 % $z, 7 / ($z + 1)); exit(); }' 2>&1 | grep -o -e '^stdin:[^ ]* WARNING: Divide' -e '^[0-9 ]*[0-9]$'
EXPECT
	stdin:1:28-33: WARNING: Divide
	stdin:1:46-51: WARNING: Divide
	stdin:1:70-75: WARNING: Divide
	stdin:2:43-50: WARNING: Divide
	1 1 1 1 7

NAME without warnings
RUN --no-warnings -e 'begin { $a = 0; print(5 % $a); exit(); }'
EXPECT
	1
	
	
EXPECT_ERR_NOT Divide

NAME a failure comes before the record that it is part of
RUN -f json -q -e 'begin { $a = 0; printf("%d\n", 5 / $a); exit(); }'
EXPECT
	{"type": "runtime_error", "msg": "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.", "filename": "stdin", "line": 1, "col": 32}
	{"type": "printf", "data": "1\n"}

NAME a map that is full
SHELL
	$MTRACE -q -e 'config = { max_map_keys = 1 }
	begin { @a[1] = 1; @a[2] = 2; @b[1]++; @b[2]++; @c[1] = count(); @c[2] = count(); @d[1] += 2;
	@d[2] += 2; exit(); }' 2>&1 | grep -v '^begin\|^@'
EXPECT
	stdin:2:20-29: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`
	Additional Info - helper: map_update_elem, retcode: -7
	                   ~~~~~~~~~
	stdin:2:40-47: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`
	Additional Info - helper: map_update_elem, retcode: -7
	                                       ~~~~~~~
	stdin:2:74-81: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`
	Additional Info - helper: map_update_elem, retcode: -7
	                                                                         ~~~~~~~
	stdin:3:1-11: WARNING: Map full; can't update element. Try increasing max_map_keys config or manually setting the max entries in a map declaration e.g. `let @a = hash(5000)`
	Additional Info - helper: map_update_elem, retcode: -7
	~~~~~~~~~~
	
	

NAME a map that is full, in JSON
RUN -f json -q -e 'config = { max_map_keys = 1 } begin { @a[1] = 1; @a[2] = 2; exit(); }'
EXPECT
	{"type": "helper_error", "msg": "Argument list too long", "helper": "map_update_elem", "retcode": -7, "filename": "stdin", "line": 1, "col": 50}
	{"type": "map", "data": {"@a": {"1": 1}}}

NAME a flood is told for a while only, and all of it counted
SHELL
	$MTRACE -e 'begin { $z = 0; for $i : 0..5000 { @ = 1 / $z; } exit(); }' 2>&1 | grep -c 'WARNING: Divide'
	$MTRACE -k -e 'begin { $z = 0; for $i : 0..500 { @ = 1 / $z; } exit(); }' 2>&1 | grep -c 'WARNING: Divide'
	$MTRACE -e 'begin { $z = 0; for $i : 0..5000 { @ = 1 / $z; } exit(); }' 2>&1 | grep '^WARNING'
EXPECT
	100
	500
	WARNING: 5000 divisions by 0: the results are 1

NAME -k: reads of memory
SHELL
	$MTRACE -k -f json -q -e 'begin { $a = *uptr((uint64 *)1000); $b = *kptr((uint64 *)1000); print(str(uptr((int8 *)1000)));
	print(((struct task_struct *)1000).pid); print(buf(uptr((int8 *)1000), 2)); exit(); }' 2>/dev/null
EXPECT
	{"type": "helper_error", "msg": "Bad address", "helper": "probe_read_user", "retcode": -14, "filename": "stdin", "line": 1, "col": 14}
	{"type": "helper_error", "msg": "Numerical result out of range", "helper": "probe_read_kernel", "retcode": -34, "filename": "stdin", "line": 1, "col": 42}
	{"type": "helper_error", "msg": "Bad address", "helper": "probe_read_user_str", "retcode": -14, "filename": "stdin", "line": 1, "col": 71}
	{"type": "value", "data": ""}
	{"type": "helper_error", "msg": "Numerical result out of range", "helper": "probe_read_kernel", "retcode": -34, "filename": "stdin", "line": 2, "col": 7}
	{"type": "value", "data": 0}
	{"type": "helper_error", "msg": "Bad address", "helper": "probe_read_user", "retcode": -14, "filename": "stdin", "line": 2, "col": 48}
	{"type": "value", "data": [0,0]}

NAME -k: keys that are not there
SHELL
	$MTRACE -k -e 'begin { @z[1] = 1; $a = @z[2]; @z[3]++; @c[1] = count(); print(@c[2]); $b = @y; @y = 2;
	has_key(@z, 9); exit(); }' 2>&1 | grep -A1 'WARNING: [CS]'
EXPECT
	stdin:1:25-30: WARNING: Can't lookup map element because it does not exist.
	Additional Info - helper: map_lookup_elem, retcode: 0
	--
	stdin:1:32-39: WARNING: Can't lookup map element because it does not exist.
	Additional Info - helper: map_lookup_elem, retcode: 0
	--
	stdin:1:64-69: WARNING: Success
	Additional Info - helper: map_lookup_percpu_elem, retcode: 0
	--
	stdin:1:77-79: WARNING: Can't lookup map element because it does not exist.
	Additional Info - helper: map_lookup_elem, retcode: 0

NAME without -k these are quiet
RUN -e 'begin { @z[1] = 1; print(@z[2]); print(*(uint64 *)uptr((uint64 *)1000)); exit(); }'
EXPECT
	0
	0
	
	
	@z[1]: 1
EXPECT_ERR_NOT Additional Info

NAME -kk
TAGS nopriv
RUN -kk -e 'begin { exit(); }'
STATUS 1
EXPECT_ERR ERROR: -kk has been deprecated\. Use a single -k
