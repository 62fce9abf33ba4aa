//--- in a cast
begin { $x = (foo)5; }
//--- in let
begin { let $x: foo = 5; }
//--- of variables that only know each other
begin { let $a; let $b; $b = $a; $a = $b; print($a); }
