//--- a tuple
begin { $x = (1, 2); $y = $x.2; }
//--- a string
begin { $x = "abc"; $y = $x[10]; }
//--- a pair of a map
begin { @x[1] = 1; for $kv : @x { print($kv.2); } }
