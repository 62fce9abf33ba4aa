//--- signed numbers of two sizes
begin { $a = 300; print($a / 2); $b = (int32)7; print(12 % $b); @m = (int64)5; print(@m / 2) }
//--- a negative number on either side
begin { print(pid / -3); $u = (uint8)6; print(-7 / $u) }
//--- as an assignment
begin { @m++; @m /= 2; $x = 300; $x %= 7; $x = $x / 2 }
//--- of one type, or without a sign
begin { $a = 6; print($a / 2); print(nsecs / $a); print(pid % 10); @a = (int64)6; @b = (int64)7; print(@a / @b); print(true / 5) }
//--- a difference has a sign
begin { @start = nsecs; $us = (nsecs - @start) / 1000; print($us) }
//--- and without the warnings
begin { @start = (int64)nsecs; $us = (uint64)((int64)nsecs - @start) / 1000; print($us) }
