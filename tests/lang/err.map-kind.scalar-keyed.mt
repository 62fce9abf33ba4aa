//--- keyed, then scalar
begin { @m[1] = 1; @m = 2; }
//--- scalar, then keyed
begin { @m = 1; @m[1] = 2; }
//--- read without its key
begin { @m[1] = 5; $x = @m; }
//--- in two probes
begin { @m[1] = 1; } end { @m = 2; }
//--- a scalar map is not iterated
begin { @s = 4; for $kv : @s { print($kv); } }
//--- delete with a key of a scalar map
begin { @x = 1; delete(@x, 5); }
//--- the old delete, too
begin { @m = 1; delete(@m[1]); }
//--- delete without the key
begin { @m[1] = 1; delete(@m); }
//--- has_key of a scalar map
begin { @c = 1; @d = has_key(@c, 1); }
//--- len of a scalar map
begin { @c = 1; $x = len(@c); }
//--- a declared kind that does not fit a number
let @m = percpuhash(10);
begin { @m[1] = 1; }
//--- nor an aggregation
let @m = lruhash(10);
begin { @m[1] = count(); }
