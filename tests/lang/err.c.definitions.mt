//--- an unknown type
struct foo { bar_t x; int y; nosuch *z; };
begin { }
//--- redefinitions
struct foo { int x; };
struct foo { int y; };
enum a { ONE, TWO };
enum b { TWO };
struct bar { int x; char x; };
begin { }
//--- a member of a type that is not defined
struct foo { struct nosuch_either x; struct nosuch_either *fine; };
begin { }
//--- a struct within itself
struct foo { int x; struct foo again; };
begin { }
//--- bitfields
struct foo { int a : 33; char *p : 2; int b : 0; int c : -1; };
begin { }
//--- arrays
struct foo { int a[-1]; int b[1 / 0]; int c[nosuch]; long d[0x7fffffff]; };
begin { }
//--- a member without a name, and what follows
struct foo { int; int x int y; long z };
struct bar { unknown_t a; };
begin { }
//--- alignment
struct foo { int x __attribute__((aligned(3))); };
begin { }
//--- an enum of a value that is none
enum color { RED, GREEN = 5 };
begin { $x = (enum color)17; }
//--- a field that is not there
struct foo { int number; char name[8]; };
begin { $f = (struct foo *)5; print($f->numbr); print(offsetof(struct foo, nam)); }
//--- words of C as names
struct s { int if; int a, while; };
begin { exit(); }
//--- a word of C as a constant
enum e { for = 1 };
begin { exit(); }
//--- a word of C as a tag
struct return { int a; };
begin { exit(); }
