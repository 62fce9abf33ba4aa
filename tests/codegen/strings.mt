BEGIN {
	$s = "hello"; $t = "hello, world, this is rather a long string that does not fit on the stack";
	@a = $s; @b = $t; @k[$t] = 1; @k2[$s, 1] = $t;
	if ($s == "hello" && $t != "x" && $s != $t) { printf("%s %s\n", $s, $t); }
	if (comm == "mtrace") { printf("me\n"); }
	if (strncmp($s, "help", 3) == 0) { printf("help\n"); }
	printf("%d %d %d %d\n", strlen($t), strcontains($t, "long"), strcontains($t, $s), strstr($t, "world"));
	printf("%s\n", strcontains(comm, "tra") ? "yes" : "no");
	$u = comm; $u = "x"; printf("%s %s\n", $u, @b);
}
