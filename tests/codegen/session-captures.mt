session:/bin/true:w* {
	entry {
		$s = "arg"; $t = (arg0, "tuple"); $l = str(arg1); $n = arg0;
		$i = 0; while ($i < arg0) { $i++; if ($i == 20) { skip; } }
		if (arg0 == 2) { skip; }
	}
	return {
		printf("%s %d %s [%s] %d %d\n", $s, $t.0, $t.1, $l, $n, retval);
		for $j : 0..30 { @e[$s, $t.0] = sum(elapsed > 0 ? arg0 : 0); }
		while ($n > 3) { $n--; @last = $l; }
	}
}
