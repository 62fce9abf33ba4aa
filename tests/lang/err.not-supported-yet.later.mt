//--- a builtin
begin { print(dw_ustack); }
//--- a function
begin { print(socket_cookie(0)); }
//--- a subprogram
fn f($a : int64) : int64 { return $a; }
begin { print(1); }
//--- an import
import "foo.bt";
begin { print(1); }
//--- the name of another task
begin { $x = comm(1); }
