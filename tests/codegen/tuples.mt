BEGIN {
	$t = (1, "a", (2, 3)); $u = ((uint8)1, (uint64)2, "xyz");
	@k[$u] = 1; @k2[1, (2, "z")] = $t;
	printf("%d %s %d\n", $t.0, $t.1, $t.2.1);
	print($t); print(@k2[1, (2, "z")]);
	if ($u == $u) { print("same"); }
	$r = (x=1, y="b"); print($r); printf("%d\n", $r.x);
}
