# C in scripts: definitions, macros, headers, and memory of a program read by them.

NAME macros and conditions
TAGS oracle
PROG
	#define FOO 5
	#define BAR "abc"
	#define EXPR (FOO+1)
	#if FOO > 4 && !defined(NOT_DEFINED)
	#define WHICH 1
	#else
	#define WHICH 2
	#endif
	BEGIN { printf("%d %s %d\n", FOO, BAR, EXPR); print(WHICH); exit() }
EXPECT
	5 abc 6
	1
	
	

NAME enums print as their names
TAGS oracle
PROG
	enum color { RED, GREEN = 5, BLUE };
	BEGIN { print(RED); print(BLUE); printf("%s %d\n", GREEN, GREEN); print((enum color)5); print(RED + BLUE); @a[GREEN] = 1; exit() }
EXPECT
	RED
	BLUE
	GREEN 5
	GREEN
	6
	
	
	@a[GREEN]: 1

NAME enums in JSON
TAGS oracle
PROG
	enum color { RED, GREEN = 5, BLUE };
	BEGIN { @a = GREEN; @b[BLUE] = 1; print(RED); exit() }
RUN -f json
EXPECT
	{"type": "attached_probes", "count": 1, "data": {"probes": 1}}
	{"type": "value", "data": 0}
	{"type": "map", "data": {"@a": 5}}
	{"type": "map", "data": {"@b": {"BLUE": 1}}}

NAME structs of a program
TAGS oracle
PROG
	enum kind { NONE, FILE_KIND = 3, SOCKET_KIND = 7 };
	struct inner { short x; char tag[6]; };
	struct my_node {
		int id;
		enum kind kind;
		char name[16];
		const char *label;
		unsigned a : 3, b : 7;
		unsigned long big : 40;
		struct inner in;
		union { long l; char c[8]; };
		struct { int p, q; } pos;
		struct my_node *next;
		int arr[4];
		int (*call)(int);
		unsigned char raw[4];
		_Bool ok;
		struct inner *far;
	};
	struct my_packed { char a; int b; long c; } __attribute__((packed));
	uprobe:./progs/structs:work {
		$n = (struct my_node *)arg0;
		$p = (struct my_packed *)arg1;
		printf("%d %s %s %s\n", $n->id, $n->kind, $n->name, str($n->label));
		printf("%d %d %lx\n", $n->a, $n->b, $n->big);
		printf("%d %s %lx %d\n", $n->in.x, $n->in.tag, $n->l, $n->pos.q);
		printf("%s %s\n", $n->next->name, $n->next->kind);
		print($n->arr);
		print($n->raw);
		print(($n->ok, $n->far->x, $n->raw[3]));
		printf("%c %d %ld\n", $p->a, $p->b, $p->c);
		print((sizeof(struct my_node), sizeof(struct my_packed), offsetof(struct my_node, pos)));
		@[$n->kind, $n->name] = count();
	}
RUN -c ./progs/structs
EXPECT
	1 FILE_KIND first lab1
	5 100 123456789a
	12 in1 4142434445464748 -2
	second SOCKET_KIND
	[10,20,30,40]
	[1,2,3,250]
	(1, 77, 250)
	z -123456 1099511627776
	(112, 13, 56)
	
	
	@[FILE_KIND, first]: 1

NAME structs of a program in JSON
PROG
	struct inner { short x; char tag[6]; };
	struct my_node { int id; int kind; char name[16]; char *label; long bits; struct inner in; };
	uprobe:./progs/structs:work { $n = (struct my_node *)arg0; print($n->in); @ = $n->name; }
RUN -f json -c ./progs/structs
EXPECT_JSON {"type": "value", "data": {"x": 12, "tag": "in1"}}
EXPECT_JSON {"type": "map", "data": {"@": "first"}}

NAME the script's struct comes before the program's own
TAGS oracle
PROG
	struct my_node { int id; int second; };
	uprobe:./progs/structs:work { print(*(struct my_node *)arg0); print(sizeof(struct my_node)) }
RUN -c ./progs/structs
EXPECT
	{ .id = 1, .second = 3 }
	8
	
	

NAME the script's own task_struct is curtask's
PROG
	struct task_struct { int x; };
	BEGIN { print(curtask.x == curtask.x); exit() }
EXPECT
	true
	
	

NAME an array of char without a NUL is text to its end
PROG
	struct chars { char c[8]; };
	uprobe:./progs/structs:work {
		$c = (struct chars *)(arg0 + 48);
		print($c->c); print(strlen($c->c)); print($c->c == "HGFEDCBA"); print(*$c);
		@ = $c->c; printf("%s|\n", @)
	}
RUN -c ./progs/structs
EXPECT
	HGFEDCBA
	8
	true
	{ .c = HGFEDCBA }
	HGFEDCBA|
	
	
	@: HGFEDCBA

NAME bitfields have no sign
TAGS oracle
PROG
	struct bits { int a : 3, b : 29; };
	uprobe:./progs/structs:work { $b = (struct bits *)(arg0 + 56); print($b->a); print($b->b); print(*$b) }
RUN -c ./progs/structs
EXPECT
	7
	536870911
	{ .a = 7, .b = 536870911 }
	
	

NAME floating-point numbers print as null
PROG
	union number { int i; float f; };
	struct pair { union number n; int z; double d; };
	uprobe:./progs/structs:work { print(*(struct pair *)arg0) }
RUN -c ./progs/structs
EXPECT
	{ .n = { .i = 1, .f = null }, .z = 3, .d = null }
	
	

