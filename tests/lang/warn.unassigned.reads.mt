//--- read before the first assignment
begin { let $a; print($a); $a = 1; }
//--- each of several reads, and one that is never assigned
begin { let $a; print($a); print($a + 1); $a = 1; let $b: int16; print($b) }
//--- in a loop, by the order of the text
begin { let $a; for $i : 0..3 { print($a); $a = $i; } }
//--- an assignment on some path is enough
begin { let $a; if (pid) { $a = 1 } print($a); }
//--- only its type, only its address, only found
begin { let $a: int64; print(sizeof($a)); $p = &$a; $a = 1; @m[1] = 1; let $b; if (find(@m, 1, $b)) { print($b) } }
//--- a body that runs at both ends of a call
session:vfs_read { let $n; if (is_return) { print($n) } $n = 1; }
