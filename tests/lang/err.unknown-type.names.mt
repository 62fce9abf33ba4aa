//--- in a cast
begin { $x = (foo)5; }
//--- in let
begin { let $x: foo = 5; }
//--- of variables that only know each other
begin { let $a; let $b; $b = $a; $a = $b; print($a); }
//--- of a variable that is only counted
begin { let $a; $a++; }
//--- of one that is only added to
begin { let $a; $a += 1; }
//--- of one that is only read
begin { let $a; print($a); }
