//--- a whole map in a loop
begin { for $i : 0..3 { @ = $i; print(@); } }
begin { @m[1] = 1; for $kv : @m { print(@m); } }
//--- one entry, or in a body that is only repeated
begin { for $i : 0..3 { @m[$i] = $i; print(@m[$i]); } unroll(3) { @++; print(@); } }
//--- stats has no top and no div
begin { @s = stats(10); print(@s, 2); @k[1] = stats(10); print(@k, 2, 3); print(@k); }
