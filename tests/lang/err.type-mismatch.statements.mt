//--- the end of a range
begin { for $i : 0.."a" { print($i); } }
//--- the start of a range
begin { for $i : comm..5 { print($i); } }
//--- a histogram is not iterated
begin { @h[3] = hist(3); for $kv : @h { print($kv); } }
//--- stats are not iterated
begin { @s[3] = stats(3); for $kv : @s { print($kv); } }
//--- a probe returns ints
begin { return "a"; }
//--- print of nothing
begin { print(exit()); }
//--- print of one histogram
begin { @h[1] = hist(4); print(@h[1]); }
//--- different bits in one hist
begin { @h = hist(1, 1); @h = hist(1, 2); }
//--- different bounds in one lhist
begin { @h = lhist(1, 0, 100, 1); @h = lhist(1, 0, 200, 1); }
//--- two aggregations in one map
begin { @m = count(); @m = sum(1); }
//--- an int where a count is
begin { @m = count(); @m = 1; }
//--- ++ where a count is
begin { @m = count(); @m++; }
//--- a truth as what a probe returns
begin { return 1 == pid; }