NAME the script's own header
FILE own.h
	#pragma once
	#define SIZE 3
	typedef unsigned int number_t;
	struct own { number_t n[SIZE]; };
PROG
	#include "own.h"
	#include "own.h"
	BEGIN { print(sizeof(struct own)); print(SIZE); exit() }
EXPECT
	12
	3
	
	

NAME a header of a -I directory
FILE more.h
	#ifndef MORE
	#define MORE 4
	#include "more.h"
	#endif
PROG
	#include <more.h>
	BEGIN { print(MORE); exit() }
RUN -I .
EXPECT
	4
	
	

NAME a header that includes itself
FILE own.h
	#include "own.h"
PROG
	#include "own.h"
	BEGIN { exit() }
STATUS 1
EXPECT_ERR own\.h:1:.*#include nested too deeply \[c-include\]

NAME a header of the C library
REQUIRES file:/usr/include/netinet/in.h
PROG
	#include <netinet/in.h>
	BEGIN { print(AF_INET6); print(sizeof(struct sockaddr_in)); print(IPPROTO_TCP); exit() }
EXPECT
	10
	16
	IPPROTO_TCP
	
	

NAME kernel headers are not needed with BTF
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	#ifndef BPFTRACE_HAVE_BTF
	#error no BTF
	#endif
	#include <linux/sched.h>
	#include <net/sock.h>
	struct mine { struct task_struct *task; struct list_head list; u32 n; };
	BEGIN { print(sizeof(struct mine)); print(((struct mine *)0)->n); exit() }
EXPECT_RE ^32$

NAME a type of the kernel defined anew
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	struct task_struct { int mine; };
	BEGIN { print(sizeof(struct task_struct)); exit() }
EXPECT
	4
	
	
EXPECT_ERR 'struct task_struct' is also a type of the kernel.* \[kernel-type\]

NAME C that only libclang reads
REQUIRES file:/usr/lib/llvm-19/lib/libclang-19.so.1 file:/sys/kernel/btf/vmlinux
PROG
	#pragma pack(push, 1)
	struct p { char a; int b; struct list_head l; u32 x; };
	#pragma pack(pop)
	struct q {
		char a;
		__typeof__(((struct p *)0)->b) z;
		enum e { AA = 7, BB } e;
		union { int u1; char u2[8]; };
		struct { short s1; };
		int bf : 3, bg : 7;
		struct p *pp;
		int arr[2][3];
		double d;
		int (*fn)(int);
		char name[4];
	};
	typedef struct { int k; } anon_t;
	#define VAL (BB + 1)
	BEGIN {
		print((sizeof(struct p), offsetof(struct p, b), offsetof(struct p, x)));
		print((sizeof(struct q), offsetof(struct q, u2), offsetof(struct q, s1)));
		print((offsetof(struct q, pp), offsetof(struct q, d), offsetof(struct q, name)));
		print((sizeof(anon_t), VAL));
		print(BB);
		$q = (struct q *)0;
		print(($q->bg, $q->arr[1][2], $q->name, $q->pp->l.next));
		exit();
	}
EXPECT
	(25, 1, 21)
	(80, 12, 20)
	(24, 56, 72)
	(4, 9)
	BB
	(0, 0, , 0x0)
	
	

NAME C that only libclang reads, without libclang
SHELL
	printf '#pragma pack(1)\nstruct p { char a; int b; };\nBEGIN { exit() }' > p.bt
	MTRACE_LIBCLANG= $MTRACE --check p.bt
STATUS 1
EXPECT_ERR 1:9-13: ERROR: #pragma pack is only understood by libclang \[c-directive\]
EXPECT_ERR ^HINT: install the package libclang1-19, or

NAME a name that a header has, to be found by libclang
REQUIRES file:/usr/lib/llvm-19/lib/libclang-19.so.1
FILE odd.h
	struct odd { __typeof__(1 ? 2L : 3L) x; int y; };
	typedef struct odd odd_t;
	#define ODD 77
SHELL
	mkdir -p sys; mv odd.h sys
	printf '#include <odd.h>\nBEGIN { print((sizeof(odd_t), offsetof(struct odd, y), ODD)); exit() }' > o.bt
	CPATH=sys $MTRACE -q o.bt
	$MTRACE -q -I sys o.bt
EXPECT
	(16, 8, 77)
	
	
	(16, 8, 77)
	
	

NAME headers from the command line and by import
FILE one.h
	#define ONE 1
FILE two.h
	struct two { int a, b; };
SHELL
	mkdir dir; mv two.h dir; printf 'macro three() { 3 }' > dir/three.bt
	printf 'import "dir"; BEGIN { print((ONE, sizeof(struct two), three())); exit() }' > h.bt
	$MTRACE -q --include one.h h.bt
EXPECT
	(1, 8, 3)
	
	

NAME kernel headers where BPFTRACE_KERNEL_SOURCE says
SHELL
	mkdir -p tree/include/linux; printf '#define MINE 5\n' > tree/include/linux/mine.h
	BPFTRACE_KERNEL_SOURCE=$PWD/tree $MTRACE -q -e '#include <linux/mine.h>
	BEGIN { print(MINE); exit() }'
EXPECT
	5
	
	

NAME structs within structs beyond a limit, which libclang would take years for
SHELL
	awk 'BEGIN { for (i = 0; i < 100; i++) a = a " struct {"; for (i = 0; i < 100; i++) b = b "} x; "; print "struct s {" a "int a; " b "};\nBEGIN { print(sizeof(struct s)); }" }' >deep.mt
	$MTRACE --check deep.mt
STATUS 1
EXPECT_ERR this definition is nested too deep \[too-deep\]
