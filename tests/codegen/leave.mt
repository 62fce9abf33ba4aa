BEGIN {
	for $i : 0..100 { for $j : 0..100 { if ($i * $j == 77) { printf("found\n"); exit(1); } } }
	printf("not reached\n");
}
BEGIN { if (pid) { return; } printf("no\n"); }
BEGIN { assert(pid > 0, "pid is positive"); }
