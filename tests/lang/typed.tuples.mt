//--- members join
begin { @d = (1, "a"); @d = (300, "abcdef"); @d = ((uint64)1, "b"); }
//--- nested
begin { $t = (1, ("hi", 2)); $t = (3, ("longer", 400)); print($t.1.0); }
//--- as keys
begin { @m[1, "a"] = 1; @m[(uint8)1, "bcd"] = 2; $k = (3, "x"); @m[$k] = 3; }
//--- compared
begin { $a = (1, "x"); $b = ((uint8)2, "yz"); print($a == $b); }
//--- records
begin { $r = (a=1, b="x"); print($r.a); @r = $r; }
