//--- literals take the least type
begin { $a = 1; $b = 128; $c = 40000; $d = 3000000000; $e = 0xffffffffffffffff; $f = -128; $g = -129; }
//--- assignments widen
begin { $a = 1; $a = 300; $b = 1; $b = -1; $c = (uint8)1; $c = -1; }
//--- a literal takes the other sign
begin { $a = 1; $a = (uint8)2; $b = (uint16)1; $b = 200; $c = 1; $d = $c; $d = (uint32)5; }
//--- arithmetic is 64 bits wide
begin { $a = (int8)1 + (int8)1; $b = (uint8)1 + 1; $c = pid + 1; $d = pid - 1; $e = (uint8)1 * (int16)2; }
//--- nsecs minus nsecs
begin { $s = nsecs; $d = nsecs - $s; @us = $d / 1000; }
//--- comparisons at the least common width
begin { $a = pid == 1; $b = (uint8)1 < (int8)-1; $c = nsecs > 5; }
//--- counters
begin { $a = 0; $a++; $b = (uint8)0; $b++; @c++; @d += 5; @e -= 1; $f = 0; $f = $f + 1; }
//--- a counter takes a later sign
begin { @t++; @t = nsecs; $r = 0; $r += 1; $r = (uint64)1; }
//--- literals are folded
begin { $a = 1 + 2 * 3; $b = -5 / 2; $c = 1 << 10; $d = ~5; $e = !5; $f = "a" == "a"; $g = 1 ? 10 : 20; $h = "abc"[1]; }
//--- casts of constants
begin { $a = (uint8)300; $b = (int8)200; $c = (bool)5; $d = (uint64)-1; }
//--- shifts and bits
begin { $a = pid << 2; $b = pid & 0xff; $c = pid >> 3 | 1; $d = (int8)5 ^ 3; }
//--- unary
begin { $y = (int8)5; $a = -$y; $b = ~$y; $c = !$y; $d = -(uint8)$y; }
//--- bools
begin { $p = pid == 1; $a = $p + 1; $b = $p == $p; $c = $p && pid; $d = $p ? 1 : 300; }
//--- a zero before an exponent's digit
begin { print((01e4, 1e1_0)); }
