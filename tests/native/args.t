# Arguments of user-space functions by name and type, from debug information.

NAME args: integers of all sizes
TAGS oracle
PROG
	uprobe:./progs/typed:take_ints {
		print(args.a); print(args->b); print(args.c); print(args.d); print(args.e); print(args.f);
		@[args.a, args.c] = count(); @sum = sum(args.b);
	}
RUN -c ./progs/typed
EXPECT
	-1
	-2
	200
	1
	99
	-5
	
	
	@[-1, 200]: 1
	@sum: -2

NAME args: pointers are followed, members of every kind
TAGS oracle
PROG
	uprobe:./progs/typed:take_item {
		print(args.p->x); print(args.p.x); print(args.p->b1); print(args.p->b2);
		print(args.p->next->x); print(str(args.p->name)); print(str(args.p->next->name));
		print(args.p->in); print(args.p->in.a); print(args.p->in.name);
		print(args.p->arr); print(args.p->arr[2]); print(args.p->txt); print(args.p->bytes);
		print(str(args.s)); printf("%d %d %s\n", args.c, args.p->c, args.p->txt);
		@[args.p->x, args.p->txt] = count();
	}
RUN -c ./progs/typed
EXPECT
	42
	42
	5
	17
	77
	first
	second
	{ .a = 7, .name = inner }
	7
	inner
	[1,2,3,4]
	3
	text
	[65,66]
	hello
	5 5 text
	
	
	@[42, text]: 1

NAME args: what bpftrace does not see: typedefs, qualifiers, unions, anonymous members, enums
PROG
	uprobe:./progs/typed:take_item {
		print(args.cp->x); print(args.un->q); print(args.p->u.i); print(args.p->u);
		print(args.p->hidden); print(args.p->grid); print(args.p->grid[1][2]);
		printf("%s %s\n", args.c, args.p->c); $p = args.p; print($p->next->x);
		printf("%d %d\n", (*args.p).x, args.p->x == 42 && args.p->next != 0);
	}
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	77
	11
	3
	{ .i = 3, .l = 3 }
	8
	[[1,2,3],[4,5,6]]
	6
	GREEN GREEN
	77
	42 1
	
	

NAME args: all of them, and those on the stack
PROG
	uprobe:./progs/typed:take_ints { print(args); @all = args }
	uprobe:./progs/typed:take_many { print(args); print(args.a8) }
RUN -c ./progs/typed
EXPECT
	{ .a = -1, .b = -2, .c = 200, .d = 1, .e = 99, .f = -5 }
	{ .a1 = 1, .a2 = 2, .a3 = 3, .a4 = 4, .a5 = 5, .a6 = 6, .a7 = 7, .a8 = 8 }
	8
	
	
	@all: { .a = -1, .b = -2, .c = 200, .d = 1, .e = 99, .f = -5 }

NAME args: integers of 128 bits are their low half
# What stands in arrays keeps its bytes.
PROG
	uprobe:./progs/typed:wide_ints { print((args.u, args.after)); print(args.u + 1); print(sizeof(args.u)); print(args.w.value); @ = *args.w }
RUN -c ./progs/typed
EXPECT
	(5, 6)
	6
	8
	-8
	
	
	@: { .c = 119, .value = -8, .many = [[9,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],[10,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]] }

NAME args: structs by value, and what floating point moves
PROG
	uprobe:./progs/typed:take_values { print(args.in); print(args.in.name); print(args.pair.second); print(args.after) }
	uprobe:./progs/typed:take_floats { print(args) }
	uprobe:./progs/typed:take_mixed { print(args.after) }
	uprobe:./progs/typed:give_big { print(args.x) }
RUN -c ./progs/typed
EXPECT
	{ .a = 9, .name = value }
	value
	200
	4
	{ .n = 2, .m = 3 }
	8
	5
	
	

NAME args: large structs by value, in different places
PROG
	uprobe:./progs/typed:by_value { print(args.item.in); print(args.item); }
	uprobe:./progs/typed:by_value* { printf("%s %d %d %s %d\n", func, args.n, args.item.x, str(args.item.name), args.pair.first); print(args.pair); }
RUN -c ./progs/typed
FEATURES rungs
EXPECT_RE ^{ .a = 7, .name = inner }$
EXPECT_RE ^{ .x = 42, .b1 = 5, .b2 = 17, .next = 0x[0-9a-f]+, .* .txt = text, .* .bytes = \[65,66\] }$
EXPECT_RE ^by_value 1 42 first 100$
EXPECT_RE ^by_value_late 2 77 second 100$
EXPECT_RE ^{ .first = 100, .second = 200 }$

NAME args: large structs by value, at the return as they were at the entry
PROG
	session:./progs/typed:by_value* { return { printf("%s %d %d %d\n", func, args.item.x, args.pair.first, retval); } }
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	by_value 42 100 1
	by_value_late 77 100 7
	
	

