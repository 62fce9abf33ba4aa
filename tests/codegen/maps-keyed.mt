BEGIN {
	@i[1] = 1; @i[1]++; @i[2] += 5; @i[tid]--; @n["a"] = -1; @n["b"] -= 3; @m[1, 2] *= 2; @m[3, 4] |= 4;
	@s[pid] = "text"; @t["k"] = (1, "a", 2); @s2[1] = @s[pid]; @t2[1, "x"] = @t["k"].1;
	@c[comm] = count(); @sum[comm] = sum(-5); @min[1] = min(@i[1]); @max[1] = max(3);
	@avg[pid, comm] = avg(9); @st[1] = stats(7);
	@h[comm] = hist(33); @h2[1] = hist(5, 3); @l[1, "b"] = lhist(17, 0, 100, 10);
	if (@c[comm] > 0) { printf("%d %d\n", (int64)@c[comm], (int64)@sum[comm]); }
	print(@c); print(@h, 3); print(@c, 3, 2); print(@s[pid]); print(@st[1]); print(@avg[pid, comm]);
	$x = @i[1]++; $y = ++@i[1];
	printf("%d %d %s %d\n", $x, $y, @s[pid], @t["k"].0);
	if (has_key(@i, 1)) { delete(@i, 1); }
	delete(@i[2]);
	printf("%d %d\n", len(@i), delete(@n, "a"));
	clear(@h); zero(@c);
}
