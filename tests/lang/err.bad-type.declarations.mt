//--- what only a map holds
begin { let $x: count_t; print($x); }
//--- without a sign, too
begin { let $x: usum_t; print($x); }
//--- nothing at all
begin { let $x: void; print(1); }
//--- an address of another length
begin { let $x: inet[4]; $x = ntop(1); print($x); }
//--- no cast to what a function makes
begin { print((timestamp)5); }
//--- half an element
begin { print((uint64[])(int32)pid); }
//--- before the epoch
begin { print(strftime("%H", -1)); }
//--- an index below 0
begin { $a = (int8[4])(int32)pid; print($a[-1]); }
