//--- values that nobody takes
begin { 1; (1, 2); $x = 2; $x + 1; -$x; @m[1] = 1; has_key(@m, 1); strlen("abc"); }
//--- what the check folds is a value, too
begin { sizeof(int64); (int64)5; "a" }
//--- delete() says whether the key was there
begin { @m[1] = 1; delete(@m, 1); delete(@m[1]); @s = 1; delete(@s); }
//--- no value, or one that is taken
begin { @m[1] = 1; _ = delete(@m, 1); if (delete(@m, 1)) { print(1) } $x = 1; $x++; --$x; print(0); static_assert(1 == 1, "no"); }
//--- each side of a choice by itself, whatever its type
begin { pid == 1 ? 5 : print(7); pid == 1 ? "a" : 3; if (pid) { 5 } else { print(2) } }
//--- the value of a macro
macro twice($x) { $x * 2 }
begin { $a = 4; twice($a); }
//--- a choice as the discarded value of a statement
begin { _ = pid == 1 ? 5 : 6; }
