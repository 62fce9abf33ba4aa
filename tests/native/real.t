# A real program, copied from the system so that nothing live is probed: python3 runs a script
# and its interpreter is traced by glob.

NAME allocations of a copy of python3 that runs a script
TAGS slow
REQUIRES cmd:python3
SHELL
	py=$(readlink -f "$(command -v python3)")
	lib=$(ldd "$py" | awk '/libpython/ { print $3 }')
	cp "$py" ./python
	target=./python run=./python
	if [ -n "$lib" ]; then # the interpreter is in a library
		cp "$lib" . && target=./${lib##*/} run="env LD_LIBRARY_PATH=$PWD ./python"
	fi
	echo 'print(sum(len(str(i)) for i in range(20000)))' > work.py
	$MTRACE -q -e '
		uprobe:'$target':PyLong_From* { @calls[func] = count(); }
		session:'$target':PyObject_Str { entry { $o = arg0; } return { @str = count(); if ($o == 0 || retval == 0) { @bad = count(); } } }
	' -c "$run work.py" > out || echo "status $?"
	grep -q '^88890$' out && echo ran
	grep -q '^@calls\[PyLong_From' out && echo counted
	awk -F': ' '/^@str/ { print ($2 >= 20000) ? "all" : $2 }' out
	grep '@bad' out
	true
EXPECT
	ran
	counted
	all
TIMEOUT 60

NAME every public function of a copy of python3 in one link
TAGS slow
REQUIRES cmd:python3
SHELL
	py=$(readlink -f "$(command -v python3)")
	lib=$(ldd "$py" | awk '/libpython/ { print $3 }')
	cp "$py" ./python
	target=./python run=./python
	if [ -n "$lib" ]; then # the interpreter is in a library
		cp "$lib" . && target=./${lib##*/} run="env LD_LIBRARY_PATH=$PWD ./python"
	fi
	$MTRACE --explain -e 'session:'$target':Py* { return { @[func] = count(); } }' > plan
	grep -c '1 program, 1 link, 2 fds' plan
	$MTRACE -q -e 'session:'$target':Py* { return { @[func] = count(); } } END { printf("%d\n", len(@) > 100); clear(@) }' -c "$run -I -S -c 1" | head -1
EXPECT
	1
	1
TIMEOUT 200

NAME a copy of bash runs a script
REQUIRES file:/bin/bash
SHELL
	cp /bin/bash ./shell
	printf 'f() { echo "$1"; }\nfor i in 1 2 3; do f $i; done\n' > script.sh
	$MTRACE -q -e 'session:./shell:execute_command { return { @ = count(); @ns = hist(elapsed); } }' -c './shell script.sh' > out || echo "status $?"
	grep -c '^[123]$' out
	awk -F': ' '/^@:/ { print ($2 > 0) }' out
EXPECT
	3
	1
TIMEOUT 60
