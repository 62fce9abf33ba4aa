BEGIN {
	$x = { let $y = 3; $y * 2 };
	$z = if ($x > 3) { "big" } else { "small" };
	printf("%d %s %d\n", $x, $z, { let $q = 1; printf("inner\n"); $q });
	let $s : string[100]; let $n : int32; printf("%s %d\n", $s, $n);
	{ let $n2 = "scoped"; print($n2); }
}
