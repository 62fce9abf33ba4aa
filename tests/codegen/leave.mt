BEGIN {
	for $i : 0..100 { for $j : 0..100 { if ($i * $j == 77) { printf("found\n"); return; } } }
	printf("not reached\n");
}
BEGIN { if (pid) { return; } printf("no\n"); }
BEGIN { assert(pid > 0, "pid is positive"); }
BEGIN { $i = 0; while ($i < 100) { $i++; $j = 0; while ($j < 50) { $j++; if ($i * $j > 900) { return; } } } }
