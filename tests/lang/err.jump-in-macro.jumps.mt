//--- return
macro m() { return; }
begin { m(); }
//--- return in a branch, in a macro that nobody calls
macro m() { if (pid) { return; } }
begin { print(1); }
//--- break and continue of the caller's loop
macro m($x) { if ($x > 3) { break; } else { continue; } }
begin { $i = 0; while ($i < 5) { $i++; m($i); } }
//--- return in a loop of the macro
macro m() { for $i : 0..5 { return; } $x = 1; while ($x) { return; } }
begin { m(); }
