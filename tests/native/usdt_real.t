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
