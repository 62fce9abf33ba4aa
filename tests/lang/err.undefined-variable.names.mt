//--- never assigned
begin { print($a); }
//--- with a near name
begin { $count = 1; print($cuont); }
//--- assigned later
begin { print($foo); $foo = 1; }
//--- assigned in an inner block
begin { if (pid) { $y = 2; } print($y); }
//--- ++ before any assignment
begin { $x++; }
//--- += before any assignment
begin { $x += 1; }
//--- in the predicate
begin /$x/ { $x = 1; }
//--- of another probe
begin { $x = 1; } end { print($x); }
//--- after its loop
begin { for $i : 0..3 { } print($i); }
