BEGIN {
	$p = (uint8 *)uptr(1000); $x = *$p; $y = $p[3]; $q = $p + 4;
	printf("%d %d %p %r\n", $x, $y, $q, buf($p, 8));
	@b = buf($p, 16); @s = str($p); @s2 = str($p, 8); @s3[str($p)] = str($p, $x);
	join((uint64)0);
	printf("%s\n", str(kptr($p), 16));
	printf("%d\n", ((int32)$x));
}
