BEGIN {
	@i = 1; @i++; @i += 5; @i--; @n = -1; @n -= 3; @m *= 2; @m |= 4;
	@s = "text"; @t = (1, "a", 2); @s2 = @s; @t2 = @t.1;
	@c = count(); @sum = sum(-5); @min = min(@i); @max = max(3); @avg = avg(9); @st = stats(7);
	@h = hist(33); @h2 = hist(5, 3); @l = lhist(17, 0, 100, 10);
	if (@c > 0) { printf("%d %d %d %d %d\n", (int64)@c, (int64)@sum, (int64)@min, (int64)@max, (int64)@avg); }
	print(@c); print(@h); print(@s); print(@t);
	clear(@h); zero(@c); delete(@i); delete(@c);
	print(@i); print((1, 2)); print("x"); print(5);
}
