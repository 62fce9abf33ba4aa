//--- shebang
#!/usr/bin/env mtrace
BEGIN { }
//--- shebang and comment
#!/usr/bin/env bpftrace
/* a tool */
BEGIN { }
//--- config
config = { max_map_keys=5; stack_mode=perf; license="GPL v2"; print_maps_on_exit=false; }
BEGIN { }
//--- config, no last semicolon, old spellings
config = {
	BPFTRACE_MAX_STRLEN=100;
	missing_probes = "ignore"
}
BEGIN { }
//--- empty config
config = { } BEGIN { }
//--- config with values that are keywords elsewhere
config = { a=if; b=true; for=1 } BEGIN { }
//--- imports
import "x.bt"; import "stdlib/foo.h"
import "dir";
BEGIN { }
//--- preprocessor
#include <linux/sched.h>
#include "x.h"
#define FOO 1
#define BAR(x) ((x) + \
	1)
#ifdef FOO
#else
#endif
BEGIN { }
//--- struct
struct foo { int x; char y[4]; }
struct bar { struct foo f; };
BEGIN { }
//--- nested struct, bit fields, comments with braces
struct foo {
	/* } */ struct { int a : 3; union { int b; } u; } s; // }
	struct list_head *next;
};
BEGIN { }
//--- attributes
struct __attribute__((packed)) foo { int x; };
struct bar { int y; } __attribute__((aligned(8)));
BEGIN { }
//--- union and enum
union u { int a; long b; } enum e { A, B = 4, C };
enum f : uint8 { D }
BEGIN { }
//--- typedef and forward declarations
typedef unsigned int u32;
typedef struct { int x; } foo_t;
struct later;
BEGIN { }
//--- several probes behind C
struct a { int x; };
#define LATE 1
struct b { int x; };
BEGIN { }
END { }
//--- map declarations
let @a = hash(10); let @b = lruhash(100)
let @c = percpuhash(1);let @d=percpulruhash(0x10);
BEGIN { }
//--- macros
macro add($v, @m, e) { $v += 1; @m[e] = $v; $v }
macro none() { 1 }
macro add(x, y) { x + y }
macro stmts(@m) { @m = 1; }
BEGIN { add($x, @y, 1); none; none(); }
//--- a macro that ends in an if or a block
macro m(x) { if x { 1 } else { 2 } } macro n(x) { { x } } BEGIN { }
//--- subprograms
fn f($a : int8, $b : struct foo *) : int64 { return $a; }
fn g() : void { print(1); }
fn h($x : string[16]) : typeof(1) { return 2 }
BEGIN { f(1, 2); }
//--- config and imports in any order, behind C
#define X 1
import "a";
config = { max_map_keys=1 }
import "b";
BEGIN { }
//--- nothing
//--- only comments
/* nothing */ // here
//--- crlf
BEGIN {
	print(1);
}
END { }
