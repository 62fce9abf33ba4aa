BEGIN {
	$sum = 0; $name = "abc";
	for $i : 0..5 { $sum += $i; }
	for $i : 0..1000 { $sum += $i; if ($i == 500) { break; } if ($i % 2) { continue; } @c[$i] = count(); }
	$n = 0;
	while ($n < 50) { $n++; if ($n == 10) { continue; } @w = $n; if ($n > 40) { break; } }
	unroll(4) { $sum++; printf("%d %s\n", $sum, $name); }
	for $i : 0..$n { for $j : 0..100 { $sum += $j; @s[$name] = sum($j); } }
	for $kv : @c { printf("%d %d\n", $kv.0, $kv.1); $sum += $kv.1; }
	for $kv : @s { printf("%s %d\n", $kv.0, $kv.1); if ($kv.1 > 3) { return; } }
	printf("%d\n", $sum);
}
