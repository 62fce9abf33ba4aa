//--- expressions
macro add(x, y) { x + y }
begin { $a = 5; print(add($a, 2)); }
//--- variables by name
macro inc($v) { $v += 1; }
begin { $a = 5; inc($a); }
//--- maps
macro put(@m, k) { @m[k] = 1; }
begin { put(@q, 3); }
//--- own variables stay apart
macro f() { $x = 1; $x }
begin { $x = "a"; print(f()); print(f); print($x); }
//--- overloads by number
macro f(x) { x } macro f(x, y) { x * y }
begin { print(f(1)); print(f(pid, 2)); }
//--- nested calls
macro twice(x) { x * 2 }
begin { print(twice(twice(pid))); }
//--- a parameter stands for a type
macro as(value, to) { let $x : to = (to)value; (sizeof(to), $x) }
begin { $n = (uint16)7; print(as(1, typeof(int8))); print(as($n, typeof($n))); }
//--- and for a member
struct pair { int a; int b; };
macro place(type, member) { offsetof(type, member) }
begin { print(0); }