NAME args: several attach points, each with its own positions
TAGS oracle
PROG
	uprobe:./progs/typed:take_name,uprobe:./progs/typed:take_other { printf("%d %s\n", args.number, str(args.name)); }
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	3 hello
	4 hello
	
	

NAME args: under a wildcard, functions without such an argument are set aside
PROG
	uprobe:./progs/typed:take_* { printf("%s %d %s\n", func, args.number, str(args.name)); }
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	take_name 3 hello
	take_other 4 hello
	
	

NAME args: the reasons are shown
PROG
	uprobe:./progs/typed:take_* { printf("%d %s\n", args.number, str(args.name)); }
RUN --explain -v
EXPECT_RE 1 program, (1 link, 2 fds|2 links, 3 fds), 2 targets
EXPECT_RE take_ints: it has no argument 'number'$
EXPECT_RE take_long_name: its argument 'name' is of type 'int64', not 'int8 \*'$

NAME args: in the return half they are those of this call's entry
PROG
	session:./progs/typed:outer {
		entry { printf("> %d %d\n", args.depth, args.p->x); }
		return { printf("< %d %d %d\n", args.depth, args.p->x, retval); }
	}
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	> 2 42
	> 1 43
	> 0 44
	< 0 45 44
	< 1 45 87
	< 2 45 129
	
	

NAME args: a predicate, a struct by value and a wildcard in a session
PROG
	session:./progs/typed:take_values { return { print(args); print(retval); } }
	session:./progs/typed:take_* /args.number == 4/ { return { printf("%s %s %d\n", func, str(args.name), retval); } }
RUN -c ./progs/typed
FEATURES rungs
EXPECT
	take_other hello 108
	{ .in = { .a = 9, .name = value }, .pair = { .first = 100, .second = 200 }, .after = 4 }
	313
	
	

NAME args: casts to the program's types
PROG
	uprobe:./progs/typed:take_item {
		print(((struct item *)arg0)->in.a); print(((item_t *)arg0)->next->x);
		print(sizeof(struct item)); print(offsetof(struct item, in)); printf("%s\n", (enum color)arg3);
	}
RUN -c ./progs/typed
EXPECT
	7
	77
	112
	24
	GREEN
	
	

NAME args: argtype selects by type
PROG
	uprobe:./progs/typed:take_* { printf("%s %d\n", func, argtype("struct item *")->x); }
RUN -c ./progs/typed
EXPECT
	take_item 42
	
	

NAME args: debug information in a file of its own
PROG
	uprobe:./progs/typed-apart:take_name { printf("%d %s %s\n", args.number, str(args.name), func); print(ustack(1)); }
RUN -c ./progs/typed-apart
EXPECT
	3 hello take_name
	
	        take_name+0
	
	
	

NAME args: C++ names, references, base classes
PROG
	uprobe:./progs/typed-cpp:cpp:"shop::read" { printf("%s %d %d %d\n", func, args.book->pages, args.book->count, args.aloud); }
	uprobe:./progs/typed-cpp:cpp:"shop::total" { printf("%s %d %d\n", func, args.item->count, args.n); }
	uprobe:./progs/typed-cpp:cpp:"shop::Item::add" { printf("%s %s %d\n", func, probe, args.this->count); }
RUN -c ./progs/typed-cpp
EXPECT
	shop::Item::add(int) uprobe:./progs/typed-cpp:cpp:_ZN4shop4Item3addEi 3
	shop::total(shop::Item const&, long) 7 8
	shop::read(shop::Book*, bool) 200 2 1
	
	

NAME cpp: whole names, names without parameters, globs
PROG
	uprobe:./progs/typed-cpp:cpp:"shop::total(int)" { @whole[probe] = count(); }
	uprobe:./progs/typed-cpp:cpp:"shop::total" { @both[func] = count(); }
	uprobe:./progs/typed-cpp:cpp:"*Item::zero*" { @glob[func] = count(); }
RUN -c ./progs/typed-cpp
EXPECT
	
	
	@both[shop::total(int)]: 1
	@both[shop::total(shop::Item const&, long)]: 1
	@glob[shop::Item::zero(int)]: 1
	@whole[uprobe:./progs/typed-cpp:cpp:_ZN4shop5totalEi]: 1

NAME cpp: no such name
PROG
	uprobe:./progs/typed-cpp:cpp:total { print(1) }
RUN
EXPECT
EXPECT_ERR Probe has no valid attach points
STATUS 2

NAME args: no such argument
PROG
	uprobe:./progs/typed:take_name { print(args.nmae); print(args.number) }
RUN
EXPECT
EXPECT_ERR take_name: it has no argument 'nmae' \[no-such-argument\]
EXPECT_ERR HINT: did you mean 'name'\?
STATUS 1

