BEGIN {
	$a = 7; $b = -3; $c = (uint8)200; $d = $c + 100;
	$a += $b; $a -= 1; $a *= 2; $a /= 3; $a %= 5; $a <<= 2; $a >>= 1; $a |= 8; $a &= 12; $a ^= 3;
	$a++; ++$a; $a--; --$a;
	$e = $a > $b ? $a : $b;
	$f = $a ?: 5;
	$g = !$a; $h = ~$a; $i = -$a;
	$j = $a == 3 && $b != 2 || $c < 10;
	printf("%d %d %d %d %d %d %d %d %d %d\n", $a, $b, $c, $d, $e, $f, $g, $h, $i, $j);
	printf("%d %d %d %d\n", $a / $b, $a % $b, $d / $c, $d % $c);
}
