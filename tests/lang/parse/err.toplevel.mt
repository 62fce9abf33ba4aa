//--- no body
kprobe:f
//--- no body, more probes
kprobe:f print(1); }
BEGIN { print(2); }
//--- no comma between attach points
kprobe:f kprobe:g { }
//--- body left open
BEGIN { print(1);
//--- two bodies left open
BEGIN { if 1 { print(1);
//--- predicate left open
kprobe:f /pid == 1 { print(1) } BEGIN { $x = ; }
//--- predicate left open at the end
kprobe:f /pid == 1
//--- empty predicate
kprobe:f // { }
{ } kprobe:g / / { }
//--- assignment in a predicate
kprobe:f /pid = 1/ { } BEGIN { $x = ; }
//--- statement in a predicate
kprobe:f /if 1 {2}/ { } kprobe:g /$x = 1;/ { } BEGIN { $y = ; }
//--- predicate without a body
kprobe:f /pid/ print(1); END { }
//--- attach point without a type
:f { } "" { } =f { } x= { }
//--- unterminated quote
uprobe:"/bin/x:f { }
BEGIN { $x = ; }
//--- bad parameter in an attach point
uprobe:/bin/sh:$a { } kprobe:$0 { } kprobe:a$ { } kprobe:$99999999999 { }
//--- too many colons
uprobe:a:b:c:d:e:f:g:h:i:j { }
//--- negated first
!tcp_* { } kprobe:a { }
//--- statement at the top
$x = 1; BEGIN { print(1) }
//--- call at the top
print(1); BEGIN { $x = ; }
//--- variable declared at the top
let $x = 1; BEGIN { $x = ; }
//--- map declaration
let @m; let @n = 1; let @o = hash(; let @p = hash 10; BEGIN { $x = ; }
//--- config
config = { a; =1; b=; c=1 d=2; e="x"; } BEGIN { $x = ; }
//--- config without a brace
config = max_map_keys=5; BEGIN { $x = ; }
//--- config left open
config = { max_map_keys=5; BEGIN { }
//--- import
import "a" "b"; import "c"; BEGIN { $x = ; }
//--- macro
macro m { 1 } macro n(1) { 1 } macro o($a $b) { 1 } macro p() 1; BEGIN { $x = ; }
//--- subprogram
fn f { } fn g($a) : int8 { } fn h($a : int8) { } fn i(a : int8) : int8 { } BEGIN { $x = ; }
//--- C definition left open
struct foo { int x; BEGIN { }
//--- closing brackets
BEGIN { } ) ] BEGIN { $x = ; }
//--- function of another language
function f() { print(1); } BEGIN { $x = ; }
//--- C behind a probe
BEGIN { }
struct a { int x; };
//--- C behind config
config = { max_map_keys = 1 }
#define X 1
BEGIN { }
//--- C behind an import
import "a"; struct a { int x; };
BEGIN { }
//--- config behind a probe
BEGIN { } config = { max_map_keys = 1 }
//--- config behind a macro
macro x() { 1 } config = { max_map_keys = 1 } BEGIN { }
//--- config behind a declared map
let @a = hash(5); config = { max_map_keys = 1 } BEGIN { }
//--- config behind a function
fn f() : void { print(1); } config = { max_map_keys = 1 } BEGIN { }
//--- two of it
config = { max_map_keys = 1 } config = { max_strlen = 9 } BEGIN { }
//--- import behind a probe
BEGIN { } import "a";