NAME args: no such member
PROG
	uprobe:./progs/typed:take_item { print(args.p->nxt) }
RUN
EXPECT
EXPECT_ERR Struct/union of type 'struct item' does not contain a field named 'nxt'
EXPECT_ERR HINT: did you mean 'next'\?
STATUS 1

NAME args: what cannot be read says why
PROG
	uprobe:./progs/typed:take_floats { print(args.f) }
RUN
EXPECT
EXPECT_ERR its argument 'f' is passed in floating-point registers, which eBPF cannot read
STATUS 1

NAME args: not in a uretprobe, as in bpftrace
PROG
	uretprobe:./progs/typed:take_name { print(args.name) }
RUN
EXPECT
EXPECT_ERR The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and uprobe probes \(uretprobe used here\)
STATUS 1

NAME args: a program without debug information
PROG
	uprobe:./progs/calls:work { print(args.n) }
RUN
EXPECT
EXPECT_ERR calls has no debug information
STATUS 1

NAME args: --check looks the program up
PROG
	uprobe:./progs/typed:take_name { print(args.number) }
RUN --check
TAGS nopriv
EXPECT


NAME stacks and symbols of a stripped program, by a debug file elsewhere
SHELL
	mkdir program debug
	cp ./progs/typed-apart program/
	cp ./progs/typed-apart.debug debug/
	$MTRACE -q --debuginfo $PWD/debug -c program/typed-apart -e '
		uprobe:program/typed-apart:take_name { printf("%s%s\n", ustack(1), usym(reg("ip"))); }'
EXPECT
	
	        take_name+0
	take_name
	
	

NAME args: inside a function, what the registers hold
TAGS oracle
PROG
	uprobe:./progs/typed:take_ints+4 { print((args.a, args.b, args.c, args.d)); print(args.a == (int32)arg0); }
RUN -c ./progs/typed
EXPECT
	(-1, -2, 200, 1)
	true
	
	

NAME args: inside a function there is none on the stack
PROG
	uprobe:./progs/typed:take_many+4 { print(args.a6); print(args.a7); }
RUN -c ./progs/typed
EXPECT
EXPECT_ERR take_many: its argument 'a7' is on the stack, and where there is only known where a function begins
STATUS 1

NAME args: on a source line inside a function there are none
SHELL
	line=$(grep -n 'return number + name' %SRC%/tests/native/progs/typed.c | head -1 | cut -d: -f1)
	$MTRACE -e "uprobe:./progs/typed@typed.c:$line { print(args.number); }" 2>&1 | head -1
EXPECT_RE take_name: arguments are only known where a function begins

NAME -lv: the arguments of functions
RUN -lv 'uprobe:./progs/typed:take_n*'
TAGS oracle nopriv
EXPECT
	uprobe:./progs/typed:take_name
	    int number
	    char* name
	uprobe:./progs/typed:take_nothing

NAME -lv: structs, qualifiers, typedefs
SHELL
	$MTRACE -lv 'uprobe:./progs/typed:take_item'
	$MTRACE -lv 'session:./progs/typed:take_values'
TAGS nopriv
EXPECT
	uprobe:./progs/typed:take_item
	    struct item* p
	    const item_t* cp
	    untagged* un
	    enum color c
	    char* s
	session:./progs/typed:take_values
	    struct inner in
	    struct pair pair
	    int after

NAME -lv: nothing under return probes, C++ by its names
SHELL
	$MTRACE -lv 'uretprobe:./progs/typed:take_name'
	$MTRACE -lv 'uprobe:./progs/typed-cpp:cpp:"shop::read"'
TAGS nopriv
EXPECT
	uretprobe:./progs/typed:take_name
	uprobe:./progs/typed-cpp:cpp:_ZN4shop4readEPNS_4BookEb
	    struct Book* book
	    bool aloud

NAME a source line: one place in each function that has code of it
SHELL
	line=$(grep -n 'return number + name' %SRC%/tests/native/progs/typed.c | head -1 | cut -d: -f1)
	$MTRACE -c ./progs/typed -e "uprobe:./progs/typed@typed.c:$line { @[func] = count(); }"
	$MTRACE -c ./progs/typed -e "uprobe:./progs/typed@progs/typed.c:$line { @[func] = count(); }"
EXPECT
	
	
	@[take_name]: 1
	
	
	@[take_name]: 1

NAME a source line without code
PROG
	uprobe:./progs/typed@typed.c:1 { print(1) }
RUN
EXPECT
EXPECT_ERR Unable to map 'typed.c:1' to an address
EXPECT_ERR HINT: the next line with code is [0-9]+
STATUS 2

NAME a source line is not for returns
PROG
	uretprobe:./progs/typed@typed.c:80 { print(1) }
RUN
EXPECT
EXPECT_ERR Source code location not allowed
STATUS 2
