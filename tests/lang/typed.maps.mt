//--- keys join
begin { @c[pid] = 1; @c[nsecs] = 2; @d[-1] = 1; @d[(uint32)1] = 2; }
//--- scalar and keyed
begin { @a = 1; @b[1] = 2; print(@a); print(@b); print(@b[1]); }
//--- aggregations
begin { @c = count(); @s = sum(5); @su = sum(pid); @mi = min(-1); @ma = max(nsecs); @av = avg(1); @st[1] = stats(2); @h = hist(pid, 2); @l = lhist(3, 0, 10, 1); }
//--- aggregations as numbers
begin { @c = count(); $x = @c; $y = @c + 1; if (@c > 5) { } $z = (int64)@c; @d[@c] = 1; print((@c, 1)); }
//--- delete in both forms
begin { @m[1] = 1; delete(@m, 1); delete(@m[1]); @s = 1; $ok = delete(@s); }
//--- has_key, len, clear, zero
begin { @m[1] = 1; $a = has_key(@m, 2); $b = len(@m); clear(@m); zero(@m); }
//--- loops over maps
begin { @k[1, "a"] = 1; for $kv : @k { print($kv.0.1); } @c[1] = count(); for $kv : @c { $n = $kv.1; } }
//--- reading before assigning
begin { @x = @y; @y = 2; }
//--- a declared kind
let @m = lruhash(100);
begin { @m[1] = 1; }
//--- assigned from itself only, and never
begin { @x = @x; @k[1] = @k[2]; $v = @w; @w = $v; @c += @c; $u = @unset + 1; }
//--- a map of numbers takes the number of an aggregation
begin { @x = 1; @y = min(5); @x = @y; }
//--- is_scalar is a constant
begin { @x = 1; @y[1] = 1; print(is_scalar(@x)); if (comptime is_scalar(@y)) { print(2); } else { print(3); } }
//--- typeof a map is that of its key, when it has one
begin { @m["abc"] = (uint64)1; @n = (uint64)2; print((sizeof(typeof(@m)), sizeof(typeof(@n)), sizeof(@m["a"]))); }
//--- a comptime branch that is left out may use a map in another manner
begin { @m = 1; if (comptime false) { @m[1] = nosuch(); } else { print(@m); } }
//--- so may one that the map's kind decides
begin { @m[1] = 1; if (comptime is_scalar(@m)) { $x = 1; @m = $x; } else { @m[2] = 2; } }
