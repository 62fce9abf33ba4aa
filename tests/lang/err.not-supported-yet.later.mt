//--- a builtin
begin { print(kstack); }
//--- a function
begin { print(ksym(0)); }
//--- a struct
begin { $x = (struct foo *)5; }
//--- a subprogram
fn f($a : int64) : int64 { return $a; }
begin { print(1); }
//--- an import
import "foo.bt";
begin { print(1); }
//--- the address of a variable
begin { $x = 1; $y = &$x; }
//--- offsetof
begin { $x = offsetof(struct foo, a); }
//--- casts to arrays
begin { $x = (int8[4])5; }
//--- the name of another task
begin { $x = comm(1); }
