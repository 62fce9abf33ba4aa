# USDT probes of programs that Debian ships with them: copies, so that nothing live is probed.

NAME usdt probes of a copy of the C++ library
TAGS novm
REQUIRES usdt:/usr/lib/*/libstdc++.so.6
FEATURES -; uprobe_session,uprobe_multi
SHELL
	mkdir lib
	cp "$(ldd ./progs/throw | awk '/libstdc/ { print $3 }')" lib/libstdc++.so.6
	$MTRACE -l 'usdt:./lib/libstdc++.so.6:*'
	LD_LIBRARY_PATH=$PWD/lib $MTRACE -q -e '
		usdt:./lib/libstdc++.so.6:libstdcxx:throw { @thrown = sum(*(int32 *)arg0) }
		usdt:./lib/libstdc++.so.6:catch { @caught[*(int32 *)arg0] = count() }
	' -c './progs/throw 3'
EXPECT
	usdt:./lib/libstdc++.so.6:libstdcxx:catch
	usdt:./lib/libstdc++.so.6:libstdcxx:rethrow
	usdt:./lib/libstdc++.so.6:libstdcxx:throw
	
	
	@caught[1]: 1
	@caught[2]: 1
	@caught[3]: 1
	@thrown: 6

NAME usdt probes of a copy of python3
TAGS novm
REQUIRES usdt:/usr/bin/python3=function__return
FEATURES -; uprobe_session,uprobe_multi
SHELL
	py=$(readlink -f /usr/bin/python3)
	cp "$py" ./python
	printf 'def work(n): return n\nlist(map(work, range(3)))\n' > work.py
	$MTRACE -q -e '
		usdt:./python:python:function__return /str(arg1) == "work"/ { printf("%s line %d\n", str(arg1), arg2) }
		usdt:./python:import__find__load__* { @[probe] = count() }
	' -c "./python work.py" > out
	grep -c '^work line 1$' out
	awk -F': ' '/import__find__load__start/ { a = $2 } /import__find__load__done/ { b = $2 } END { print (a > 0 && a == b ? "imports" : "no") }' out
EXPECT
	3
	imports
TIMEOUT 60

NAME usdt probes of a copy of postgres, every argument of every site
TAGS slow
REQUIRES cmd:setpriv usdt:/usr/lib/postgresql/*/bin/postgres
SHELL
	real=$(ls -d /usr/lib/postgresql/*/bin/postgres 2> /dev/null | tail -1)
	v=${real#/usr/lib/postgresql/}; v=${v%%/*}
	mkdir -p pg/usr/lib/postgresql pg/usr/share/postgresql data
	cp -r /usr/lib/postgresql/$v pg/usr/lib/postgresql/
	cp -r /usr/share/postgresql/$v pg/usr/share/postgresql/
	bin=$PWD/pg/usr/lib/postgresql/$v/bin
	chmod 755 . && chown nobody data
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	$as $bin/initdb -D data -N -A trust > init 2>&1 || { cat init; exit; }
	echo 'select 6 * 7;' > query
	$MTRACE -q -o out -e '
		usdt:'$bin'/postgres:postgresql:query__start { printf("query: %s\n", str(arg0)) }
		usdt:'$bin'/postgres:* { @all = count(); @sum = sum((arg0 + arg1 + arg2 + arg3 + arg4 + arg5 + arg6) & 1); }
		usdt:'$bin'/postgres:buffer__read__start /arg3 > 0 && arg4 > 0/ { @reads = count() }
	' -c "$as $bin/postgres --single -D $PWD/data postgres" < query > session
	grep '^query' out
	awk '/^@all/ { print ($2 > 1000 ? "many" : "few") } /^@reads/ { print ($2 > 100 ? "reads" : "no reads") }' out
EXPECT
	query: select 6 * 7;
	many
	reads
TIMEOUT 60

# PHP, Ruby and Java ask a site's semaphore first: started after mtrace, they must find it raised.

NAME usdt probes of a copy of php that starts later
TAGS novm
REQUIRES usdt:/usr/bin/php[0-9]*
FEATURES -; uprobe_session,uprobe_multi
FILE work.php
	<?php
	class A { function m($x) { return $x + 1; } }
	function f($x) { return (new A)->m($x); }
	for ($i = 0; $i < 2; $i++) f($i);
	try { throw new LengthException("long"); } catch (Exception $e) { }
SHELL
	cp "$(ls /usr/bin/php[0-9]* | tail -1)" php
	mkfifo ready
	$MTRACE --usdt-file-activation -q -o out --ready-fd 9 -e '
		usdt:./php:php:function__entry { printf("%s%s%s %d\n", str(arg3), str(arg4), str(arg0), arg2 > 1) }
		usdt:./php:exception__thrown { printf("%s\n", str(arg0)) }' 9>ready & tracer=$!
	read -r line <ready
	USE_ZEND_DTRACE=1 ./php -n work.php
	kill -INT $tracer; wait $tracer
	grep . out
EXPECT
	main 1
	f 1
	A::m 1
	f 1
	A::m 1
	LengthException

NAME usdt probes of a copy of ruby's library that is opened later
TAGS novm
REQUIRES cmd:ruby usdt:/usr/lib/*/libruby*.so.*.*.*
FEATURES -; uprobe_session,uprobe_multi
FILE work.rb
	3.times { |i| [i, 1, 2, 3, 4, 5, 6].rotate }
	begin; raise ArgumentError; rescue; end
SHELL
	real=$(ls /usr/lib/*/libruby*.so.*.*.* | tail -1)
	soname=$(basename ${real%.*})
	mkdir lib; cp "$real" lib/$soname
	mkfifo ready
	$MTRACE -q -o out --ready-fd 9 -e '
		usdt:./lib/'$soname':ruby:cmethod__entry /str(arg1) == "rotate"/ { printf("%s.%s line %d\n", str(arg0), str(arg1), arg3) }
		usdt:./lib/'$soname':array__create /str(arg1) == "work.rb" && arg0 == 7/ { @created = count() }
		usdt:./lib/'$soname':raise { printf("%s line %d\n", str(arg0), arg2) }' 9>ready & tracer=$!
	read -r line <ready
	LD_LIBRARY_PATH=$PWD/lib ruby --disable-gems work.rb
	kill -INT $tracer; wait $tracer
	grep . out
EXPECT_RE ^(Array.rotate line 1\n){3}ArgumentError line 2\n@created: [3-9]$

NAME usdt probes of a copy of java's machine, which is opened later
TAGS novm
REQUIRES usdt:/usr/lib/jvm/*/lib/server/libjvm.so
SHELL
	home=$(dirname "$(ls /usr/lib/jvm/*/lib/server/libjvm.so | head -1)")/../..
	mkdir -p java/bin java/lib/server
	cp $home/bin/java java/bin/
	cp $home/lib/server/libjvm.so java/lib/server/
	ln -s $home/lib/* java/lib/ 2> /dev/null # not server
	ln -s $home/conf java/
	mkfifo ready
	$MTRACE -q -o out --ready-fd 9 -e '
		usdt:./java/lib/server/libjvm.so:hotspot:class__loaded { @loaded[str(arg0, arg1 + 1)] = count() }
		usdt:./java/lib/server/libjvm.so:hotspot:thread__start { @started[str(arg0, arg1 + 1)] = count() }
		usdt:./java/lib/server/libjvm.so:hotspot_jni:FindClass__entry { @found[str(arg1)] = count() }
		usdt:./java/lib/server/libjvm.so:* { @all = sum((arg0 + arg1 + arg2 + arg3 + arg4 + arg5) & 1) }' 9>ready & tracer=$!
	read -r line <ready
	./java/bin/java -Xshare:off -version
	kill -INT $tracer; wait $tracer
	grep -x '@loaded\[java/lang/String\]: 1' out
	grep -c '^@started\[Reference Handler\]' out
	grep -c '^@found\[java' out
	awk '/^@all/ { print ($2 > 100 ? "many" : "few") }' out
EXPECT_RE ^@loaded\[java/lang/String\]: 1\n1\n[1-9]\d*\nmany$
