session:/bin/true:a* /arg0 > 3/ { entry { $a = arg0; $s = str(arg1); if ($a == 7) { skip; } @e[func] = count(); } return { @us[func] = hist(elapsed / 1000); @r = retval; printf("%d %s %d %d\n", $a, $s, arg1, elapsed); } }
session:/bin/true:b* { entry { $a = nsecs; } return { @x = nsecs - $a; } }
session:/bin/true:c* { return { @l = lhist(elapsed, 0, 100, 10); } }
session:/bin/true:d* { entry { @in = count(); } }
session:/bin/true:e* { if (is_return) { printf("%d\n", retval); } else { printf("%d\n", arg0); } }
