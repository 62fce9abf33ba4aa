//--- string + int
begin { $a = "a"; $b = $a + 1; }
//--- string == int
begin { $a = "a"; $b = $a == 1; }
//--- strings have no order
begin { $a = "a"; $b = $a < "b"; }
//--- int == string
begin { if (pid == "a") { } }
//--- tuples of other shapes
begin { $x = (1, 2); $y = $x == (1, 2, 3); }
//--- tuples have no order
begin { $x = (1, 2); $y = $x < (1, 3); }
//--- buffers have no order
begin { $x = buf("ab", 2); $z = $x < $x; }
//--- a pointer is not multiplied
begin { $p = (int8 *)1; $q = $p * 2; }
//--- two pointers are not subtracted
begin { $p = (int8 *)1; $q = $p - $p; }
//--- a pointer is not subtracted from an int
begin { $p = (int8 *)1; $q = 1 - $p; }
//--- minus of a string
begin { $x = -"a"; }
//--- complement of a bool
begin { $x = pid == 1; $y = ~$x; }
//--- not of a string
begin { $x = !comm; }
//--- && with a string
begin { $x = comm; $y = $x && 1; }
//--- what is no pointer is not followed
begin { $x = "text"; print(*$x); }
//--- void is not followed
begin { $x = *(void *)5; }
//--- branches of different types
begin { $x = pid ? 1 : "a"; }
//--- if as an expression, too
begin { $x = if (pid) { 1 } else { "a" }; }
//--- an index of what has none
begin { $x = 5; $y = $x[1]; }
//--- an index that is no int
begin { $x = comm; $y = $x["a"]; }
//--- a tuple member of an int
begin { $x = 1; $y = $x.0; }
//--- a histogram in a tuple
begin { @h = hist(4); print((1, @h)); }
//--- stats as a key, and as part of one
begin { @n = stats(4); @a[@n] = 1; @b[1, @n] = 1; @c[(2, (@n, 3))] = 1; }
//--- void in a tuple
begin { $x = (1, printf("a")); }
//--- an empty tuple
begin { $x = (); }
//--- a ustack plus 1
begin { $x = ustack + 1; }
//--- an address is not negated
begin { $t = curtask; print(!$t); }
//--- minus of an aggregation
begin { @m = max(3); print(-@m); }
//--- not of an aggregation
begin { @c = count(); print(!@c); }
//--- three numbers have no sum with a fourth
begin { @s = stats(3); print(@s + 1); }
//--- a pointer is not divided in place
begin { $p = (int32 *)32; $p /= 5; }
//--- a pointer and a text
begin { $p = (int32 *)32; $p += "abc"; }
//--- arrays have no order
begin { $a = (int8[4])1; $b = (int8[4])2; print($a < $b); }
//--- arrays of other lengths
begin { $a = (int8[4])1; $b = (int8[2])2; print($a == $b); }
//--- arrays of other integers
begin { $a = (int8[2])1; $b = (int16[2])2; print($a == $b); }
//--- an aggregation takes no number in place
begin { @s = sum(5); @s += 5; }
